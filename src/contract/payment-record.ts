import type { FailureCode } from './failure-code';
import { fingerprint } from './fingerprint';
import type { FraudAnswer } from './fraud-api';
import type { PaymentMessage } from './payment-message';
import { type Decision, isDecision, type PaymentStatus } from './payment-status';

/** One transition of the audit trail. */
export interface HistoryEntry {
  /** The status that the payment reached. */
  readonly status: PaymentStatus;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** The record's `attempts` then. */
  readonly attempt: number;
  /** Request id of the function's invocation. */
  readonly request_id: string;
  /** Release that made the transition. */
  readonly release_id: string;
  /** Present for an operator's action and for parking. A claim, a decision and a failure of the payment processor have none. */
  readonly reason?: string;
  /** ARN of the operator who asked for the transition, as the caller of the DLQ processor gave it. */
  readonly actor?: string;
  /** The record's `failure_code` then, if the payment processor failed the payment. The record loses it at a redrive. */
  readonly failure_code?: FailureCode;
  /** The record's `failure_message` then, likewise. */
  readonly failure_message?: string;
  /** What the hash continues, if that is not the `hash` of the entry before: beside entries that a long history has lost. */
  readonly previous_hash?: string;
  /** SHA-256 (hex) of the entry, the payment and the hash before it, as `entryHash` makes it. Entries of earlier releases lack it. */
  readonly hash?: string;
}

/** An entry that is about to be added to a history. */
export type NewEntry = Omit<HistoryEntry, 'hash' | 'previous_hash'>;

/** An entry with its hash, as this release writes it. */
export type HashedEntry = HistoryEntry & Required<Pick<HistoryEntry, 'hash'>>;

/** The fields of every record. */
interface RecordFields extends Omit<PaymentMessage, 'schema_version'> {
  /** SHA-256 (hex) of the canonical message (RFC 8785). Another payment with the transaction id has another one. */
  readonly fingerprint: string;
  /** Claims and redrives so far; the fencing token of every write after a claim. 0 for a payment that was discarded unclaimed. */
  readonly attempts: number;
  /** SQS's sequence number of the message that was claimed last, as text: it has up to 20 digits. */
  readonly sequence_number: string;
  /** The sequence number of the message that was claimed first, if that is another: the payment was sent again, or redriven. */
  readonly first_sequence_number?: string;
  /**
   * SQS's `SenderId` of the message that was claimed first: the id of the IAM user, or the id of the role with the name of its session.
   * Absent if the payment's first record is of an operator, or of an earlier release.
   */
  readonly sender_id?: string;
  /** When SQS took that message: its `SentTimestamp`; RFC 3339, UTC, milliseconds. Absent as `sender_id` is. */
  readonly sent_at?: string;
  /** Every transition, oldest first. A long history loses entries between its first and its last. */
  readonly history: readonly HistoryEntry[];
  /** How many entries `history` has lost, all from between its first and its last. Absent when it has lost none. */
  readonly history_omitted?: number;
  /** Release that made the last transition. */
  readonly release_id: string;
}

interface ProcessingFields {
  /**
   * Time of the last transition; RFC 3339, UTC, milliseconds. With the status the key of the status index, so that a record without it is
   * not in the index: a payment in its first attempt, unless it is parked or redriven.
   */
  readonly timestamp?: string;
  /**
   * Transaction id of the payment that this one waits for (`onFailedPayment: 'hold'`). The message of this payment is in the
   * dead-letter queue.
   */
  readonly parked_behind?: string;
}

interface OutcomeFields {
  /** As in {@link ProcessingFields}. Discarding a failed payment leaves it. */
  readonly timestamp: string;
}

interface DecisionFields extends OutcomeFields {
  /** The fraud API's answer: `decision`, `score` and `reasons`. It stays as it is when an operator decides a payment in `REVIEW`. */
  readonly fraud: FraudAnswer;
}

interface FailureFields extends OutcomeFields {
  /** Why the payment failed. A record that somebody has changed by hand may lack it. */
  readonly failure_code?: FailureCode;
  /** The same in a sentence, such as the last answer of the fraud API. */
  readonly failure_message?: string;
  /** When SQS acknowledged the copy in the dead-letter queue. */
  readonly dead_lettered_at?: string;
  /** When an operator discarded the payment. Read it by `isDiscarded`: a redrive by an earlier release leaves it. */
  readonly discarded_at?: string;
}

type FieldOfOneStatus = keyof ProcessingFields | keyof DecisionFields | keyof FailureFields;
type WithoutOther<Fields> = Readonly<Partial<Record<Exclude<FieldOfOneStatus, keyof Fields>, never>>>;
type RecordWith<Status extends PaymentStatus, Fields> = RecordFields &
  Fields &
  WithoutOther<Fields> & {
    /** The status of the payment. */
    readonly payment_status: Status;
  };

/** The record of a payment that has no outcome yet. */
export type ProcessingRecord = RecordWith<'PROCESSING', ProcessingFields>;
/** The record of a payment that is decided, or in review. */
export type DecidedRecord = RecordWith<Decision, DecisionFields>;
/** The record of a payment that failed or was discarded. */
export type FailedRecord = RecordWith<'FAILED', FailureFields>;

