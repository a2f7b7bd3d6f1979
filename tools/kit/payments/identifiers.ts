import fc from 'fast-check';
import { holdsCardNumber, maskCardNumbers } from '../../../src/contract';

/** Country and BBAN structure: IBAN registry of SWIFT, release 101 (n digits, a capital letters, c either). */
export const IBAN_STRUCTURES = `
  AD 4n4n12c, AE 3n16n, AL 8n16c, AT 5n11n, AZ 4a20c, BA 3n3n8n2n, BE 3n7n2n, BG 4a4n2n8c, BH 4a14c, BI 5n5n11n2n, BR 8n5n10n1a1c, BY 4c4n16c,
  CH 5n12c, CR 4n14n, CY 3n5n16c, CZ 4n16n, DE 8n10n, DJ 5n5n11n2n, DK 4n9n1n, DO 4c20n, EE 2n14n, EG 4n4n17n, ES 4n4n1n1n10n, FI 3n11n, FK 2a12n,
  FO 4n9n1n, FR 5n5n11c2n, GB 4a6n8n, GE 2a16n, GI 4a15c, GL 4n9n1n, GR 3n4n16c, GT 4c20c, HN 4a20n, HR 7n10n, HU 3n4n1n15n1n, IE 4a6n8n, IL 3n3n13n,
  IQ 4a3n12n, IS 4n2n6n10n, IT 1a5n5n12c, JO 4a4n18c, KW 4a22c, KZ 3n13c, LB 4n20c, LC 4a24c, LI 5n12c, LT 5n11n, LU 3n13c, LV 4a13c, LY 3n3n15n,
  MC 5n5n11c2n, MD 2c18c, ME 3n13n2n, MK 3n10c2n, MN 4n12n, MR 5n5n11n2n, MT 4a5n18c, MU 4a2n2n12n3n3a, NI 4a20n, NL 4a10n, NO 4n6n1n, OM 3n16c,
  PK 4a16c, PL 8n16n, PS 4a21c, PT 4n4n11n2n, QA 4a21c, RO 4a16c, RS 3n13n2n, RU 9n5n15c, SA 2n18c, SC 4a2n2n16n3a, SD 2n12n, SE 3n16n1n, SI 5n8n2n,
  SK 4n6n10n, SM 1a5n5n12c, SO 4n3n12n, ST 4n4n11n2n, SV 4a20n, TL 3n14n2n, TN 2n3n13n2n, TR 5n1n16c, UA 6n19c, VA 3n15n, VG 4a16n, XK 4n10n2n, YE 4a4n18c`
  .split(',')
  .map((entry) => entry.trim().split(' ') as [country: string, structure: string]);

const DIGITS = '0123456789';
export const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ALPHABETS: Readonly<Record<string, string>> = { n: DIGITS, a: LETTERS, c: DIGITS + LETTERS };

const characters = (alphabet: string, minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength, maxLength });
/** Account numbers are digits in most countries, also where letters are allowed: only digits can look like a card number. */
const bban = (structure: string) =>
  fc
    .tuple(
      ...[...structure.matchAll(/(\d+)([nac])/g)].map(([, count, kind]) =>
        kind === 'c'
          ? fc.oneof(characters(DIGITS, Number(count)), characters(ALPHABETS.c!, Number(count)))
          : characters(ALPHABETS[kind!]!, Number(count)),
      ),
    )
    .map((parts) => parts.join(''));

/** The two check digits behind the text: ISO/IEC 7064, MOD 97-10. */
export function checkDigits(text: string): string {
  const number = Array.from(`${text}00`, (character) => parseInt(character, 36)).join('');
  return String(98n - (BigInt(number) % 97n)).padStart(2, '0');
}
export const withHead = (head: string, body: string) => `${head}${checkDigits(body + head)}${body}`;

export const ibans = (country: string, structure: string) => bban(structure).map((body) => withHead(country, body));
export const references = characters(DIGITS, 1, 21)
  .chain((digits) => fc.oneof(fc.constant(digits), characters(ALPHABETS.c!, 1, 21)))
  .map((body) => withHead('RF', body));
export const leis = fc
  .oneof(
    characters(ALPHABETS.c!, 18),
    fc.tuple(characters(LETTERS, 1), characters(DIGITS, 17)).map((parts) => parts.join('')),
  )
  .map((body) => body + checkDigits(body));
/** 26 digits and their check digit, modulo 10 recursive: Swiss Implementation Guidelines QR-bill, annex B. */
export const qrReferences = characters(DIGITS, 26).map(
  (digits) =>
    digits +
    String(
      (10 -
        Array.from(digits).reduce((carry, digit) => [0, 9, 4, 6, 8, 2, 7, 1, 3, 5][(carry + Number(digit)) % 10]!, 0)) %
        10,
    ),
);

export const inFours = (text: string, separator: string) => text.match(/.{1,4}/g)!.join(separator);

const SURROUNDINGS = [
  ['', ''],
  ['IBAN: ', ', thanks'],
  ['(', ')'],
  ['to ', ' for rent'],
  ['"', '"'],
  ['x;', '/1'],
] as const;

/** Throws if the text is taken for a card number between any of the surroundings. */
export function expectNoCardNumber(printed: string, ...more: (readonly [before: string, after: string])[]): void {
  for (const text of [printed, printed.toLowerCase()]) {
    for (const [before, after] of [...SURROUNDINGS, ...more]) {
      const held = before + text + after;
      // A hundred thousand texts: an expectation of each would take longer than the code under test.
      if (holdsCardNumber(held) || maskCardNumbers(held) !== held)
        throw new Error(`${JSON.stringify(held)} is taken for a card number`);
    }
  }
}
