import issuers from 'credit-card-type';
import { isDigit, lengthOf, SEPARATOR, textOf, unitsOf } from './characters';
import { readWritten, type Written } from './json';
import { markSelfChecking } from './self-checking';

const SHORTEST_CARD = 13;
const LONGEST_CARD = 19;
/** Separators between two groups of digits, as people write card numbers. */
const LONGEST_GAP = 2;
const LONGEST_EVEN_GROUP = 6;
const ISSUER_DIGITS = 8; // the most that an issuer's prefix has
const ZERO = 48; // the code of '0'
const STAR = 42;
const R = 114; // in lower case
const F = 102;

/** First eight digits that belong to issuers, lowest and highest. */
const ISSUER_RANGES = merged(
  Object.values(issuers.types)
    .flatMap((type) => issuers.getTypeInfo(type).patterns)
    .map((pattern) => (Array.isArray(pattern) ? pattern : [pattern, pattern]).map(String))
    .map(([low, high]) => [Number(low!.padEnd(ISSUER_DIGITS, '0')), Number(high!.padEnd(ISSUER_DIGITS, '9'))] as const),
);

type Range = readonly [low: number, high: number];

function merged(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const [low, high] of [...ranges].sort(([one], [other]) => one - other)) {
    const last = result.at(-1);
    if (last === undefined || last[1] < low) result.push([low, high]);
    else result[result.length - 1] = [last[0], Math.max(last[1], high)];
  }
  return result;
}

/**
 * Whether the text holds a card number: 13-19 digits, separators or none, a known issuer's prefix, and Luhn. Digits of an
 * identifier that its own check digits prove, such as an IBAN, are none.
 */
export function holdsCardNumber(text: string): boolean {
  const units = unitsOf(text);
  return scan(units) && scan(units, markSelfChecking(units));
}

/**
 * The text with each digit of each card number replaced by `*`, and nothing else changed. Digits and separators that
 * are written as JSON escapes are decoded before. Takes linear time for any text.
 */
export function maskCardNumbers(text: string): string {
  const written = readWritten(text);
  const { units } = written;
  if (!scan(units)) return text;
  const changes = new Int32Array(units.length + 1);
  const isFound = scan(units, markSelfChecking(units), (start, end) => {
    changes[start]!++;
    changes[end]!--;
    return false;
  });
  return isFound ? masked(text, written, changes) : text;
}

/** @param changes at each code unit, of how many more cards it is part than the one before it */
function masked(text: string, { units, starts }: Written, changes: Int32Array): string {
  const source = starts === undefined ? units : unitsOf(text);
  const copy = new Uint16Array(source.length);
  let length = 0;
  for (let at = 0, cards = 0; at < units.length; at++) {
    cards += changes[at]!;
    if (cards > 0 && isDigit(units[at])) copy[length++] = STAR;
    else
      for (let from = starts?.[at] ?? at, end = starts?.[at + 1] ?? at + 1; from < end; from++)
        copy[length++] = source[from]!;
  }
  return textOf(copy.subarray(0, length));
}

/** More than the longest card has; a power of two, so that the remainder is cheap. */
const KEPT = 32;
// Of the last digits of a run, each at its number within the run modulo KEPT. Kept from text to text: most texts are short.
const digits = new Uint8Array(KEPT);
const places = new Uint32Array(KEPT);
/** 1 if a group begins with the digit. */
const opens = new Uint8Array(KEPT);
/** How many of the digits before it are part of an identifier. */
const identified = new Uint32Array(KEPT);
/** Luhn sums (ISO/IEC 7812-1, annex B) modulo 10 of the digits before it, with the odd ones doubled, and with the even ones doubled. */
const sums = [new Uint8Array(KEPT), new Uint8Array(KEPT)] as const;

/**
 * Looks at each digit once, and at the end of each group of digits at the seven places where a card could begin. A card starts and
 * ends with a group: cutting groups apart would find cards in any long number.
 * @param proven of each code unit, 1 if it is part of an identifier that is no card
 * @param found told of each card; returns whether that is enough
 * @returns whether there is any
 */
