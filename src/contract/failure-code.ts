/** Why a payment or a message failed: on the record, on the dead-letter copy, in logs and reports. */
export const FAILURE_CODES = [
  /** The body is not JSON, repeats a key with another value, or nests too deeply to be a payment. */
  'INVALID_JSON',
  /** The body is JSON, but not a valid payment. */
  'INVALID_PAYMENT',
  /** A text of the payment holds a card number, which must not be stored here. */
  'CARD_NUMBER',
  /** The message group is not the payment's account, so its order is not guaranteed. */
  'MESSAGE_GROUP_MISMATCH',
  /** Another payment, with different content, already has the transaction id. */
  'CONFLICTING_TRANSACTION',
  /** The fraud API refused the payment permanently: HTTP 400 or 422. */
  'FRAUD_CHECK_REFUSED',
  /** The fraud API made no decision up to and including the payment's last receive. */
  'FRAUD_CHECK_UNAVAILABLE',
  /** An operator discarded the payment before it was decided. */
  'DISCARDED',
] as const;

export type FailureCode = (typeof FAILURE_CODES)[number];
export type InvalidPaymentCode = Extract<
  FailureCode,
  'INVALID_JSON' | 'INVALID_PAYMENT' | 'CARD_NUMBER' | 'MESSAGE_GROUP_MISMATCH'
>;

/**
 * An invalid message. It never becomes valid. Its message names fields and rules, never a value: it is logged,
 * while the body may hold anything.
 */
export class InvalidPaymentError extends Error {
  override readonly name = 'InvalidPaymentError';

  constructor(
    readonly code: InvalidPaymentCode,
    readonly faults: readonly string[],
  ) {
    super(`The message is no valid payment: ${faults.join('; ')}.`);
  }
}
