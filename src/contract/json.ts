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

/** A text of a JSON document, with the colon that makes it a key. */
const WRITTEN_TEXT = /"(?:[^"\\]|\\.)*"[ \t\n\r]*(:?)/g;

/** Whether an object in the JSON text has one key twice, with equal values or not. @param value what the text parses to */
export function repeatsKey(text: string, value: unknown): boolean {
  let written = 0;
  for (const [, colon] of text.matchAll(WRITTEN_TEXT)) if (colon === ':') written++;
  return written > countKeys(value);
}

/** Without recursion: the text may nest deeper than the stack. */
function countKeys(value: unknown): number {
  let keys = 0;
  const values = [value];
  while (values.length > 0) {
    const next = values.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inner: unknown[] = Object.values(next);
    if (!Array.isArray(next)) keys += inner.length;
    for (const one of inner) values.push(one);
  }
  return keys;
}
