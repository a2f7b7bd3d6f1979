import type { FailureCode } from './failure-code';
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
  /** Claims so far; the fencing token of every write after a claim. */
  readonly attempts: number;
  readonly fraud?: FraudAnswer;
  readonly failure_code?: FailureCode;
  readonly failure_message?: string;
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

/** The table's index of records by status, oldest transition first. */
export const STATUS_INDEX = 'status-timestamp-index';
