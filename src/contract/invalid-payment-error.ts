import type { FailureCode } from './failure-code';

export type InvalidPaymentCode = Extract<FailureCode, 'INVALID_JSON' | 'INVALID_PAYMENT' | 'CARD_NUMBER' | 'MESSAGE_GROUP_MISMATCH'>;

/**
 * A body that is no payment and never will be. Its message names fields and rules, never a value: it is logged,
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