function scan(
  text: Uint16Array,
  proven?: Uint8Array,
  found: (start: number, end: number) => boolean = () => true,
): boolean {
  let isFound = false;
  for (let at = 0; at < text.length; at++) {
    if (!isDigit(text[at])) continue;
    const isReference = (text[at - 2]! | 32) === R && (text[at - 1]! | 32) === F;
    let count = 0;
    let identifiedDigits = 0;
    let [oddDoubled, evenDoubled] = [0, 0];
    for (let next = at; next < text.length; next = gapEnd(text, at)) {
      if (!isDigit(text[next])) break;
      const group = count;
      for (at = next; isDigit(text[at]); at++, count++) {
        const digit = text[at]! - ZERO;
        const slot = count % KEPT;
        digits[slot] = digit;
        places[slot] = at;
        opens[slot] = count === group ? 1 : 0;
        identified[slot] = identifiedDigits;
        sums[0][slot] = oddDoubled;
        sums[1][slot] = evenDoubled;
        const doubled = digit > 4 ? digit * 2 - 9 : digit * 2;
        oddDoubled = (oddDoubled + (count % 2 === 0 ? digit : doubled)) % 10;
        evenDoubled = (evenDoubled + (count % 2 === 0 ? doubled : digit)) % 10;
        identifiedDigits += proven?.[at] ?? 0;
      }
      // A card does not start with the two check digits of a printed ISO 11649 reference ("RF44 7739 ..."), right or wrong.
      if (isReference && group === 0 && count === 2) opens[0] = 0;
      const parity = (count - 1) % 2; // the last digit of a card is not doubled
      const sum = parity === 0 ? oddDoubled : evenDoubled;
      for (let first = Math.max(0, count - LONGEST_CARD); first <= count - SHORTEST_CARD; first++) {
        const slot = first % KEPT;
        if (opens[slot] === 0 || sums[parity as 0 | 1][slot] !== sum || !hasIssuer(first)) continue;
        const others = count - first - (identifiedDigits - identified[slot]!);
        const start = places[slot]!;
        if (others === 0 || (others < count - first && !isWrittenAsCard(textOf(text.slice(start, at))))) continue;
        if (found(start, at)) return true;
        isFound = true;
      }
    }
    at--;
  }
  return isFound;
}

/** The index behind the separators between two groups; the start itself if there are none. */
function gapEnd(text: Uint16Array, start: number): number {
  let at = start;
  for (let characters = 0; characters < LONGEST_GAP; characters++) at += lengthOf(SEPARATOR, text, at);
  return at;
}

/** Whether an issuer's numbers begin with the digit of this number and those behind it. */
function hasIssuer(first: number): boolean {
  let prefix = 0;
  for (let number = first; number < first + ISSUER_DIGITS; number++) prefix = prefix * 10 + digits[number % KEPT]!;
  let from = 0;
  let to = ISSUER_RANGES.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const [low, high] = ISSUER_RANGES[middle]!;
    if (prefix < low) to = middle;
    else if (prefix > high) from = middle + 1;
    else return true;
  }
  return false;
}

/**
 * Digits of an identifier together with others beside it are a card only in a card's usual writing: even groups, or 4-6-5
 * and 4-6-4, with the same separator between them. An identifier is followed by some other number too often.
 */
function isWrittenAsCard(text: string): boolean {
  const sizes = text.match(/\d+/g)!.map((group) => group.length);
  const separators = new Set(text.split(/\d+/).slice(1, -1));
  const [size = 0] = sizes;
  const isEven =
    size <= LONGEST_EVEN_GROUP && sizes.every((one, index) => (index < sizes.length - 1 ? one === size : one <= size));
  return separators.size === 1 && (isEven || /^4,6,[45]$/.test(sizes.join()));
}
