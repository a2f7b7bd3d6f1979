import { deduplicationId, InvalidPaymentError, parsePaymentMessage, type PaymentMessage } from '../contract';

/** A payment as an SQS message. */
export interface Message {
  /** As the processor reads it. */
  readonly payment: PaymentMessage;
  readonly transactionId: string;
  /** The message group. */
  readonly accountId: string;
  /** The same in each call for the same payment. */
  readonly deduplicationId: string;
  readonly body: string;
}

/**
 * Validates the serialized payment, exactly as it is sent and as the processor will read it.
 * @throws InvalidPaymentError
 */
export function toMessage(given: PaymentMessage): Message {
  const body = write(given);
  const payment = parsePaymentMessage(body);
  return {
    payment,
    transactionId: payment.transaction_id,
    accountId: payment.account_id,
    deduplicationId: deduplicationId.payment(payment),
    body,
  };
}

function write(payment: unknown): string {
  try {
    return JSON.stringify(payment ?? null);
  } catch (error) {
    // A bigint, a circular reference, or unlimited nesting.
    if (error instanceof TypeError || error instanceof RangeError)
      throw new InvalidPaymentError('INVALID_JSON', ['it cannot be written as JSON']);
    throw error;
  }
}
