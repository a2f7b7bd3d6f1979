import type { AccountHash, ByOutcome, Held, PaymentRecord, PaymentStatus } from '../contract';
import type { PaymentProducer } from '../producer';

/** What the tool asks of a deployed pipeline; AWS stands behind it. Each call throws AwsCallError. */
export interface Services {
  readonly payments: Payments;
  readonly dlqProcessor: DlqProcessor;
  /** The payment queue, then the dead-letter queue. */
  readonly queues: () => Promise<readonly QueueState[]>;
  /** The payment processor, then the DLQ processor. */
  readonly functions: () => Promise<readonly FunctionState[]>;
  /** The functions' own hash of accounts, as their logs and answers have it. Throws nothing: no command needs it. */
  readonly accountHash: () => Promise<KnownHash | UnknownHash>;
  readonly alarms: () => Promise<readonly AlarmState[]>;
  readonly throughput: (metrics: MetricSource) => Promise<Throughput>;
  /** Of the payment queue, which is looked up first. */
  readonly producer: () => Promise<PaymentProducer>;
  /** Ends the connections. */
  readonly close: () => void;
}

export interface Payments {
  /** The table's name and region, for sentences. */
  readonly place: string;
  /** Undefined when there is no record of that transaction id. */
  read(transactionId: string): Promise<PaymentRecord | undefined>;
  /** What is held of the account, the oldest first; empty when the account goes on. */
  held(accountId: string): Promise<readonly Held[]>;
  /** The accounts that are held now: how many, of very many only a part, and the ten held longest. One query. */
  heldAccounts(): Promise<HeldCount>;
  /** How many have the status now; of very many only a part is counted. */
  count(status: PaymentStatus): Promise<StatusCount>;
  /** FAILED payments, the latest first, a page at a time, of so many at most; a page may be empty. */
  failed(pageSize?: number): AsyncIterable<readonly FailedPayment[]>;
}

export interface KnownHash {
  readonly of: AccountHash;
}

export interface UnknownHash {
  readonly of?: undefined;
  /** Why, as a sentence. */
  readonly unknown: string;
}

/** What the status index has of a failed payment. */
export type FailedPayment = Pick<
  PaymentRecord,
  'transaction_id' | 'timestamp' | 'account_id' | 'failure_code' | 'attempts' | 'release_id'
>;

export interface DlqProcessor {
  /** @returns the function's answer: `Analysis` of an analysis, else `WorkAnswer` */
  invoke(request: DlqRequest): Promise<unknown>;
}

/** The function's event, as it is written. */
export interface DlqRequest {
  readonly action: 'analyze' | 'redrive' | 'discard';
  readonly dryRun?: boolean;
  readonly limit?: number;
  readonly transactionIds?: readonly string[];
  readonly accountIds?: readonly string[];
  readonly reason?: string;
}

/** A redrive or a discard, before it is known whether it is a dry run. */
export type WorkRequest = Omit<DlqRequest, 'action' | 'dryRun'> & { readonly action: 'redrive' | 'discard' };

export interface StatusCount {
  readonly count: number;
  /** Whether there are more than were counted. */
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
  /** Seconds, as of some minutes ago; left out when CloudWatch knows none. */
  readonly oldest_seconds?: number;
}

/** Lambda's own words; `last_modified` is a time with its zone. */
export interface FunctionState {
  readonly name: string;
  readonly state: string;
  readonly last_update: string;
  readonly last_modified: string;
  /** Left out when the function's environment has none. */
  readonly release_id?: string;
  /** Left out when the function's environment does not say it. */
  readonly metrics?: MetricSource;
}

/** By what CloudWatch knows a function's own metrics: their namespace, and the value of their one dimension. */
export interface MetricSource {
  readonly namespace: string;
  readonly service: string;
}

/** Means a minute, of the five whole minutes before the last one, of which CloudWatch may not know all yet. */
export type Throughput = ByOutcome<number> & Readonly<Record<'processed' | 'retried' | 'fraud_check_errors', number>>;

/** CloudWatch's own words; what it means and what to do first is the description. */
export interface AlarmState {
  readonly name: string;
  readonly state: string;
  readonly since: string;
  readonly description: string;
}
