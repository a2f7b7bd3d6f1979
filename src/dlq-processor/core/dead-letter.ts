import {
  type FailedRecord,
  type FailureCode,
  identityOf,
  InvalidPaymentError,
  isDecided,
  parsePaymentMessage,
  type PaymentIdentity,
  type PaymentMessage,
  type PaymentRecord,
  type ProcessingRecord,
} from '../../contract';
import type { DeadLetter } from './ports';

/** What a dead letter says. */
export type ParsedDeadLetter =
  | { readonly kind: 'payment'; readonly payment: PaymentMessage; readonly identity: PaymentIdentity }
  /** No payment, and never will be: the processor would only send it back here. */
  | { readonly kind: 'unreadable'; readonly code: FailureCode };

/** A masked body may look like a payment again, but it is not the one that was sent. */
const NEVER_A_PAYMENT: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'INVALID_JSON',
  'INVALID_PAYMENT',
  'CARD_NUMBER',
  'MESSAGE_GROUP_MISMATCH',
]);

export function parseDeadLetter({ body, groupId, failureCode }: DeadLetter): ParsedDeadLetter {
  if (failureCode !== undefined && NEVER_A_PAYMENT.has(failureCode)) return { kind: 'unreadable', code: failureCode };
  try {
    const payment = parsePaymentMessage(body);
    return payment.account_id === groupId
      ? { kind: 'payment', payment, identity: identityOf(payment) }
      : { kind: 'unreadable', code: 'MESSAGE_GROUP_MISMATCH' };
  } catch (error) {
    if (error instanceof InvalidPaymentError) return { kind: 'unreadable', code: error.code };
    throw error;
  }
}

/** Where a dead letter's payment stands. */
export type RecordState =
  /** Decided, maybe since: the letter is a mere copy. */
  | { readonly kind: 'settled' }
  | { readonly kind: 'failed'; readonly record: FailedRecord }
  /** PROCESSING: it is parked, SQS itself moved the message here, or a redrive was cut short. */
  | { readonly kind: 'open'; readonly record: ProcessingRecord }
  /** No record: SQS moved the message here before it was ever claimed. */
  | { readonly kind: 'unrecorded' }
  /** The transaction id belongs to another payment. */
  | { readonly kind: 'conflicting' };

/** @param letter undefined when the payment is known by its record alone */
export function recordStateOf(
  { fingerprint }: PaymentIdentity,
  letter: DeadLetter | undefined,
  record: PaymentRecord | undefined,
): RecordState {
  if (letter?.failureCode === 'CONFLICTING_TRANSACTION') return { kind: 'conflicting' };
  if (record === undefined) return { kind: 'unrecorded' };
  if (record.fingerprint !== fingerprint) return { kind: 'conflicting' };
  if (isDecided(record)) return { kind: 'settled' };
  return record.payment_status === 'FAILED' ? { kind: 'failed', record } : { kind: 'open', record };
}

/** Whether the same payment would fail again, unless somebody has changed what refuses it. */
export function isPoison({ failure_code }: FailedRecord): boolean {
  return failure_code !== undefined && failure_code !== 'FRAUD_CHECK_UNAVAILABLE';
}
