import { createReadStream } from 'node:fs';
import { InvalidPaymentError, parsePaymentMessage, type PaymentMessage } from '../contract';
import { parseStrictJson } from '../contract/json';
import { paymentMessage } from '../contract/payment-message';
import { encodingOf, type TextEncoding, withoutByteOrderMark } from './text-encoding';
import { UsageError } from './command-error';

/** A line of a file of payments: its payment, or why it is invalid. */
export type PaymentLine = { readonly line: number } & (
  { readonly payment: PaymentMessage } | { readonly fault: InvalidPaymentError }
);

/** Code units. Bounds the memory that a line takes; SQS carries no message of more than 1 MiB. */
const LONGEST_LINE = 1_048_576;
const BLANK = /^[ \t\r\n]*$/;

/** Too short, and without digits, to hold the number of an account or a card. */
const FIELD_NAME = /^[A-Za-z_]{1,32}$/;
const MOST_NAMES = 5;

/** Half of a surrogate pair, which no valid UTF-16 text contains. */
const HALF_A_PAIR = '\ud800';
const WANTED = 'give a file of JSON lines, one payment each';

/**
 * Reads JSON lines, one payment each, in UTF-8, or in UTF-16 with a byte order mark. Only `\n` and `\r\n` end a line. Blank
 * lines, and a byte order mark before a line, are skipped. The memory used does not depend on the file's size.
 * @throws UsageError when the file cannot be read, or holds no line
 */
export async function* readPaymentFile(file: string): AsyncGenerator<PaymentLine, void, undefined> {
  let isEmpty = true;
  for await (const line of readLines(file)) {
    if (line.text !== undefined && BLANK.test(line.text)) continue;
    isEmpty = false;
    yield parse(line);
  }
  if (isEmpty) throw new UsageError(`${file} is empty: ${WANTED}.`);
}

interface Line {
  readonly line: number;
  /** Undefined when the line has a fault. */
  readonly text: string | undefined;
  readonly fault: string;
}

function parse({ line, text, fault }: Line): PaymentLine {
  try {
    if (text === undefined) throw new InvalidPaymentError('INVALID_JSON', [fault]);
    return { line, payment: parsePaymentMessage(text) };
  } catch (error) {
    if (!(error instanceof InvalidPaymentError)) throw error;
    const unknown = error.code === 'INVALID_PAYMENT' ? unknownFields(text!) : [];
    return { line, fault: unknown.length === 0 ? error : withNames(error, unknown) };
  }
}

/** The functions name no unknown field, as their logs may hold nothing of a payment. Who has the file may see what looks like a mistyped name. */
function unknownFields(text: string): string[] {
  const value: unknown = parseStrictJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.keys(value).filter((field) => !Object.hasOwn(paymentMessage.entries, field) && FIELD_NAME.test(field));
}

function withNames({ code, faults }: InvalidPaymentError, fields: readonly string[]): InvalidPaymentError {
  const more = fields.length > MOST_NAMES ? ` and ${fields.length - MOST_NAMES} more` : '';
  return new InvalidPaymentError(code, [...faults, `unknown: ${fields.slice(0, MOST_NAMES).join(', ')}${more}`]);
}

/** Splits the file into lines. Node's readline also ends lines at `\r`, and since Node 24 at U+2028 and U+2029. */
async function* readLines(file: string): AsyncGenerator<Line, void, undefined> {
  let encoding: TextEncoding | undefined;
  let bytes = Buffer.alloc(0);
  let units = '';
  let line = 0;
  for await (const chunk of readChunks(file)) {
    bytes = Buffer.concat([bytes, chunk]);
    if (encoding === undefined && bytes.length < 2) continue;
    encoding ??= encodingOf(bytes);
    const whole = bytes.length - (bytes.length % encoding.unitBytes);
    const [rest = '', ...starts] = encoding.toUnits(bytes.subarray(0, whole)).split('\n');
    bytes = bytes.subarray(whole);
    if (units.length <= LONGEST_LINE) units += rest;
    for (const start of starts) {
      yield decodeLine(++line, units, encoding);
      units = start;
    }
  }
  encoding ??= encodingOf(bytes);
  if (bytes.length > 0) units += encoding.unitBytes === 1 ? encoding.toUnits(bytes) : HALF_A_PAIR;
  if (units !== '') yield decodeLine(++line, units, encoding);
}

async function* readChunks(file: string): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const chunk of createReadStream(file)) yield chunk as Buffer;
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}): ${WANTED}.`);
  }
}

function decodeLine(line: number, ended: string, encoding: TextEncoding): Line {
  const units = ended.endsWith('\r') ? ended.slice(0, -1) : ended;
  if (units.length > LONGEST_LINE)
    return { line, text: undefined, fault: 'it is longer than 1 MiB, more than SQS carries' };
  const text = encoding.decode(units);
  return {
    line,
    text: text === undefined ? undefined : withoutByteOrderMark(text),
    fault: `it is not valid ${encoding.name}`,
  };
}
