import type { StackGraph } from '../kit/stacks/stack-graph';
import { recordsCallsTo } from './audit-parts';
import { GB, isTraced, type LambdaFunction, processors, variablesOf } from './billed-resources';
import { batchMs } from './duration';
import { DAYS_PER_MONTH, type Parts, PRICES } from './prices';
import { batchOf, type BatchUsage, type UsageFile } from './usage';

const MILLION = 1e6;

/** Milliseconds in which the fraud API is assumed to answer. */
export const FRAUD_LATENCY_MS = 50;
/** What Lambda itself logs of a traced invocation: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html */
const PLATFORM_LINES = `START RequestId: c793869b-ee49-115b-a5b6-4fd21e8dedac Version: $LATEST
END RequestId: c793869b-ee49-115b-a5b6-4fd21e8dedac
REPORT RequestId: c793869b-ee49-115b-a5b6-4fd21e8dedac	Duration: 128.83 ms	Billed Duration: 129 ms	Memory Size: 256 MB	Max Memory Used: 124 MB	
XRAY TraceId: 1-5e6722a7-cc56xmpl46db7ae02d4da47e	SegmentId: 17e2ecf9abe7ae0f	Sampled: true	
`;

/** Lambda traces the first request of each second and this part of the others; it can't be changed: https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html */
const TRACED_PART = 0.05;

export interface Traffic {
  readonly paymentsPerDay: number;
  /** Payments in an average batch: 1 to 10. */
  readonly batchFill: number;
}

/** What a bill is for, unless somebody says otherwise: a FIFO queue has no batching window, so batches fill only under load. */
export const DEFAULT_TRAFFIC: Traffic = { paymentsPerDay: 1_000_000, batchFill: 1 };

interface LogGroup {
  readonly name: string;
  readonly retention_in_days?: number;
}

interface Table {
  readonly point_in_time_recovery?: { readonly enabled?: boolean };
}

/** What a million payments cost, by part. Each is decided in its first receive. A stack without a payment processor has no parts. */
export function paymentParts(stack: StackGraph, traffic: Traffic, usage: UsageFile): Parts {
  const [processor] = processors(stack);
  if (processor === undefined) return {};
  const { OUTCOME_TOPIC_ARN: topic } = variablesOf(processor);
  const fills = topic === undefined ? usage.fills : usage.fills_with_outcomes;
  const batch = batchOf(fills, traffic.batchFill);
  const batches = MILLION / batch.payments;
  const logged = batch.log_bytes + batch.metric_bytes + Buffer.byteLength(PLATFORM_LINES);
  const parts: Parts = {
    'table writes': PRICES.writeUnit.usd * batch.table_write_units,
    'index writes': PRICES.writeUnit.usd * batch.index_write_units,
    'table reads': PRICES.readUnit.usd * batch.read_units,
    'table storage': (tableGbPrice(stack) * batch.stored_bytes) / GB,
    'queue requests': PRICES.queueRequest.usd * batch.sqs_requests,
    invocations: PRICES.invocation.usd,
    'function time': PRICES.gbSecond.usd * gbSeconds(processor, batch),
    'payment logs': (PRICES.logGb.usd * batch.log_bytes) / GB,
    'metric logs': (PRICES.logGb.usd * batch.metric_bytes) / GB,
    'platform logs': (PRICES.logGb.usd * Buffer.byteLength(PLATFORM_LINES)) / GB,
    'log storage': (PRICES.logStoredGb.usd * logged * retentionMonths(stack, processor)) / GB,
    traces: isTraced(processor) ? PRICES.trace.usd * tracedPart(traffic) : 0,
    'outcome topic': PRICES.topicRequest.usd * batch.sns_requests + (PRICES.topicGb.usd * batch.outcome_bytes) / GB,
    'outcome deliveries':
      subscriptions(stack, topic) *
      (PRICES.topicDelivery.usd * batch.sns_requests + (PRICES.topicDeliveryGb.usd * batch.outcome_bytes) / GB),
    'audit of table calls': recordsCallsTo(stack, 'AWS::DynamoDB::Table')
      ? PRICES.trailEvent.usd * batch.table_calls
      : 0,
  };
  return Object.fromEntries(Object.entries(parts).map(([name, usd]) => [name, usd * batches]));
}

/** GB-seconds of a batch. */
export function gbSeconds({ memory_size }: Pick<LambdaFunction, 'memory_size'>, batch: BatchUsage): number {
  return (batchMs(batch, FRAUD_LATENCY_MS, memory_size) / 1_000) * (memory_size / 1_024);
}

/** The part of the batches that X-Ray records, if the payments come evenly. */
function tracedPart({ paymentsPerDay, batchFill }: Traffic): number {
  const batchesPerSecond = paymentsPerDay / 86_400 / batchFill;
  return batchesPerSecond <= 1 ? 1 : TRACED_PART + (1 - TRACED_PART) / batchesPerSecond;
}

function tableGbPrice(stack: StackGraph): number {
  const isBackedUp = stack.find<Table>('aws_dynamodb_table').some((table) => table.point_in_time_recovery?.enabled);
  return PRICES.tableGb.usd + (isBackedUp ? PRICES.tableBackupGb.usd : 0);
}

/** Months for which the function's log group keeps a line. */
function retentionMonths(stack: StackGraph, { function_name }: LambdaFunction): number {
  const group = stack.find<LogGroup>('aws_cloudwatch_log_group', { name: `/aws/lambda/${function_name}` })[0];
  return (group?.retention_in_days ?? 0) / DAYS_PER_MONTH;
}

/** The topic's, in this stack. */
function subscriptions(stack: StackGraph, topic: string | undefined): number {
  return topic === undefined ? 0 : stack.find('aws_sns_topic_subscription', { topic_arn: topic }).length;
}
