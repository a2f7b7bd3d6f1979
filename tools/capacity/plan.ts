import { BATCH_SIZE } from '../../src/contract/deployed-settings';
import { IN_FLIGHT_LIMIT } from '../../src/contract/message-group-window';
import { batchMs, MB_PER_VCPU, processorMs, waitingMs } from '../cost/duration';
import { batchOf, type BatchUsage, type UsageFile } from '../cost/usage';

type MeasuredFills = Pick<UsageFile, 'fills'>;

/** What comes in, and how fast the fraud API is. */
export interface Demand {
  readonly paymentsPerDay: number;
  /** The busiest second's payments divided by an average second's. */
  readonly peakFactor: number;
  readonly fraudLatencyMs: number;
}

/** The props to set in each pipeline. */
export interface PlannedSettings {
  readonly maxConcurrency: number;
  readonly groupConcurrency: number;
  readonly lambdaMemory: number;
}

/** How many payments a second one pipeline takes, as far as one thing is concerned. */
export interface Limit {
  readonly name: string;
  readonly paymentsPerSecond: number;
  /** What moves it. */
  readonly lever: string;
  /** AWS's page of the quota. */
  readonly source?: string;
}

export interface Plan {
  readonly peakPerSecond: number;
  /** Pipelines that share the payments, each with its own accounts. */
  readonly pipelines: number;
  readonly settings: PlannedSettings;
  /** Of each pipeline, the lowest first. */
  readonly limits: readonly Limit[];
  /** Payments a second of one account. */
  readonly oneAccount: number;
  /** What to request from AWS before. */
  readonly requests: readonly string[];
}

/** The capacity divided by the peak: a backlog of an outage at the peak is gone in twice the outage's time. */
export const HEADROOM = 1.5;

/** Memory sizes to choose from; the last one has a whole vCPU. */
const MEMORY_MB = [256, 512, 1_024, MB_PER_VCPU];

const DYNAMODB = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide';
const SQS = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide';

/** Write units a second of one partition of a table or an index. */
const PARTITION = { writeUnits: 1_000, source: `${DYNAMODB}/bp-partition-key-design.html` };
/** Write units a second that a new on-demand table takes at once. */
const NEW_TABLE = { writeUnits: 4_000, source: `${DYNAMODB}/on-demand-capacity-mode.html` };
/** Write units a second of an on-demand table by default. */
const TABLE = { writeUnits: 40_000, source: `${DYNAMODB}/ServiceQuotas.html` };
/** Calls a second of one action of a FIFO queue with high throughput, in ap-southeast-1. */
const QUEUE = { calls: 9_000, source: `${SQS}/quotas-messages.html` };
/** Bounds of the event source mapping's concurrency: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const MAPPING_CONCURRENCY = { least: 2, most: 1_000 };
/** Concurrent executions of an AWS account by default, less those that stay unreserved: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ACCOUNT_CONCURRENCY = 1_000 - 100;

/** Payments a second that one execution environment decides in batches of this size. */
export function environmentRate(batch: BatchUsage, fraudLatencyMs: number, memoryMb: number): number {
  return (1_000 * batch.payments) / batchMs(batch, fraudLatencyMs, memoryMb);
}

/** What one pipeline with these settings takes, the lowest first. */
export function limitsOf(
  { maxConcurrency, lambdaMemory }: Pick<PlannedSettings, 'maxConcurrency' | 'lambdaMemory'>,
  fraudLatencyMs: number,
  { fills }: MeasuredFills,
): Limit[] {
  const full = batchOf(fills, BATCH_SIZE);
  const writesPerPayment = full.table_write_units / full.payments;
  const limits: Limit[] = [
    {
      name: 'the functions, in full batches',
      paymentsPerSecond: maxConcurrency * environmentRate(full, fraudLatencyMs, lambdaMemory),
      lever: '`maxConcurrency`, `lambdaMemory`',
    },
    {
      name: 'the status index',
      paymentsPerSecond: PARTITION.writeUnits / busiestIndexWrites(full),
      lever: 'several pipelines',
      source: PARTITION.source,
    },
    {
      name: 'a new table',
      paymentsPerSecond: NEW_TABLE.writeUnits / writesPerPayment,
      lever: 'traffic that grows, or warm throughput',
      source: NEW_TABLE.source,
    },
    {
      name: "the table's quota",
      paymentsPerSecond: TABLE.writeUnits / writesPerPayment,
      lever: 'Service Quotas',
      source: TABLE.source,
    },
    { name: 'the queue, in batches of one', paymentsPerSecond: QUEUE.calls, lever: 'batches', source: QUEUE.source },
    {
      name: 'the queue, in batches of ten',
      paymentsPerSecond: QUEUE.calls * BATCH_SIZE,
      lever: 'several pipelines',
      source: QUEUE.source,
    },
  ];
  return limits.sort((one, other) => one.paymentsPerSecond - other.paymentsPerSecond);
}

