import type { FailureCode, Held, HistoryEntry, PaymentRecord } from '../../contract';

/** Where the next page of the index begins; the table's own. */
export type Position = Readonly<Record<string, unknown>>;

/** What the status index tells of a FAILED payment. */
export type FailedPayment = Pick<
  PaymentRecord,
  'transaction_id' | 'account_id' | 'timestamp' | 'failure_code' | 'release_id'
>;

export interface FailedPaymentsPage {
  readonly payments: readonly FailedPayment[];
  /** Undefined on the last page. */
  readonly next: Position | undefined;
}

/** An account that waits behind one of its payments. */
export interface HeldAccount {
  readonly accountId: string;
  /** RFC 3339. */
  readonly since: string;
}

export interface HeldAccountsPage {
  readonly accounts: readonly HeldAccount[];
  /** Undefined on the last page. */
  readonly next: Position | undefined;
}

/** The status index. It is eventually consistent: what happened just now may be missing. */
export interface StatusIndex {
  /** FAILED payments, latest failure first. Throws {@link ServiceError}. */
  failed(size: number, from: Position | undefined, signal: AbortSignal): Promise<FailedPaymentsPage>;
  /** The releases of the latest approvals, one an approval. Throws {@link ServiceError}. */
  latestApprovals(size: number, signal: AbortSignal): Promise<readonly string[]>;
  /** Held accounts, the longest first. Throws {@link ServiceError}. */
  heldAccounts(size: number, from: Position | undefined, signal: AbortSignal): Promise<HeldAccountsPage>;
}

/** A change that an operator asks for: nothing is written unless the record is still the one that was read. */
export interface RecordChange {
  readonly record: PaymentRecord;
  readonly entry: HistoryEntry;
}

/** The payment table. Every method throws {@link ServiceError} when it is not known whether it happened. */
export interface Payments {
  /** Strongly consistent. */
  read(transactionId: string, signal: AbortSignal): Promise<PaymentRecord | undefined>;
  /** Writes a new record; false when the transaction id has one already. */
  insert(record: PaymentRecord, signal: AbortSignal): Promise<boolean>;
  /**
   * To PROCESSING, as if it had never been in the dead-letter queue, and with the attempt of the entry: no late write of
   * an earlier attempt meets its own fence. False when the record has changed.
   */
  reopen(change: RecordChange, signal: AbortSignal): Promise<boolean>;
  /** To FAILED permanently, or a note on a record that is FAILED already. False when the record has changed. */
  giveUp(change: RecordChange, signal: AbortSignal): Promise<boolean>;
}

/** A message of the dead-letter queue, as one receive delivered it. */
export interface DeadLetter {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** The account, unless the message is invalid. */
  readonly groupId: string;
  readonly sequenceNumber: string;
  /** Why the payment processor sent it; undefined when SQS itself moved it here. */
  readonly failureCode?: FailureCode;
  /** Transaction id of the payment that it waits for: it has not failed, its account is held. */
  readonly parkedBehind?: string;
}

/** What hides a message of the dead-letter queue, or deletes it. */
export type Receipt = Pick<DeadLetter, 'messageId' | 'receiptHandle'>;

/** Messages of a queue, as SQS estimates them. */
export interface Depth {
  readonly visible: number;
  /** Received by somebody, and not yet deleted or visible again. */
  readonly inFlight: number;
}

export interface DeadLetterQueue {
  /** Receives no message, so none is hidden. Throws {@link ServiceError}. */
  depth(signal: AbortSignal): Promise<Depth>;
  /**
   * At most ten, an account's in order; they are hidden for longer than the function may run, and so are the messages
   * behind them. None means that no other is visible. Throws {@link ServiceError}.
   */
  receive(signal: AbortSignal): Promise<readonly DeadLetter[]>;
  /** Throws {@link ServiceError}. */
  delete(letter: Receipt, signal: AbortSignal): Promise<void>;
  /** Makes messages visible again at once. Returns how many were refused: they come back by themselves, later. */
  release(letters: readonly Receipt[], signal: AbortSignal): Promise<number>;
}

/** The holds of accounts, in the payment table. Every method throws {@link ServiceError}. */
export interface Holds {
  /** Strongly consistent; oldest first, empty when the account is not held. */
  read(accountId: string, signal: AbortSignal): Promise<readonly Held[]>;
  /** Takes a payment out; the account is held no more after the last. */
  lift(accountId: string, payment: Held, signal: AbortSignal): Promise<void>;
}

/** A message that is sent again; messages with the same `source` within five minutes are one to SQS. */
export interface Resend {
  readonly body: string;
  readonly groupId: string;
  readonly source: string;
}

export interface PaymentQueue {
  /** Throws {@link ServiceError}. */
  resend(message: Resend, signal: AbortSignal): Promise<void>;
}

/** What an operator reads in the mail. */
export interface Alert {
  /** ASCII, up to 100 characters. */
  readonly subject: string;
  readonly text: string;
}

export interface AlertTopic {
  /** Throws {@link ServiceError}. */
  publish(alert: Alert, signal: AbortSignal): Promise<void>;
}

/** Remembers, for all invocations, which alerts are not due yet. Throws {@link ServiceError}. */
export interface AlertThrottle {
  /** Keeps the alert quiet until a time (ms since the epoch), unless it is quiet now already: then false. */
  claim(key: string, now: number, until: number, signal: AbortSignal): Promise<boolean>;
  extend(key: string, until: number, signal: AbortSignal): Promise<void>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** What may be said of a payment outside the table. No other part of it may. */
export interface LogFields {
  readonly message_id?: string;
  readonly transaction_id?: string;
  readonly account_hash?: string;
  readonly status?: string;
  readonly error_code?: string;
  /** An operator's own words. */
  readonly reason?: string;
  readonly messages?: number;
}

export interface Telemetry {
  info(event: string, fields: LogFields): void;
  warn(event: string, fields: LogFields): void;
  /** Runs the work in a segment of the trace. */
  trace<T>(segment: string, work: () => Promise<T>): Promise<T>;
}

export type Service = 'payment table' | 'dead-letter queue' | 'payment queue' | 'alert topic';

/** A service did not answer, or refused. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  constructor(
    readonly service: Service,
    operation: string,
    readonly code: string,
  ) {
    super(
      `The ${service} could not ${operation}: ${code}. No payment is lost: send the same event again, or look at the ` +
        "function's permissions.",
    );
  }
}
