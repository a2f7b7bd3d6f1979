import type { AccountHash, ByOutcome, FailedRecord, Held, PaymentRecord, PaymentStatus, Resolution } from '../contract';
import type { PaymentProducer } from '../producer';
import type { Deployment } from './verify/read';

/** The calls that the tool makes to a deployed pipeline. Each throws AwsCallError. */
export interface Services {
  readonly payments: Payments;
  readonly dlqProcessor: DlqProcessor;
  readonly paymentLog: PaymentLog;
  /** The payment queue, then the dead-letter queue. */
  readonly queues: () => Promise<readonly QueueState[]>;
  /** The payment processor, then the DLQ processor. */
  readonly functions: () => Promise<readonly FunctionState[]>;
  /** The functions' hash of accounts, as in their logs and answers. Never throws, as no command needs it. */
  readonly accountHash: () => Promise<KnownHash | UnknownHash>;
  readonly alarms: () => Promise<readonly AlarmState[]>;
  readonly throughput: (metrics: MetricSource) => Promise<Throughput>;
  /** ARN of the credentials, as STS tells it. A local pipeline has one operator. */
  readonly caller: () => Promise<string>;
  /** A producer for the payment queue, whose URL it looks up first. */
  readonly producer: () => Promise<PaymentProducer>;
  /** The deployed resources, as the checks of `verify` read them. */
  readonly deployment: () => Deployment;
  /** Ends the connections. */
  readonly close: () => void;
}

export interface Payments {
  /** The table's name and region, for messages. */
  readonly place: string;
  /** Undefined when there is no record of that transaction id. */
  read(transactionId: string): Promise<PaymentRecord | undefined>;
  /** The records that there are, by transaction id. Each id is asked for once, in calls of 100. */
  readMany(transactionIds: Iterable<string>): Promise<ReadonlyMap<string, PaymentRecord>>;
  /** Ids of the payments that came to the status in the period by their `timestamp`, the earliest first, in pages. */
  changed(status: PaymentStatus, from: string, to: string): AsyncIterable<readonly string[]>;
  /** The entries of the account's hold, the oldest first. Empty when the account is not held. */
  held(accountId: string): Promise<readonly Held[]>;
  /** The held accounts: how many, up to a limit, and the ten held longest. Takes one query. */
  heldAccounts(): Promise<HeldCount>;
  /** How many payments have the status, up to a limit. */
  count(status: PaymentStatus): Promise<StatusCount>;
  /** FAILED payments, the latest first, in pages of at most that size. A page may be empty. */
  failed(pageSize?: number): AsyncIterable<readonly ListedPayment[]>;
  /** Payments in REVIEW, the longest waiting first, in pages. */
  inReview(): AsyncIterable<readonly ListedPayment[]>;
}

/** What the functions have logged of payments. */
export interface PaymentLog {
  /** When the logs begin, in ms since the epoch: what they said before has gone. */
  keptFrom(): Promise<number>;
  /** The hashes that lines from `from` on and before `to` name, in pages. Times in ms since the epoch. */
  hashes(from: number, to: number): AsyncIterable<readonly LoggedHash[]>;
}

/** A line of a log that names an entry of a payment's history. */
export interface LoggedHash {
  readonly transactionId: string;
  readonly hash: string;
}

export interface KnownHash {
  readonly of: AccountHash;
}

export interface UnknownHash {
  readonly of?: undefined;
  /** The reason, as a sentence. */
  readonly unknown: string;
}

/** The fields of a failed payment, or of one in review, in the status index. */
export type ListedPayment = Pick<
  FailedRecord,
  'transaction_id' | 'timestamp' | 'account_id' | 'failure_code' | 'attempts' | 'release_id'
>;

export interface DlqProcessor {
  /** @returns the function's answer: an `Analysis`, a `BulkAnswer` of a redrive or discard, or a `ResolveAnswer` */
  invoke(request: DlqRequest | ResolveRequest): Promise<unknown>;
}

/** The function's event. */
export interface DlqRequest {
  readonly action: 'analyze' | 'redrive' | 'discard';
  readonly dryRun?: boolean;
  readonly limit?: number;
  readonly transactionIds?: readonly string[];
  readonly accountIds?: readonly string[];
  readonly reason?: string;
  /** ARN of the operator. */
  readonly actor?: string;
}

/** The function's event that decides payments in review. */
export interface ResolveRequest {
  readonly action: 'resolve';
  readonly decision: Resolution;
  readonly transactionIds: readonly string[];
  readonly dryRun?: boolean;
  readonly reason: string;
  readonly actor: string;
}

/** A redrive or a discard, without `dryRun`. */
export type BulkRequest = Omit<DlqRequest, 'action' | 'dryRun'> & { readonly action: 'redrive' | 'discard' };

export interface StatusCount {
  readonly count: number;
  /** Whether there are more than `count`. */
  readonly more: boolean;
}

export interface HeldCount extends StatusCount {
  /** The ten held longest. */
  readonly oldest: readonly HeldAccount[];
}

export interface HeldAccount {
  readonly account_id: string;
  /** RFC 3339. */
  readonly since: string;
}

/** SQS's own estimates. */
export interface QueueState {
  readonly name: string;
  readonly visible: number;
  readonly in_flight: number;
  /** Seconds, some minutes ago. Left out when CloudWatch has no value. */
  readonly oldest_seconds?: number;
}

/** Lambda's own terms. `last_modified` is a time with its zone. */
export interface FunctionState {
  readonly name: string;
  readonly state: string;
  readonly last_update: string;
  readonly last_modified: string;
  /** Left out when the function's environment has none. */
  readonly release_id?: string;
  /** Left out when the function's environment has none. */
  readonly metrics?: MetricSource;
}

/** Identifies a function's metrics in CloudWatch: their namespace, and the value of their one dimension. */
export interface MetricSource {
  readonly namespace: string;
  readonly service: string;
}

/** Average per minute of five whole minutes. The latest minute is left out, as CloudWatch may not have all of it yet. */
export type Throughput = ByOutcome<number> & Readonly<Record<'processed' | 'retried' | 'fraud_check_errors', number>>;

/** CloudWatch's own terms. The description says what the alarm means, and what to do first. */
export interface AlarmState {
  readonly name: string;
  readonly state: string;
  readonly since: string;
  readonly description: string;
}
