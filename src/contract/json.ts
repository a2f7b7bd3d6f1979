import { isSafeNumber, parse } from 'lossless-json';
import { unitsOf } from './characters';
import { InvalidPaymentError } from './failure-code';

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
    if (error instanceof SyntaxError)
      throw invalid(error.message.startsWith('Duplicate key') ? 'it repeats a key' : 'it is not JSON');
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

/** Counts without recursion: the text may nest deeper than the stack. */
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

const BACKSLASH = 92;
const U = 117;

/** Code units by the one that is written behind a backslash: RFC 8259, section 7. */
const ESCAPES: Readonly<Record<number, number>> = { 34: 34, 47: 47, 92: 92, 98: 8, 102: 12, 110: 10, 114: 13, 116: 9 };

export interface Written {
  /** Code units, each JSON escape decoded. */
  readonly units: Uint16Array;
  /** Where each is written, and behind the last one the end; left out when nothing is escaped. */
  readonly starts?: Uint32Array;
}

/** Reads a text as JSON's strings are read, wherever its quotes are. */
export function readWritten(text: string): Written {
  const written = unitsOf(text);
  if (!text.includes('\\')) return { units: written };
  const units = new Uint16Array(written.length);
  const starts = new Uint32Array(written.length + 1);
  let count = 0;
  for (let at = 0; at < written.length; count++) {
    starts[count] = at;
    const unit = written[at++]!;
    const behind = unit === BACKSLASH ? written[at] : undefined;
    const escaped = behind === U ? hexadecimal(written, at + 1) : ESCAPES[behind ?? 0];
    units[count] = escaped ?? unit;
    if (escaped !== undefined) at += behind === U ? 5 : 1;
  }
  starts[count] = written.length;
  return { units: units.subarray(0, count), starts };
}

/** Four digits. */
function hexadecimal(written: Uint16Array, start: number): number | undefined {
  let value = 0;
  for (let at = start; at < start + 4; at++) {
    const unit = written[at] ?? 0;
    const letter = unit | 32; // in lower case
    if (unit >= 48 && unit <= 57) value = value * 16 + unit - 48;
    else if (letter >= 97 && letter <= 102) value = value * 16 + letter - 87;
    else return undefined;
  }
  return value;
}
