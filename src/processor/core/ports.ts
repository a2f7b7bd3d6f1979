import type {
  FailureCode,
  FraudAnswer,
  Held,
  HistoryEntry,
  MetricName,
  PaymentMessage,
  PaymentRecord,
} from '../../contract';

/** A message of the payment queue, as one receive delivered it. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** The message group: the account whose payments keep their order. */
  readonly groupId: string;
  /** 1 at the first receive. */
  readonly receiveCount: number;
  readonly sequenceNumber: string;
  /** A copy from the dead-letter queue that SQS's own redrive has moved back: it is the only one left. */
  readonly isDeadLetterCopy?: true;
}

/** A change of a record that its owner makes: nothing is written unless the record is PROCESSING with `fence` attempts. */
export interface Transition {
  readonly transactionId: string;
  readonly fence: number;
  readonly entry: HistoryEntry;
  /** The payment is parked behind this one; without it, the payment is parked no more. */
  readonly parkedBehind?: string | undefined;
  /** With a `history`, this one is written instead of appending the entry, which it ends with. */
  readonly changes?: Partial<
    Pick<
      PaymentRecord,
      'fraud' | 'failure_code' | 'failure_message' | 'sequence_number' | 'history' | 'history_omitted'
    >
  >;
}

/** The payment table. Every method throws {@link StoreError} when it is not known whether it happened. */
export interface PaymentStore {
  /** Writes a new record; false when the transaction id has one already. */
  insert(record: PaymentRecord, signal: AbortSignal): Promise<boolean>;
  /** False when the fence did not hold. */
  transition(transition: Transition, signal: AbortSignal): Promise<boolean>;
  /** Notes that a FAILED record's message is in the dead-letter queue; false when it was noted before. */
  markDeadLettered(
    record: Pick<PaymentRecord, 'transaction_id' | 'attempts'>,
    at: string,
    signal: AbortSignal,
  ): Promise<boolean>;
  /** Strongly consistent. */
  read(transactionId: string, signal: AbortSignal): Promise<PaymentRecord | undefined>;
}

/** The holds of accounts, in the payment table. Every method throws {@link StoreError} as the store's do. */
export interface Holds {
  /** Strongly consistent; oldest first, empty when the account is not held. */
  read(accountId: string, signal: AbortSignal): Promise<readonly Held[]>;
  /** Holds the account from now on, for this payment. @param at when, RFC 3339 */
  hold(accountId: string, payment: Held, at: string, signal: AbortSignal): Promise<void>;
  /** Adds a payment to those that wait; false when the account is held no more. */
  park(accountId: string, payment: Held, at: string, signal: AbortSignal): Promise<boolean>;
  /** Takes a payment out; the account is held no more after the last. */
  lift(accountId: string, payment: Held, signal: AbortSignal): Promise<void>;
}

/** What one receive of a payment may spend on the fraud check. */
export interface FraudCheckLimits {
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** The payment has all its calls, even while the circuit is open: it has no receive after this one. */
  readonly lastReceive: boolean;
  readonly signal: AbortSignal;
}

export type FraudCheck =
  | { readonly kind: 'decided'; readonly answer: FraudAnswer }
  /** Refused permanently: the same call would be refused again. */
  | { readonly kind: 'refused'; readonly httpStatus: number }
  /** No decision in this receive. `failedAt` (ms) is the last call's end, undefined when none was made. */
  | {
      readonly kind: 'unavailable';
      readonly cause: string;
      readonly failedAt?: number;
      readonly retryAfterSeconds?: number;
    };

export interface FraudApi {
  check(payment: PaymentMessage, limits: FraudCheckLimits): Promise<FraudCheck>;
  /** Whether calls are being cut short after a row of failures. */
  isCircuitOpen(): boolean;
}

export interface DeadLetters {
  /**
   * Copies a message to the dead-letter queue, same group; the same again for the same attempt. Throws {@link DeadLetterError}.
   * @param attempt the payment's; 0 for a message that was not tried
   */
  send(message: QueueMessage, failure: FailureCode, attempt: number, signal: AbortSignal): Promise<void>;
  /** The same, of a payment that has not failed but waits behind one that has. */
  park(message: QueueMessage, behind: string, signal: AbortSignal): Promise<void>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** From 0 up to, not including, 1. */
export type Random = () => number;

/** What may be said of a payment outside the table. No other part of it may. */
export interface LogFields {
  readonly message_id?: string;
  readonly transaction_id?: string;
  readonly account_hash?: string;
  readonly status?: string;
  readonly error_code?: string;
  /** What the last call of the fraud API ended with: statuses, field names and rules, never a value of the answer. */
  readonly cause?: string | undefined;
  readonly failure_message?: string | undefined;
  readonly receive_count?: number;
  readonly wait_seconds?: number;
  readonly messages?: number;
}

export interface Telemetry {
  count(metric: Exclude<MetricName, 'FraudCheckLatency'>, times?: number): void;
  fraudCheckLatency(milliseconds: number): void;
  info(event: string, fields: LogFields): void;
  warn(event: string, fields: LogFields): void;
  error(event: string, fields: LogFields): void;
  /** Runs the work in a segment of the trace. */
  trace<T>(segment: string, work: () => Promise<T>): Promise<T>;
}

/** The payment table did not answer, or refused for a reason that may pass. */
export class StoreError extends Error {
  override readonly name = 'StoreError';

  constructor(
    operation: string,
    readonly code: string,
  ) {
    super(`The payment table could not ${operation}: ${code}. The message is returned to the queue.`);
  }
}

/** The dead-letter queue did not take a message. */
export class DeadLetterError extends Error {
  override readonly name = 'DeadLetterError';

  constructor(readonly code: string) {
    super(`The dead-letter queue did not take the message: ${code}. The message is returned to the queue.`);
  }
}