/** Payments a second of one account, which are decided one after the other. */
export function oneAccountRate({ fills }: MeasuredFills, fraudLatencyMs: number, memoryMb: number): number {
  const full = batchOf(fills, BATCH_SIZE);
  return 1_000 / (waitingMs(full, fraudLatencyMs) + processorMs(full, memoryMb));
}

/** @param inFlightPerEnvironment messages in flight that an environment causes at most in an outage */
export function planCapacity(demand: Demand, usage: MeasuredFills, inFlightPerEnvironment: number): Plan {
  const { paymentsPerDay, peakFactor, fraudLatencyMs } = demand;
  const full = batchOf(usage.fills, BATCH_SIZE);
  const peakPerSecond = (paymentsPerDay / 86_400) * peakFactor;
  const rate = (memoryMb: number) => environmentRate(full, fraudLatencyMs, memoryMb);
  const mostPerPipeline = Math.min(
    PARTITION.writeUnits / busiestIndexWrites(full),
    MAPPING_CONCURRENCY.most * rate(MEMORY_MB.at(-1)!),
  );
  const pipelines = Math.ceil((HEADROOM * peakPerSecond) / mostPerPipeline);
  const concurrency = (memoryMb: number) => Math.ceil((HEADROOM * peakPerSecond) / pipelines / rate(memoryMb));
  const mostInFlight = Math.floor(IN_FLIGHT_LIMIT / inFlightPerEnvironment);
  const lambdaMemory = MEMORY_MB.find((memoryMb) => concurrency(memoryMb) <= mostInFlight) ?? MEMORY_MB.at(-1)!;
  const maxConcurrency = Math.max(MAPPING_CONCURRENCY.least, concurrency(lambdaMemory));
  const settings = { maxConcurrency, groupConcurrency: BATCH_SIZE, lambdaMemory };
  return {
    peakPerSecond,
    pipelines,
    settings,
    limits: limitsOf(settings, fraudLatencyMs, usage),
    oneAccount: oneAccountRate(usage, fraudLatencyMs, lambdaMemory),
    requests: requests(pipelines, maxConcurrency, mostInFlight, inFlightPerEnvironment),
  };
}

/**
 * Writes of a payment in the index's busiest partition. All but one of its index writes are in `PROCESSING`, where an entry comes and goes; the last is
 * the entry of its outcome.
 */
function busiestIndexWrites({ index_write_units, payments }: BatchUsage): number {
  return Math.max(1, Math.round(index_write_units / payments) - 1);
}

function requests(pipelines: number, concurrency: number, mostInFlight: number, inFlight: number): string[] {
  const all: string[] = [];
  if (pipelines * concurrency > ACCOUNT_CONCURRENCY)
    all.push(
      `Lambda's concurrent executions (L-B99A9384): at least ${pipelines * concurrency + 100} in the AWS account`,
    );
  if (concurrency > mostInFlight)
    all.push(`messages in flight of each payment queue, from AWS Support: ${concurrency * inFlight}`);
  return all;
}

/** Minutes until the backlog of an outage is gone, while payments come in at this rate. */
export function recoveryMinutes(outageMinutes: number, incoming: number, capacity: number): number {
  return (outageMinutes * incoming) / (capacity - incoming);
}
