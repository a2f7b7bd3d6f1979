import type { FailureCode } from './failure-code';
import { fingerprint } from './fingerprint';
import type { FraudAnswer } from './fraud-api';
import type { PaymentMessage } from './payment-message';
import type { PaymentStatus } from './payment-status';

/** One transition of the audit trail. */
export interface HistoryEntry {
  readonly status: PaymentStatus;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** The record's `attempts` then. */
  readonly attempt: number;
  /** Of the function's invocation. */
  readonly request_id: string;
  readonly release_id: string;
  /** Of an operator's action, and of parking; a claim, a decision and a failure of the payment processor have none. */
  readonly reason?: string;
}

/**
 * The item of the payment table. It has every field of the message but `schema_version`, which is always 1, so that the
 * message and its fingerprint can be rebuilt from it. Records of earlier
 * versions lack `metadata`.
 */
export interface PaymentRecord extends Omit<PaymentMessage, 'schema_version'> {
  readonly payment_status: PaymentStatus;
  /** Of the last transition; RFC 3339, UTC, milliseconds. With the status the key of the status index. */
  readonly timestamp: string;
  /** See `fingerprint`. */
  readonly fingerprint: string;
  /** Claims and redrives so far; the fencing token of every write after a claim. 0 for a payment that was discarded unclaimed. */
  readonly attempts: number;
  readonly fraud?: FraudAnswer;
  readonly failure_code?: FailureCode;
  readonly failure_message?: string;
  /**
   * Transaction id of the payment that this one waits for (`onFailedPayment: 'hold'`). The payment is PROCESSING, and its message
   * is in the dead-letter queue.
   */
  readonly parked_behind?: string;
  /** When the copy in the dead-letter queue was acknowledged by SQS. */
  readonly dead_lettered_at?: string;
  /** SQS's sequence number of the message, as text: it has up to 20 digits. */
  readonly sequence_number: string;
  /** Every transition, oldest first. A long history is shortened: see `shortenedHistory`. */
  readonly history: readonly HistoryEntry[];
  /** How many entries `history` has lost, all from between its first and its last. Absent when it has lost none. */
  readonly history_omitted?: number;
  /** Of the last transition. */
  readonly release_id: string;
}

/** What tells one payment from every other: a transaction id may be used by two accounts, or for two contents. */
export type PaymentIdentity = Pick<PaymentRecord, 'transaction_id' | 'account_id' | 'fingerprint'>;

export function identityOf(payment: PaymentMessage): PaymentIdentity {
  const { transaction_id, account_id } = payment;
  return { transaction_id, account_id, fingerprint: fingerprint(payment) };
}

/** The table's index of records by status, oldest transition first. */
export const STATUS_INDEX = 'status-timestamp-index';

/** The fields of a record that follow its latest entry. */
export function transitionFields({ status, at, attempt, release_id }: HistoryEntry) {
  return { payment_status: status, timestamp: at, attempts: attempt, release_id };
}

/** A payment's first record, with all that the message says. @param sequenceNumber SQS's, of the message */
export function newRecord(
  payment: PaymentMessage,
  fingerprint: string,
  sequenceNumber: string,
  entry: HistoryEntry,
): PaymentRecord {
  const { schema_version, ...accepted } = payment;
  return {
    ...accepted,
    ...transitionFields(entry),
    fingerprint,
    sequence_number: sequenceNumber,
    history: [entry],
  };
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

/** Whether the record ends with this entry: a refused write may be our own, done by a try whose answer was lost. */
export function isOwnWrite(record: PaymentRecord | undefined, entry: HistoryEntry): boolean {
  const last = record?.history.at(-1);
  return (
    last?.status === entry.status &&
    last.at === entry.at &&
    last.attempt === entry.attempt &&
    last.request_id === entry.request_id
  );
}

/** Whether an operator discarded it: a discard has a reason, and a failure of the payment processor has none. */
export function isDiscarded({ history, payment_status }: PaymentRecord): boolean {
  return payment_status === 'FAILED' && history.at(-1)?.reason !== undefined;
}

/** Whether the payment may be an entry of its account's hold: only one that has failed, or was parked, ever was. */
export function mayBeHeld({ history, history_omitted }: PaymentRecord): boolean {
  return (
    history_omitted !== undefined || history.some(({ status, reason }) => status === 'FAILED' || reason !== undefined)
  );
}
