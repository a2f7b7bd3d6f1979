import { countrySpecs } from 'ibantools';
import { GAP, isAlphanumeric, isDigit, isLetter, lengthOf, SPACE, textOf, unitsOf } from './characters';

/**
 * Where ibantools 4.5.4 is narrower than SWIFT's IBAN registry (release 101), and for CI, which is not in the registry, than
 * the IBANs in use. Its national checks of account numbers are not asked for: an IBAN proves itself without them.
 */
const WIDER_STRUCTURES: Readonly<Record<string, string>> = {
  BY: '^[A-Z0-9]{4}[0-9]{4}[A-Z0-9]{16}$',
  CI: '^[A-Z0-9]{2}[0-9]{22}$',
  DO: '^[A-Z0-9]{4}[0-9]{20}$',
  PK: '^[A-Z]{4}[A-Z0-9]{16}$',
  PS: '^[A-Z]{4}[A-Z0-9]{21}$',
};

interface Country {
  /** Characters of its IBANs. */
  readonly length: number;
  /** The form of its BBANs. */
  readonly structure: RegExp;
}

const COUNTRIES: ReadonlyMap<number, Country> = new Map(
  Object.entries(countrySpecs).flatMap(([country, { chars, bban_regexp }]): [number, Country][] =>
    chars && bban_regexp
      ? [
          [
            nameOf(unitsOf(country), 0),
            { length: chars, structure: new RegExp(WIDER_STRUCTURES[country] ?? bban_regexp) },
          ],
        ]
      : [],
  ),
);
const RF = nameOf(unitsOf('RF'), 0);
const [IB, AN] = [nameOf(unitsOf('IBAN'), 0), nameOf(unitsOf('IBAN'), 2)];

/** Country, or RF, and check digits. */
const HEAD = 4;
/** RF, two check digits, and up to 21 characters: ISO 11649. */
const LONGEST_REFERENCE = 25;
const SHORTEST_REFERENCE = 5;
/** Groups of a printed reference, the last one shorter. */
const PRINTED_GROUP = 4;
/** Characters between two groups. */
const LONGEST_GAP = 2;
/** ISO 17442. It is never printed in groups. */
const LEI = 20;
/** Swiss Implementation Guidelines QR-bill, annex B: modulo 10, recursive. */
const CARRIES = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];

/**
 * Of each code unit, 1 if it is part of an identifier that its own check digits prove: IBAN, ISO 11649, LEI, QR reference.
 * Takes linear time: each word is read once, with as many characters behind it as an identifier has.
 */
export function markSelfChecking(text: Uint16Array): Uint8Array {
  const marks = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    if (!isAlphanumeric(text[at])) continue;
    const end = wordEnd(text, at, text.length);
    const head = headOf(text, at);
    if (head !== undefined) marks.fill(1, head, identifierEnd(text, head));
    if (end - at === LEI && isLei(text, at)) marks.fill(1, at, end);
    if (end - at === 2) marks.fill(1, at, qrReferenceEnd(text, at));
    at = end;
  }
  return marks;
}

/** Letters and check digits of an IBAN or an ISO 11649 reference, at the start of a word or behind "IBAN". */
function headOf(text: Uint16Array, word: number): number | undefined {
  if (isHead(text, word)) return word;
  return nameOf(text, word) === IB && nameOf(text, word + 2) === AN && isHead(text, word + HEAD)
    ? word + HEAD
    : undefined;
}

function isHead(text: Uint16Array, at: number): boolean {
  return isLetter(text[at]) && isLetter(text[at + 1]) && isDigit(text[at + 2]) && isDigit(text[at + 3]);
}

/** Two letters, upper or lower case, as one number. */
function nameOf(text: Uint16Array, at: number): number {
  const [first, second] = [text[at], text[at + 1]];
  return isLetter(first) && isLetter(second) ? (first! | 32) * 128 + (second! | 32) : 0;
}

