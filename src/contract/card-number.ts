import issuers from 'credit-card-type';
import { markSelfChecking } from './self-checking';

/** Groups of digits with at most two separators between them, as people write card numbers. */
const DIGIT_GROUPS = /\d+(?:[\s.,:;/_\p{Pd}]{1,2}\d+)*/gu;
const SHORTEST_CARD = 13;
const LONGEST_CARD = 19;
const LONGEST_EVEN_GROUP = 6;
const ZERO = 48; // the code of '0'

/** First digits that belong to an issuer, lowest and highest; both of one length, so they compare as texts. */
const ISSUER_PREFIXES = Object.values(issuers.types)
  .flatMap((type) => issuers.getTypeInfo(type).patterns)
  .map((pattern) => (Array.isArray(pattern) ? pattern : [pattern, pattern]).map(String) as [string, string]);

/** A character as JSON may write it: as an escape, or as itself. */
const WRITTEN_CHARACTERS = /\\(?:u[0-9A-Fa-f]{4}|["\\/bfnrt])|[^]/g;

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Whether the text holds a card number: 13-19 digits, separators or none, a known issuer's prefix, and Luhn. Digits of an
 * identifier that its own check digits prove, such as an IBAN, are none.
 */
export function holdsCardNumber(text: string): boolean {
  return cardNumbers(text).length > 0;
}

/**
 * The text with each digit of each card number replaced by `*`, and nothing else changed. Digits and separators that
 * are written as JSON escapes are read as what they stand for.
 */
export function maskCardNumbers(text: string): string {
  const written = text.match(WRITTEN_CHARACTERS) ?? [];
  const characters = written.map(readCharacter);
  const cards = cardNumbers(characters.join(''));
  if (cards.length === 0) return text;
  for (const { start, end } of cards) {
    for (let at = start; at < end; at++) {
      if (/\d/.test(characters[at]!)) written[at] = '*';
    }
  }
  return written.join('');
}

function readCharacter(written: string): string {
  return written.length === 1 ? written : (JSON.parse(`"${written}"`) as string);
}

function cardNumbers(text: string): Span[] {
  const found = [...text.matchAll(DIGIT_GROUPS)].flatMap((run) => cardsOfRun(run[0], run.index, /^RF$/i.test(text.slice(Math.max(0, run.index - 2), run.index))));
  if (found.length === 0) return found;
  const proven = markSelfChecking(text);
  return found.filter(({ start, end }) => {
    const digits = [...text.slice(start, end).matchAll(/\d/g)].map(({ index }) => proven[start + index]);
    return digits.includes(0) && (!digits.includes(1) || isWrittenAsCard(text.slice(start, end)));
  });
}

/**
 * Digits of an identifier together with others beside it are a card only in a card's usual writing: even groups, or 4-6-5
 * and 4-6-4, with the same separator between them. An identifier is followed by some other number too often.
 */
function isWrittenAsCard(text: string): boolean {
  const sizes = text.match(/\d+/g)!.map((group) => group.length);
  const separators = new Set(text.split(/\d+/).slice(1, -1));
  const [size = 0] = sizes;
  const isEven = size <= LONGEST_EVEN_GROUP && sizes.every((one, index) => one === size || (index === sizes.length - 1 && one < size));
  return separators.size === 1 && (isEven || /^4,6,[45]$/.test(sizes.join()));
}

/**
 * A card starts and ends with a group: cutting groups apart would find cards in any long number. It does not start with the
 * two check digits of a printed ISO 11649 reference ("RF44 7739 ..."), right or wrong.
 */
function cardsOfRun(run: string, offset: number, followsRf: boolean): Span[] {
  const groups = [...run.matchAll(/\d+/g)];
  return groups.flatMap((first, index) => {
    if (index === 0 && followsRf && first[0].length === 2) return [];
    let digits = '';
    const found: Span[] = [];
    for (const group of groups.slice(index, index + LONGEST_CARD)) {
      digits += group[0];
      if (digits.length > LONGEST_CARD) break;
      if (digits.length >= SHORTEST_CARD && passesLuhn(digits) && hasIssuer(digits)) {
        found.push({ start: offset + first.index, end: offset + group.index + group[0].length });
      }
    }
    return found;
  });
}

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = (digits.charCodeAt(digits.length - 1 - place) - ZERO) * (place % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

function hasIssuer(digits: string): boolean {
  return ISSUER_PREFIXES.some(([low, high]) => {
    const prefix = digits.slice(0, low.length);
    return low <= prefix && prefix <= high;
  });
}
