import issuers from 'credit-card-type';

/** Groups of digits with at most two separators between them, as people write card numbers. */
const DIGIT_GROUPS = /\d+(?:[\s.,:;/_\p{Pd}]{1,2}\d+)*/gu;
const SHORTEST_CARD = 13;
const LONGEST_CARD = 19;
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

/** Whether the text holds a card number: 13-19 digits, separators or none, a known issuer's prefix, and Luhn. */
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
  return [...text.matchAll(DIGIT_GROUPS)].flatMap((run) => cardsOfRun(run[0], run.index));
}

/** A card starts and ends with a group: cutting groups apart would find cards in any long number. */
function cardsOfRun(run: string, offset: number): Span[] {
  const groups = [...run.matchAll(/\d+/g)];
  return groups.flatMap((first, index) => {
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
