import { isUtf8 } from 'node:buffer';

/** The encoding of a file's text. */
export interface TextEncoding {
  readonly name: 'UTF-8' | 'UTF-16';
  /** Bytes of a code unit. */
  readonly unitBytes: 1 | 2;
  /** A character for each code unit, so that what is read in pieces can be cut at any code unit. */
  readonly toUnits: (bytes: Buffer) => string;
  /** The text of such characters, or undefined when they are not valid in this encoding. */
  readonly decode: (units: string) => string | undefined;
}

const UTF8: TextEncoding = {
  name: 'UTF-8',
  unitBytes: 1,
  toUnits: (bytes) => bytes.toString('latin1'),
  decode: (units) => {
    const bytes = Buffer.from(units, 'latin1');
    return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
  },
};
const UTF16_LE: TextEncoding = {
  name: 'UTF-16',
  unitBytes: 2,
  toUnits: (bytes) => bytes.toString('utf16le'),
  decode: (units) => (units.isWellFormed() ? units : undefined),
};
const UTF16_BE: TextEncoding = { ...UTF16_LE, toUnits: (bytes) => Buffer.from(bytes).swap16().toString('utf16le') };

/** The encoding of a text that starts with these two bytes: UTF-16 if they are its byte order mark, otherwise UTF-8. */
export function encodingOf(start: Buffer): TextEncoding {
  const mark = start.subarray(0, 2).toString('hex');
  return mark === 'fffe' ? UTF16_LE : mark === 'feff' ? UTF16_BE : UTF8;
}

export function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** A whole file's text without its byte order mark, or undefined when its bytes are not valid in its encoding. */
export function decodeText(bytes: Buffer): string | undefined {
  const { unitBytes, toUnits, decode } = encodingOf(bytes);
  if (bytes.length % unitBytes !== 0) return undefined;
  const text = decode(toUnits(bytes));
  return text === undefined ? undefined : withoutByteOrderMark(text);
}
