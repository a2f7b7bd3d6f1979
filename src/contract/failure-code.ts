/** Every failure code: on the payment record, on the dead letter, in logs and reports. */
export const FAILURE_CODES = [
  'INVALID_JSON',
  'INVALID_PAYMENT',
  'CARD_NUMBER',
  'MESSAGE_GROUP_MISMATCH',
  'CONFLICTING_TRANSACTION',
  'FRAUD_CHECK_REFUSED',
  'FRAUD_CHECK_UNAVAILABLE',
  'PAYMENT_EXPIRED',
  'DISCARDED',
] as const;

/** Why a payment or a message failed. */
export type FailureCode = (typeof FAILURE_CODES)[number];
/** Why a message is invalid. */
export type InvalidPaymentCode = Extract<
  FailureCode,
  'INVALID_JSON' | 'INVALID_PAYMENT' | 'CARD_NUMBER' | 'MESSAGE_GROUP_MISMATCH'
>;

/** What a failure code means and what to do next. */
export interface Failure {
  /** Sentences for the sender or the operator. */
  readonly meaning: string;
  /** Instructions for the operator. */
  readonly nextStep: string;
  /** Where the code appears. A dead letter has it as the message attribute `failure_code`. */
  readonly appearsIn: readonly ('send result' | 'dead letter' | 'payment record')[];
}

const DISCARD_MESSAGE = 'Tell the senders. Discard the dead letter by its message id.';

/** Each failure code with its meaning and the next step. */
export const FAILURES: Readonly<Record<FailureCode, Failure>> = {
  INVALID_JSON: {
    meaning: 'The body is not JSON, repeats a key with another value, or nests too deeply to be a payment.',
    nextStep: DISCARD_MESSAGE,
    appearsIn: ['send result', 'dead letter'],
  },
  INVALID_PAYMENT: {
    meaning: 'The body is JSON, but breaks a rule of the payment message.',
    nextStep: DISCARD_MESSAGE,
    appearsIn: ['send result', 'dead letter'],
  },
  CARD_NUMBER: {
    meaning:
      'A text of the payment contains a card number, which must not be stored here. The dead letter has it masked.',
    nextStep: DISCARD_MESSAGE,
    appearsIn: ['send result', 'dead letter'],
  },
  MESSAGE_GROUP_MISMATCH: {
    meaning: "The message group is not the payment's account, so its order is not guaranteed.",
    nextStep: DISCARD_MESSAGE,
    appearsIn: ['dead letter'],
  },
  CONFLICTING_TRANSACTION: {
    meaning: 'Another payment, with different content, already has the transaction id. Its record is untouched.',
    nextStep: DISCARD_MESSAGE,
    appearsIn: ['dead letter'],
  },
  FRAUD_CHECK_REFUSED: {
    meaning: 'The fraud API refused the payment permanently: it answered 400 or 422.',
    nextStep: 'Fix the cause and redrive the payment by its transaction id, or discard it.',
    appearsIn: ['dead letter', 'payment record'],
  },
  FRAUD_CHECK_UNAVAILABLE: {
    meaning: "The fraud API made no decision up to and including the payment's last receive.",
    nextStep: 'Redrive the payment when the fraud API answers again.',
    appearsIn: ['dead letter', 'payment record'],
  },
  PAYMENT_EXPIRED: {
    meaning:
      'The payment was requested longer ago than `maxPaymentAgeHours` allows, when its turn came. The fraud API was not asked in this attempt.',
    nextStep:
      'Ask the sender whether it is still wanted. Then redrive it by its transaction id, with a reason, which allows it any age, or discard it.',
    appearsIn: ['dead letter', 'payment record'],
  },
  DISCARDED: {
    meaning: 'An operator discarded the payment before it was decided.',
    nextStep: 'Nothing. To have it decided after all, redrive it by its transaction id.',
    appearsIn: ['payment record'],
  },
};

/**
 * An invalid message. It never becomes valid. Its message names fields and rules, never a value: it is logged,
 * while the body may hold anything.
 */
export class InvalidPaymentError extends Error {
  override readonly name = 'InvalidPaymentError';

  constructor(
    /** Why the message is invalid. */
    readonly code: InvalidPaymentCode,
    /** Each bad field with its rule. */
    readonly faults: readonly string[],
  ) {
    super(`The message is no valid payment: ${faults.join('; ')}.`);
  }
}
