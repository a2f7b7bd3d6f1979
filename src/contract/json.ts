import { isSafeNumber, parse } from 'lossless-json';
import { InvalidPaymentError } from './invalid-payment-error';

/**
 * Parses JSON strictly: a key repeated with another value is refused, as two readers would see two payments, and a
 * number that a double cannot hold becomes NaN, which no field accepts.
 * @throws InvalidPaymentError `INVALID_JSON`, without a word of the text.
 */
export function parseStrictJson(text: string): unknown {
  try {
    return parse(text, undefined, { parseNumber: exactNumber });
  } catch (error) {
    // The parser's own message quotes the text.
    if (error instanceof RangeError) throw invalid('it nests too deeply');
    if (error instanceof SyntaxError) throw invalid(error.message.startsWith('Duplicate key') ? 'it repeats a key' : 'it is not JSON');
    throw error;
  }
}

function exactNumber(source: string): number {
  return isSafeNumber(source) ? Number(source) : NaN;
}

function invalid(fault: string): InvalidPaymentError {
  return new InvalidPaymentError('INVALID_JSON', [fault]);
}