/**
 * The item of the payment table. It has every field of the message but `schema_version`, which is always 1, so that the
 * message and its fingerprint can be rebuilt from it. Records of earlier releases lack `metadata` and `discarded_at`.
 */
export type PaymentRecord = ProcessingRecord | DecidedRecord | FailedRecord;

/** Identifies a payment uniquely: two accounts, or two contents, may use the same transaction id. */
export type PaymentIdentity = Pick<PaymentRecord, 'transaction_id' | 'account_id' | 'fingerprint'>;

/** The identity of a payment message. */
export function identityOf(payment: PaymentMessage): PaymentIdentity {
  const { transaction_id, account_id } = payment;
  return { transaction_id, account_id, fingerprint: fingerprint(payment) };
}

/** The table's index of records by status, oldest transition first. A record without `timestamp` is not in it. */
export const STATUS_INDEX = 'status-timestamp-index';

/**
 * What a list of payments by status shows beside the keys, and no more: one status is one partition of the index, which takes 1,000
 * write units a second, and each begun KB of an entry costs one.
 */
export const STATUS_INDEX_FIELDS = ['account_id', 'failure_code', 'attempts', 'release_id'] as const;

/**
 * The fields of a record that follow its latest entry. A first claim brings no `timestamp`: nearly every payment is decided in its first
 * attempt, and then costs one write of the status index in place of three.
 */
export function transitionFields(entry: NewEntry) {
  const { status, at, attempt, release_id } = entry;
  const isFirstClaim = isClaim(entry) && attempt === 1;
  return { payment_status: status, ...(!isFirstClaim && { timestamp: at }), attempts: attempt, release_id };
}

/** Whether the entry is a claim by the payment processor, and the payment is not parked. An operator's redrive has a reason. */
export function isClaim({ status, reason }: NewEntry): boolean {
  return status === 'PROCESSING' && reason === undefined;
}

const PARKED_BEHIND = 'parked behind ';

/** `reason` of the entry by which a payment is parked. */
export function parkingReason(behind: string): string {
  return PARKED_BEHIND + behind;
}

/** The payment behind which an entry parks its payment, if it does. */
export function parkedBehind(reason: string | undefined): string | undefined {
  return reason?.startsWith(PARKED_BEHIND) === true ? reason.slice(PARKED_BEHIND.length) : undefined;
}

/**
 * `reason` of the entry by which a payment is redriven.
 * @param cause what came before, as "after FRAUD_CHECK_UNAVAILABLE"
 * @param isById whether the operator named the payment
 * @param said the operator's reason
 */
export function redriveReason(cause: string, isById: boolean, said: string | undefined): string {
  return `redriven ${isById ? 'by id ' : ''}${cause}${said === undefined ? '' : `: ${said}`}`;
}

/** Whether an operator has allowed the payment any age: its latest redrive was by its id, with a reason. */
export function mayBeOfAnyAge({ history }: Pick<PaymentRecord, 'history'>): boolean {
  const redrive = history.findLast(
    ({ status, reason }) => status === 'PROCESSING' && reason !== undefined && parkedBehind(reason) === undefined,
  );
  return /^redriven by id [^:]+: /.test(redrive?.reason ?? '');
}

/** The message, rebuilt from its record. @returns undefined for a record of an earlier version, which lacks a part of the message */
export function messageOf(record: PaymentRecord): PaymentMessage | undefined {
  const { transaction_id, account_id, amount, currency, beneficiary_id, requested_at, reference, metadata } = record;
  const message: PaymentMessage = {
    schema_version: 1,
    transaction_id,
    account_id,
    amount,
    currency,
    beneficiary_id,
    requested_at,
    ...(reference !== undefined && { reference }),
    ...(metadata !== undefined && { metadata }),
  };
  return fingerprint(message) === record.fingerprint ? message : undefined;
}

/** Whether the record ends with this entry: a refused write may repeat an earlier call of the same invocation, whose answer was lost. */
export function isOwnWrite(record: PaymentRecord | undefined, entry: HashedEntry): boolean {
  return record?.history.at(-1)?.hash === entry.hash;
}

/** Whether the payment is decided: by the fraud API, or by an operator after its review. */
export function isDecided(record: PaymentRecord): record is DecidedRecord {
  return isDecision(record.payment_status);
}

/**
 * Whether an operator has discarded the payment, and nobody has redriven it since: of the entries that fail a payment, only a
 * discard's has a reason. Earlier releases discard without `discarded_at`, and their redrives leave it in the record.
 */
export function isDiscarded({ payment_status, history }: PaymentRecord): boolean {
  return payment_status === 'FAILED' && history.at(-1)?.reason !== undefined;
}

/** Whether the entry is an operator's decision of a payment in `REVIEW`: the fraud API's decisions have no reason. */
export function isResolution({ status, reason }: HistoryEntry): boolean {
  return isDecision(status) && reason !== undefined;
}

/** Whether the payment may be an entry of its account's hold: only one that has failed, or was parked, ever was. */
export function mayBeHeld({ history, history_omitted }: PaymentRecord): boolean {
  return (
    history_omitted !== undefined ||
    history.some((entry) => entry.status === 'FAILED' || (entry.reason !== undefined && !isResolution(entry)))
  );
}
