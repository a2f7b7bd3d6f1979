import { InvalidPaymentError, parsePaymentMessage, type PaymentMessage } from '../../../src/contract';
import { aBody } from './payments';

/** Why the body is an invalid message. */
export function refusal(body: string): InvalidPaymentError {
  try {
    parsePaymentMessage(body);
  } catch (error) {
    if (error instanceof InvalidPaymentError) return error;
    throw error;
  }
  throw new Error('The body was accepted.');
}

/** The faults of a body whose field has this JSON. */
export const faultsOf = (field: string, json: string) => refusal(aBody({ [field]: json })).faults;

/** The refusal of a body whose field has this JSON. */
export const accepted = (field: string, json: string): unknown =>
  parsePaymentMessage(aBody({ [field]: json }))[field as keyof PaymentMessage];
