import { endianness } from 'node:os';

const IS_BIG_ENDIAN = endianness() === 'BE';

/** Classes of a UTF-16 code unit; each is a bit. */
const KNOWN = 1;
/** White space. */
export const SPACE = 2;
/** Separators between the groups of printed identifiers: white space, dots and dashes. */
export const GAP = 4;
/** Separators between the groups of a card number. */
export const SEPARATOR = 8;

/** Filled as characters are met: a regular expression for each character of a long text would take too long. */
const classes = new Uint8Array(0x1_0000);

function classify(character: string): number {
  const isGap = /[\s.\p{Pd}]/u.test(character);
  return (
    KNOWN |
    (/\s/.test(character) ? SPACE : 0) |
    (isGap ? GAP : 0) |
    (isGap || /[,:;/_]/.test(character) ? SEPARATOR : 0)
  );
}

/** Code units of the character at this place if it is of the class: 1, or 2 beyond U+FFFF; else 0. */
export function lengthOf(kind: typeof SPACE | typeof GAP | typeof SEPARATOR, text: Uint16Array, at: number): 0 | 1 | 2 {
  const unit = text[at];
  if (unit === undefined) return 0;
  if (unit >= 0xd800 && unit <= 0xdbff) return kind !== SPACE && isDash(unit, text[at + 1]) ? 2 : 0;
  const found = classes[unit] === 0 ? (classes[unit] = classify(String.fromCharCode(unit))) : classes[unit]!;
  return (found & kind) === 0 ? 0 : 1;
}

/** Second halves of the dashes that begin with this half; dashes are all that lies beyond U+FFFF. */
const wideDashes = new Map<number, ReadonlySet<number>>();

function isDash(high: number, low = 0): boolean {
  const known = wideDashes.get(high) ?? dashesBehind(high);
  wideDashes.set(high, known);
  return known.has(low);
}

function dashesBehind(high: number): ReadonlySet<number> {
  const characters = Array.from({ length: 0x400 }, (_, at) => String.fromCharCode(high, 0xdc00 + at)).join('');
  return new Set(Array.from(characters.matchAll(/\p{Pd}/gu), ([dash]) => dash.charCodeAt(1)));
}

/** Whether the character is an ASCII digit. Identifiers and card numbers are ASCII. */
export function isDigit(unit = 0): boolean {
  return unit >= 48 && unit <= 57;
}

/** Whether the character is an ASCII letter or digit. */
export function isAlphanumeric(unit = 0): boolean {
  return isDigit(unit) || isLetter(unit);
}

/** Whether the character is an ASCII letter. */
export function isLetter(unit = 0): boolean {
  return (unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122);
}

/** Reading a long text from an array takes a fraction of the time. */
export function unitsOf(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  const bytes = Buffer.from(units.buffer);
  bytes.write(text, 'utf16le');
  if (IS_BIG_ENDIAN) bytes.swap16();
  return units;
}

/** Changes the units on a big-endian machine. */
export function textOf(units: Uint16Array): string {
  const bytes = Buffer.from(units.buffer, units.byteOffset, units.byteLength);
  if (IS_BIG_ENDIAN) bytes.swap16();
  return bytes.toString('utf16le');
}
