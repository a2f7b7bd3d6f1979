import {
  type AccountHash,
  type FailedRecord,
  type FailureCode,
  type HistoryChange,
  type MetricName,
  type PaymentRecord,
  type EndedFields,
  outcomeOf,
} from '../../contract';
import {
  type Clock,
  type Holds,
  type Invocation,
  type Log,
  type OutcomeTopic,
  type PaymentReader,
  ServiceError,
} from '../../runtime/ports';

/** The services and settings of the core, bound to one invocation. */
export interface Services {
  readonly index: StatusIndex;
  readonly payments: Payments;
  readonly holds: Pick<Holds, 'read' | 'lift'>;
  readonly deadLetters: DeadLetterQueue;
  readonly paymentQueue: PaymentQueue;
  readonly topic: AlertTopic;
  /** Undefined when nobody wants to know of outcomes. */
  readonly outcomes?: OutcomeTopic | undefined;
  readonly alertThrottle: AlertThrottle;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly accountHash: AccountHash;
}

export interface Telemetry extends Log {
  /** Counts once. */
  count(metric: MetricName): void;
  /** One value of a metric that is no count, in its unit. */
  record(metric: MetricName, value: number): void;
}

/** Milliseconds before the deadline: no work is started any more. More than the slowest call takes, with its retries. */
export const RESERVE_MS = 15_000;

/** Milliseconds before the deadline: calls are given up, so that there is time to make messages visible again. */
export const STOP_WORK_MS = 5_000;

/** Milliseconds before the deadline: the answer must go out, or all that it says is lost. */
export const ANSWER_MS = 1_000;

export function timeIsLeft({ clock }: Pick<Services, 'clock'>, { deadline }: Pick<Invocation, 'deadline'>): boolean {
  return clock.now() < deadline - RESERVE_MS;
}

/** Where the next page of the index begins; the table's own. */
export type Position = Readonly<Record<string, unknown>>;

/** The fields of a FAILED payment in the status index. */
export type FailedPayment = Pick<
  FailedRecord,
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
  failed(size: number, from: Position | undefined): Promise<FailedPaymentsPage>;
  /** The releases of the latest approvals, one an approval. Throws {@link ServiceError}. */
  latestApprovals(size: number): Promise<readonly string[]>;
  /** When the longest waiting payment in `REVIEW` came there, RFC 3339; undefined when none waits. Throws {@link ServiceError}. */
  oldestReview(): Promise<string | undefined>;
  /** Held accounts, the longest first. Throws {@link ServiceError}. */
  heldAccounts(size: number, from: Position | undefined): Promise<HeldAccountsPage>;
}

/** A change that an operator asks for: nothing is written unless the record is still the one that was read. */
export interface RecordChange extends HistoryChange {
  readonly record: PaymentRecord;
}

/** The records of the payment table. Every method throws {@link ServiceError}. */
export interface Payments extends PaymentReader {
  /** Writes a new record; false when the transaction id has one already. */
  insert(record: PaymentRecord): Promise<boolean>;
  /**
   * Changes the record to PROCESSING, as if the payment had never been in the dead-letter queue, and with the attempt of the entry: the fence refuses
   * a late write of an earlier attempt. False when the record has changed.
   */
  reopen(change: RecordChange): Promise<boolean>;
  /** Changes the record to FAILED permanently, or adds a note to a record that is FAILED already. False when the record has changed. */
  giveUp(change: RecordChange): Promise<boolean>;
  /** Changes the record to the status of the entry. False when the record has changed. */
  resolve(change: RecordChange): Promise<boolean>;
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

/** The handle that hides or deletes a message of the dead-letter queue. */
export type Receipt = Pick<DeadLetter, 'messageId' | 'receiptHandle'>;

/** Messages of a queue, as SQS estimates them. */
export interface Depth {
  readonly visible: number;
  /** Received, and not yet deleted or visible again. */
  readonly inFlight: number;
}

export interface DeadLetterQueue {
  /** Receives no message, so none is hidden. Throws {@link ServiceError}. */
  depth(): Promise<Depth>;
  /**
   * At most ten, an account's in order; they are hidden for longer than the function may run, and so are the messages
   * behind them. None means that no other is visible. Throws {@link ServiceError}.
   */
  receive(): Promise<readonly DeadLetter[]>;
  /** Throws {@link ServiceError}. */
  delete(letter: Receipt): Promise<void>;
  /**
   * Makes messages visible again at once, and is given up later than the other calls. Returns how many were refused: those become
   * visible by themselves.
   */
  release(letters: readonly Receipt[]): Promise<number>;
}

/** A message that is sent again; messages with the same `source` and `attempt` within five minutes are one to SQS. */
export interface Resend {
  readonly body: string;
  readonly groupId: string;
  /** Message id of the dead letter, or the transaction id of a payment without one. */
  readonly source: string;
  readonly attempt: number;
}

export interface PaymentQueue {
  /** Throws {@link ServiceError}. */
  resend(message: Resend): Promise<void>;
}

/** The email that an operator gets. */
export interface Alert {
  /** ASCII, up to 100 characters. */
  readonly subject: string;
  readonly text: string;
}

export interface AlertTopic {
  /** Throws {@link ServiceError}. */
  publish(alert: Alert): Promise<void>;
}

/** Remembers, for all invocations, which alerts are not due yet. Throws {@link ServiceError}. */
export interface AlertThrottle {
  /** Suppresses the alert until a time (ms since the epoch), unless it is suppressed already: then false. */
  claim(alert: string, now: number, until: number): Promise<boolean>;
  extend(alert: string, until: number): Promise<void>;
}

/** How the answer and the log name an error. */
export function codeOf(error: unknown): string {
  if (error instanceof ServiceError) return `${error.service}: ${error.code}`;
  return `Unexpected: ${error instanceof Error ? error.name : typeof error}`;
}

/** How often a record is read that changes meanwhile; then it is left to a later run. */
const READS = 3;

/**
 * Acts on a payment's record as it was read, and again when it has changed meanwhile.
 * @throws ServiceError when it keeps changing
 */
export async function actOnRecord<T>(
  { payments }: Pick<Services, 'payments'>,
  transactionId: string,
  act: (record: PaymentRecord | undefined) => Promise<T | 'changed'>,
): Promise<T> {
  for (let read = 1; read <= READS; read++) {
    const result = await act(await payments.read(transactionId));
    if (result !== 'changed') return result;
  }
  throw new ServiceError('payment table', 'keep a record as it was read', 'RecordKeepsChanging');
}

/**
 * Publishes the outcome of a payment: after its record has it, and again before the record gets another status, or before the payment's dead letter is
 * deleted. The invocation that wrote the record may have ended before it published. Throws {@link ServiceError}.
 */
export async function publishOutcome({ outcomes }: Pick<Services, 'outcomes'>, record: EndedFields): Promise<void> {
  await outcomes?.publish(outcomeOf(record));
}
