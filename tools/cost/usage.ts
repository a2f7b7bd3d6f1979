import * as v from 'valibot';
import usage from './usage.json';

/** What a batch uses, on average. */
const batchUsage = v.object({
  /** Payments in the batch. */
  payments: v.number(),
  /** Write request units of the table itself. */
  table_write_units: v.number(),
  /** Write request units of its indexes. */
  index_write_units: v.number(),
  read_units: v.number(),
  /** Calls of the table. */
  table_calls: v.number(),
  /** Calls of SQS: the sender's, the event source's and the function's. */
  sqs_requests: v.number(),
  /** Calls of SNS. */
  sns_requests: v.number(),
  /** Bytes of the outcomes that it publishes. */
  outcome_bytes: v.number(),
  /** Bytes that the function logs, metrics aside. */
  log_bytes: v.number(),
  /** Bytes of its metrics, which it logs as well. */
  metric_bytes: v.number(),
  /** Bytes that its payments occupy in the table and its indexes. */
  stored_bytes: v.number(),
  /** Milliseconds of a processor's time, of the machine that measured. */
  cpu_ms: v.number(),
});

const usageFile = v.object({
  /** The day, as YYYY-MM-DD. */
  measured_on: v.string(),
  /** The processor, and Node's version. */
  machine: v.string(),
  /** Batches of each fill. */
  batches: v.number(),
  /** Of a pipeline without and with an outcome topic. */
  fills: v.array(batchUsage),
  fills_with_outcomes: v.array(batchUsage),
});

export type BatchUsage = v.InferOutput<typeof batchUsage>;
export type UsageFile = v.InferOutput<typeof usageFile>;

/** What a batch of this many payments uses: 1 to 10. */
export function batchOf(fills: readonly BatchUsage[], fill: number): BatchUsage {
  return fills.find(({ payments }) => payments === fill)!;
}

/** Reads what `npx projen cost:measure` wrote. */
export function readUsage(): UsageFile {
  return v.parse(usageFile, usage);
}
