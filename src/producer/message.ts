import { deduplicationId, InvalidPaymentError, parsePaymentMessage, type PaymentMessage } from '../contract';

/** A payment as SQS takes it. */
export interface Message {
  readonly transactionId: string;
  /** The message group. */
  readonly accountId: string;
  /** The same for each try of the same payment. */
  readonly deduplicationId: string;
  readonly body: string;
}

/**
 * What is checked is what is sent: the written payment, as the processor will read it.
 * @throws InvalidPaymentError
 */
export function toMessage(payment: PaymentMessage): Message {
  const body = write(payment);
  const read = parsePaymentMessage(body);
  return {
    transactionId: read.transaction_id,
    accountId: read.account_id,
    deduplicationId: deduplicationId.payment(read),
    body,
  };
}

function write(payment: unknown): string {
  try {
    return JSON.stringify(payment ?? null);
  } catch (error) {
    // A bigint, a circle, or an endless depth.
    if (error instanceof TypeError || error instanceof RangeError)
      throw new InvalidPaymentError('INVALID_JSON', ['it cannot be written as JSON']);
    throw error;
  }
}
