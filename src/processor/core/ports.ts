import type {
  AccountHash,
  FailureCode,
  FraudAnswer,
  HistoryChange,
  MetricName,
  OnFailedPayment,
  PaymentMessage,
  PaymentRecord,
  transitionFields,
} from '../../contract';
import type { Clock, Holds, Log, LogFields, OutcomeTopic, PaymentReader } from '../../runtime/ports';

/** The services and settings of the core, bound to one invocation. */
export interface Services {
  readonly store: PaymentStore;
  readonly holds: Holds;
  readonly fraudApi: FraudApi;
  readonly deadLetters: DeadLetters;
  /** Undefined when nobody wants to know of outcomes. */
  readonly outcomes?: OutcomeTopic | undefined;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly random: Random;
  readonly accountHash: AccountHash;
}

export interface Settings {
  readonly maxReceiveCount: number;
  /** Accounts of a batch that are processed at the same time. */
  readonly groupConcurrency: number;
  /** Seconds: maximum of the short retry delay, minimum of the long one. */
  readonly retryDelays: readonly [number, number];
  /** Hours since a payment was requested after which it fails unasked. @default none is too old */
  readonly maxPaymentAgeHours?: number | undefined;
  /** Whether an account continues when one of its payments has failed, or waits for it. */
  readonly onFailedPayment: OnFailedPayment;
}

/** Milliseconds kept free of fraud checks: writing the last decisions, quarantine, visibility, metrics. */
export const RESERVE_MS = 5_000;

/** Milliseconds kept for checks after a wait for the circuit: four calls of 2 s with their pauses. */
export const CHECK_MS = 10_000;

/** Milliseconds before Lambda's own timeout: calls are given up, with enough time left to answer with what is done. */
export const STOP_CALLS_MS = 2_000;

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
  /** SQS's `SenderId`. An event that a person writes may lack it. */
  readonly senderId?: string;
  /** SQS's `SentTimestamp`, in milliseconds since the epoch. */
  readonly sentAt?: number;
  /** A copy from the dead-letter queue that SQS's own redrive has moved back: it is the only one left. */
  readonly isDeadLetterCopy?: true;
}

/** A change of a record that its owner makes: nothing is written unless the record is PROCESSING with `fence` attempts. */
export interface Transition extends HistoryChange {
  readonly transactionId: string;
  readonly fence: number;
  /** The payment is parked behind this one; without it, the payment is not parked any more. */
  readonly parkedBehind?: string | undefined;
  readonly changes: ReturnType<typeof transitionFields> &
    Partial<
      Pick<PaymentRecord, 'fraud' | 'failure_code' | 'failure_message' | 'sequence_number' | 'first_sequence_number'>
    >;
}

/** The records of the payment table. Every method throws {@link ServiceError}. */
export interface PaymentStore extends PaymentReader {
  /** Writes a new record; false when the transaction id has one already. */
  insert(record: PaymentRecord): Promise<boolean>;
  /** False when the fence did not hold. */
  transition(transition: Transition): Promise<boolean>;
  /** Notes that a FAILED record's message is in the dead-letter queue; false when it was noted before. */
  markDeadLettered(record: Pick<PaymentRecord, 'transaction_id' | 'attempts'>, at: string): Promise<boolean>;
}

/** The limits of the fraud check in one receive of a payment. */
export interface FraudCheckLimits {
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** The payment has all its calls, even while the circuit is open: it has no receive after this one. */
  readonly lastReceive: boolean;
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
  /** Whether the circuit is open after too many failed calls. */
  isCircuitOpen(): boolean;
  /**
   * Waits while the open circuit refuses calls. Resolves when a call may test the API.
   * @param latest when the wait ends at the latest, in ms since the epoch
   */
  waitForCircuit(latest: number): Promise<void>;
}

/** The attempt of a message whose payment was not checked. */
export const NO_ATTEMPT = 0;

export interface DeadLetters {
  /**
   * Copies a message to the dead-letter queue, same group; the same again for the same attempt. Throws {@link ServiceError}.
   * @param attempt the payment's, or `NO_ATTEMPT`
   */
  send(message: QueueMessage, failure: FailureCode, attempt: number): Promise<void>;
  /** The same, for a payment that has not failed but is parked behind one that has. */
  park(message: QueueMessage, behind: string): Promise<void>;
}

/** Returns a number from 0 up to, not including, 1. */
export type Random = () => number;

export interface Telemetry extends Log {
  count(metric: Exclude<MetricName, 'FraudCheckLatency'>, times?: number): void;
  fraudCheckLatency(milliseconds: number): void;
  error(event: string, fields: LogFields): void;
  /** Runs the work in a segment of the trace. */
  trace<T>(segment: string, work: () => Promise<T>): Promise<T>;
}
