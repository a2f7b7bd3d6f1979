import fc from 'fast-check';
import { holdsCardNumber, maskCardNumbers } from '../../src/contract';
import {
  CARDS,
  expectNoCard,
  IBAN_STRUCTURES,
  ibans,
  inFours,
  leis,
  qrReferences,
  references,
} from '../../tools/kit/payments/identifiers';
import { runs } from '../../tools/kit/thorough';

const SEPARATORS = ['', ' ', '\u00a0', '\u202f', '\u2009', '-', '\u2013', '.', '\n'];
const RUNS = { numRuns: runs(60), seed: 1 };

test.each(IBAN_STRUCTURES)('IBANs of %s are no card numbers, electronic or printed', (country, structure) => {
  fc.assert(
    fc.property(ibans(country, structure), fc.constantFrom(...SEPARATORS), (iban, separator) => {
      expectNoCard(inFours(iban, separator), ['IBAN', '']);
    }),
    RUNS,
  );
});

test.each([
  ['ISO 11649 references', references],
  ['legal entity identifiers (ISO 17442)', leis],
])('%s are no card numbers, electronic or printed', (_kind, identifiers) => {
  fc.assert(
    fc.property(identifiers, fc.constantFrom(...SEPARATORS), (identifier, separator) => {
      expectNoCard(_kind.startsWith('ISO') ? inFours(identifier, separator) : identifier);
    }),
    { numRuns: runs(800), seed: 1 },
  );
});

test('Swiss QR references are no card numbers, bare or printed: two digits and five groups of five', () => {
  fc.assert(
    fc.property(qrReferences, fc.constantFrom('', ' ', '\u00a0', '\u202f'), (reference, separator) => {
      expectNoCard([reference.slice(0, 2), ...reference.slice(2).match(/.{5}/g)!].join(separator));
    }),
    { numRuns: runs(800), seed: 1 },
  );
});

const writtenCards = fc
  .tuple(fc.constantFrom(...CARDS), fc.constantFrom('', ' ', '-', '\u00a0'))
  .map(([card, separator]) => inFours(card, separator));
const anyIban = fc.constantFrom(...IBAN_STRUCTURES).chain(([country, structure]) => ibans(country, structure));
const anyIdentifier = fc
  .tuple(fc.oneof(anyIban, references), fc.constantFrom('', ' '))
  .map(([identifier, separator]) => inFours(identifier, separator));
const between = fc.constantFrom(' ', ', ', ' and ', '/', ' - ', '\n', '; card ', ' (');
/** The rest of the text, without the card. */
const isMasked = (text: string, card: string) => {
  expect(maskCardNumbers(text)).not.toContain(card);
};

test('a card number next to an identifier stays one, before it and behind it', () => {
  fc.assert(
    fc.property(anyIdentifier, between, writtenCards, (identifier, gap, card) => {
      // An identifier of eight characters or less and a card may be one longer reference of the same kind, once in 97 times.
      fc.pre(identifier.length > 12);
      for (const text of [
        identifier + gap + card,
        card + gap + identifier,
        `${identifier}${gap}${card}${gap}${identifier}`,
      ]) {
        expect([text, holdsCardNumber(text)]).toEqual([text, true]);
        isMasked(text, card);
      }
    }),
    { numRuns: runs(1_500), seed: 1 },
  );
});

test('an IBAN with other check digits hides no card number', () => {
  const wrong = fc.tuple(anyIban, fc.integer({ min: 1, max: 96 })).map(([identifier, off]) => {
    const digits = ((Number(identifier.slice(2, 4)) + off) % 97) + 2;
    return `${identifier.slice(0, 2)}${String(digits).padStart(2, '0')}${identifier.slice(4)}`;
  });
  let found = 0;
  fc.assert(
    fc.property(wrong, (identifier) => {
      const digitsAlone = holdsCardNumber(inFours(identifier, ' ').replace(/^../, '')); // no country, so no identifier
      const isSame =
        [...(identifier.slice(4) + identifier.slice(0, 4))].reduce(
          (rest, character) => Number(BigInt(`${rest}${parseInt(character, 36)}`) % 97n),
          0,
        ) === 1;
      fc.pre(!isSame);
      found += digitsAlone ? 1 : 0;
      expect([identifier, holdsCardNumber(inFours(identifier, ' '))]).toEqual([identifier, digitsAlone]);
    }),
    { numRuns: 800, seed: 1 },
  );
  expect(found).toBeGreaterThan(10);
});