/** @returns the head itself if no identifier proves itself there */
function identifierEnd(text: Uint16Array, head: number): number {
  const name = nameOf(text, head);
  if (name === RF) return referenceEnd(text, head);
  const country = COUNTRIES.get(name);
  return country === undefined ? head : ibanEnd(text, head, country);
}

/** The end of an IBAN of its country's length, in groups of any size. */
function ibanEnd(text: Uint16Array, head: number, { length, structure }: Country): number {
  let characters = 0;
  let rest = 0;
  for (let at = head; characters < length; at = gapEnd(text, at)) {
    const end = wordEnd(text, at, at + length - characters + 1);
    if (end === at || characters + end - at > length) return head;
    rest = restOf97(text, characters === 0 ? at + HEAD : at, end, rest);
    characters += end - at;
    if (characters === length)
      return provesItself(text, head, rest) && structure.test(compact(text, head + HEAD, end)) ? end : head;
    at = end;
  }
  return head;
}

function compact(text: Uint16Array, start: number, end: number): string {
  return textOf(text.slice(start, end))
    .replace(/[^A-Za-z0-9]/g, '')
    .toUpperCase();
}

/** The end of the longest reference that proves itself, in one group or in fours. References have any length, so more than one may. */
function referenceEnd(text: Uint16Array, head: number): number {
  let characters = 0;
  let rest = 0;
  let longest = head;
  for (let at = head; ; at = gapEnd(text, at)) {
    const end = wordEnd(text, at, at + LONGEST_REFERENCE - characters + 1);
    if (end === at || characters + end - at > LONGEST_REFERENCE) return longest;
    rest = restOf97(text, characters === 0 ? at + HEAD : at, end, rest);
    characters += end - at;
    if (characters >= SHORTEST_REFERENCE && provesItself(text, head, rest)) longest = end;
    if (end - at !== PRINTED_GROUP) return longest;
    at = end;
  }
}

/** Where the letters and digits end that begin here, or `limit`. */
function wordEnd(text: Uint16Array, start: number, limit: number): number {
  let at = start;
  while (at < limit && isAlphanumeric(text[at])) at++;
  return at;
}

function gapEnd(text: Uint16Array, start: number): number {
  let at = start;
  for (let characters = 0; characters < LONGEST_GAP; characters++) at += lengthOf(GAP, text, at);
  return at;
}

function isLei(text: Uint16Array, at: number): boolean {
  return isDigit(text[at + LEI - 2]) && isDigit(text[at + LEI - 1]) && restOf97(text, at, at + LEI) === 1;
}

/**
 * As QR-bills print their reference, two digits and five groups of five: its one check digit alone would prove little. Bare,
 * its 27 digits are too many for a card. @returns the start itself if there is none
 */
function qrReferenceEnd(text: Uint16Array, start: number): number {
  let carry = 0;
  let at = start;
  for (const [group, digits] of [2, 5, 5, 5, 5, 5].entries()) {
    if (group > 0 && lengthOf(SPACE, text, at++) === 0) return start;
    for (const end = at + digits; at < end; at++) {
      const unit = text[at];
      if (!isDigit(unit)) return start;
      carry = CARRIES[(carry + valueOf(unit)) % 10]!;
    }
  }
  return carry === 0 && !isAlphanumeric(text[at]) ? at : start;
}

/** ISO/IEC 7064, MOD 97-10, of what has its check digits at the third place; 00, 01 and 99 are never made. @param rest of what is behind the head */
function provesItself(text: Uint16Array, head: number, rest: number): boolean {
  const check = valueOf(text[head + 2]) * 10 + valueOf(text[head + 3]);
  return check >= 2 && check <= 98 && restOf97(text, head, head + HEAD, rest) === 1;
}

function restOf97(text: Uint16Array, start: number, end: number, before = 0): number {
  let rest = before;
  for (let at = start; at < end; at++) {
    const value = valueOf(text[at]);
    rest = (rest * (value < 10 ? 10 : 100) + value) % 97;
  }
  return rest;
}

/** The value of a digit, or of a letter: 10 to 35. */
function valueOf(unit = 0): number {
  return isDigit(unit) ? unit - 48 : (unit | 32) - 87;
}
