import { countrySpecs } from 'ibantools';

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

/** Letters and check digits of an IBAN or an ISO 11649 reference, at the start of a word. */
const HEADS = /(?<![A-Za-z0-9])(?:IBAN)?(?<head>[A-Z]{2}\d{2})/gi;
/** What may stand between two groups of a printed one. */
const GAP = /[\s.\p{Pd}]{0,2}/uy;
/** No more of it than shows that it is too long for any identifier. */
const GROUP = /[A-Za-z0-9]{1,36}/y;
/** RF, two check digits, and up to 21 characters: ISO 11649. */
const LONGEST_REFERENCE = 25;
const SHORTEST_REFERENCE = 5;
/** Groups of a printed reference, the last one shorter. */
const PRINTED_GROUP = 4;
/** ISO 17442. It is never printed in groups. */
const LEIS = /(?<![A-Za-z0-9])[A-Z0-9]{18}\d{2}(?![A-Za-z0-9])/gi;
/** As QR-bills print their reference: its one check digit alone would prove little. Bare, its 27 digits are too many for a card. */
const QR_REFERENCES = /(?<![A-Za-z0-9])\d{2}(?:\s\d{5}){5}(?![A-Za-z0-9])/g;
/** Swiss Implementation Guidelines QR-bill, annex B: modulo 10, recursive. */
const CARRIES = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Of each character, 1 if it is part of an identifier that its own check digits prove: IBAN, ISO 11649, LEI, QR reference. */
export function markSelfChecking(text: string): Uint8Array {
  const marks = new Uint8Array(text.length);
  for (const { start, end } of selfChecking(text)) marks.fill(1, start, end);
  return marks;
}

function* selfChecking(text: string): Generator<Span> {
  for (const match of text.matchAll(HEADS)) {
    const start = match.index + match[0].length - match.groups!.head!.length;
    for (const end of text.slice(start, start + 2).toUpperCase() === 'RF' ? referenceEnds(text, start) : ibanEnds(text, start)) yield { start, end };
  }
  for (const { 0: lei, index } of text.matchAll(LEIS)) {
    if (restOf97(lei) === 1) yield { start: index, end: index + lei.length };
  }
  for (const { 0: reference, index } of text.matchAll(QR_REFERENCES)) {
    const carry = Array.from(reference.replace(/\s/g, '')).reduce((before, digit) => CARRIES[(before + Number(digit)) % 10]!, 0);
    if (carry === 0) yield { start: index, end: index + reference.length };
  }
}

/** Of its country's length, in groups of any size. */
function* ibanEnds(text: string, start: number): Generator<number> {
  const country = text.slice(start, start + 2).toUpperCase();
  const { chars: length = 0, bban_regexp: structure } = countrySpecs[country] ?? {};
  for (const { characters, end } of growing(text, start, length)) {
    if (characters.length < length || structure === undefined) continue;
    if (provesItself(characters) && new RegExp(WIDER_STRUCTURES[country] ?? structure).test(characters.slice(4))) yield end;
  }
}

/** Of any length, so that more than one may prove itself; in one group, or in fours. */
function* referenceEnds(text: string, start: number): Generator<number> {
  for (const { characters, end, group } of growing(text, start, LONGEST_REFERENCE)) {
    if (characters.length >= SHORTEST_REFERENCE && provesItself(characters)) yield end;
    if (group !== PRINTED_GROUP) return;
  }
}

interface Grown {
  /** In upper case, without what stands between the groups. */
  readonly characters: string;
  readonly end: number;
  /** Length of the last group. */
  readonly group: number;
}

/** What the first group is, what it is with the second, and so on, as long as it does not grow too long. */
function* growing(text: string, start: number, longest: number): Generator<Grown> {
  let characters = '';
  for (let at = start; ; at = GAP.lastIndex) {
    GROUP.lastIndex = at;
    const [group] = GROUP.exec(text) ?? [];
    if (group === undefined || characters.length + group.length > longest) return;
    characters += group.toUpperCase();
    yield { characters, end: at + group.length, group: group.length };
    GAP.lastIndex = at + group.length;
    GAP.exec(text);
  }
}

/** ISO/IEC 7064, MOD 97-10, of what has its check digits at the third place; 00, 01 and 99 are never made. */
function provesItself(characters: string): boolean {
  const check = Number(characters.slice(2, 4));
  return check >= 2 && check <= 98 && restOf97(characters.slice(4) + characters.slice(0, 4)) === 1;
}

function restOf97(characters: string): number {
  let rest = 0;
  for (const character of characters) {
    const value = parseInt(character, 36);
    rest = (rest * (value < 10 ? 10 : 100) + value) % 97;
  }
  return rest;
}
