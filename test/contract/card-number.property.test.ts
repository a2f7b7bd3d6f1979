import fc from 'fast-check';
import { holdsCardNumber, maskCardNumbers } from '../../src/contract';
import { aBody } from '../../tools/kit/payments/payments';
import { refusal } from '../../tools/kit/payments/refusal';

/** First digits as the schemes publish them (ISO/IEC 7812 issuers' ranges), written down apart from the library that the code asks. */
const PREFIXES = [
  '4',
  '51',
  '55',
  '2221',
  '2720',
  '34',
  '37',
  '6011',
  '644',
  '65',
  '300',
  '305',
  '36',
  '38',
  '3528',
  '3589',
  '62',
];

const digits = (length: number) =>
  fc.array(fc.nat({ max: 9 }), { minLength: length, maxLength: length }).map((list) => list.join(''));

/** A number of a known issuer whose check digit is right, or off by so much. */
const numbers = (length: number, off = 0): fc.Arbitrary<string> =>
  fc.constantFrom(...PREFIXES).chain((prefix) =>
    digits(length - prefix.length - 1).map((rest) => {
      const payload = prefix + rest;
      return payload + String((checkDigit(payload) + off) % 10);
    }),
  );

/** The digit that completes the Luhn sum: from the right, every second digit doubled, both digits of a product added. */
function checkDigit(payload: string): number {
  const sum = [...payload].reverse().reduce((total, digit, place) => {
    const product = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + Math.floor(product / 10) + (product % 10);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

const cards = fc.integer({ min: 13, max: 19 }).chain((length) => numbers(length));
const separators = fc.constantFrom('', ' ', '-', '.', '/', ':', '_', '\u00a0', '\u2009', '\u2013', ' -');
/** In groups as a person or a form may write them. */
const writtenCards = fc
  .tuple(cards, separators, fc.integer({ min: 2, max: 6 }))
  .map(([card, separator, size]) => card.match(new RegExp(`\\d{1,${size}}`, 'g'))!.join(separator));
const words = fc.string({ unit: fc.constantFrom(...'abc xyz,!?'), maxLength: 12 }).map((text) => `${text} x`);
const texts = fc
  .tuple(words, writtenCards, words)
  .map(([before, card, behind]) => ({ card, text: `${before} ${card} ${behind}` }));

test('a card number in a reference or in metadata is refused, however it is grouped, and the refusal does not show it', () => {
  fc.assert(
    fc.property(texts, ({ card, text }) => {
      const json = JSON.stringify(text);
      for (const fields of [{ reference: json }, { metadata: `{"note":${json}}` }, { metadata: `{${json}:"note"}` }]) {
        const error = refusal(aBody(fields));
        expect(error.code).toBe('CARD_NUMBER');
        expect(error.message).not.toContain(card);
      }
    }),
  );
});

test('a wide range of an issuer is known as a whole, also between the narrow ranges of others in it', () => {
  for (let number = 400_000; number < 500_000; number += 97) {
    const payload = `${number}000000000`;
    const card = payload + String(checkDigit(payload));
    expect([card, holdsCardNumber(card)]).toEqual([card, true]);
  }
});

test('its mask leaves no digit of it, and every other character', () => {
  fc.assert(
    fc.property(texts, ({ card, text }) => {
      const masked = maskCardNumbers(text);
      expect(masked).toBe(text.replace(card, card.replace(/\d/g, '*')));
      expect(masked).not.toMatch(/\d/);
    }),
  );
});

test('an id of 13 to 19 bare digits is refused, a card number or not; with fewer or more digits, or a letter, it is an id', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('transaction_id', 'account_id', 'beneficiary_id'),
      fc.integer({ min: 1, max: 64 }),
      fc.nat({ max: 9 }),
      (field, length, digit) => {
        const id = String(digit).repeat(length);
        const read = () => refusal(aBody({ [field]: JSON.stringify(id) }));
        if (length < 13 || length > 19) expect(read).toThrow('The body was accepted.');
        else expect(read().faults).toEqual([`${field} must not be 13 to 19 bare digits, which could be a card number`]);
        // Of zeros, as no issuer's numbers begin with them: beside a letter a card number is refused too.
        expect(() => refusal(aBody({ [field]: JSON.stringify(`${'0'.repeat(length - 1)}A`) }))).toThrow(
          'The body was accepted.',
        );
      },
    ),
  );
});

test('a number that is not a card number passes: wrong check digit, too short, too long', () => {
  const length = fc.integer({ min: 13, max: 19 });
  const wrongCheckDigit = fc
    .tuple(length, fc.integer({ min: 1, max: 9 }))
    .chain(([digitsIn, off]) => numbers(digitsIn, off));
  const tooShort = fc.integer({ min: 6, max: 12 }).chain((digitsIn) => numbers(digitsIn));
  const tooLong = fc.integer({ min: 20, max: 40 }).chain((digitsIn) => numbers(digitsIn));
  fc.assert(
    fc.property(fc.oneof(wrongCheckDigit, tooShort, tooLong), words, (number, word) => {
      const text = `${word} ${number} ${word}`;
      expect(holdsCardNumber(text)).toBe(false);
      expect(maskCardNumbers(text)).toBe(text);
      expect(() => refusal(aBody({ reference: JSON.stringify(text) }))).toThrow('The body was accepted.');
    }),
  );
});
