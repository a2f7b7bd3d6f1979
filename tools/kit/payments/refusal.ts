import { InvalidPaymentError, parsePaymentMessage } from '../../../src/contract';

/** Why the body is no payment. */
export function refusal(body: string): InvalidPaymentError {
  try {
    parsePaymentMessage(body);
  } catch (error) {
    if (error instanceof InvalidPaymentError) return error;
    throw error;
  }
  throw new Error('The body was accepted.');
}
