import {
  type FailedRecord,
  type FailureCode,
  identityOf,
  InvalidPaymentError,
  type PaymentIdentity,
  type PaymentMessage,
  type PaymentRecord,
  readPaymentMessage,
  type RecordState,
  recordStateOf,
} from '../../contract';
import type { DeadLetter } from './ports';

/** The kind of a dead letter. */
export type ParsedDeadLetter =
  | { readonly kind: 'payment'; readonly payment: PaymentMessage; readonly identity: PaymentIdentity }
  /** Invalid: the payment processor would only quarantine it again. */
  | { readonly kind: 'unreadable'; readonly code: FailureCode };

/** A masked body may be valid again, but it is not the payment that was sent. */
const NEVER_A_PAYMENT: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'INVALID_JSON',
  'INVALID_PAYMENT',
  'CARD_NUMBER',
  'MESSAGE_GROUP_MISMATCH',
]);

export function parseDeadLetter({ body, groupId, failureCode }: DeadLetter): ParsedDeadLetter {
  if (failureCode !== undefined && NEVER_A_PAYMENT.has(failureCode)) return { kind: 'unreadable', code: failureCode };
  const payment = readPaymentMessage(body, groupId);
  if (payment instanceof InvalidPaymentError) return { kind: 'unreadable', code: payment.code };
  return { kind: 'payment', payment, identity: identityOf(payment) };
}

/** The state of a dead letter's payment. @param letter undefined when the payment is known by its record alone */
export function stateOf(
  { fingerprint }: PaymentIdentity,
  letter: DeadLetter | undefined,
  record: PaymentRecord | undefined,
): RecordState {
  if (letter?.failureCode === 'CONFLICTING_TRANSACTION') return { kind: 'conflicting' };
  return recordStateOf(record, fingerprint);
}

/** Whether the payment would fail again, unless the cause of the refusal is fixed. */
export function isPoison({ failure_code }: FailedRecord): boolean {
  return failure_code !== undefined && failure_code !== 'FRAUD_CHECK_UNAVAILABLE';
}
