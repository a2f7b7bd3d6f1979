import type { Held, PaymentRecord } from '../contract';
import type { PaymentProducer } from '../producer';

/** What the tool asks of a deployed pipeline; AWS stands behind it. Each call throws AwsCallError. */
export interface Services {
  readonly payments: Payments;
  readonly dlqProcessor: DlqProcessor;
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
  /** What is held of the account, the eldest first; empty when the account goes on. */
  held(accountId: string): Promise<readonly Held[]>;
  /** FAILED payments, the latest first, a page at a time; a page may be empty. */
  failed(): AsyncIterable<readonly FailedPayment[]>;
}

/** What the status index has of a failed payment. */
export type FailedPayment = Pick<PaymentRecord, 'transaction_id' | 'timestamp' | 'account_id' | 'failure_code' | 'attempts' | 'release_id'>;

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
