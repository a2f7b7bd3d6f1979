import fc from 'fast-check';
import { holdsCardNumber } from '../../src/contract';
import { aBody } from '../../tools/kit/payments/payments';
import { refusal } from '../../tools/kit/payments/refusal';
import {
  expectNoCardNumber,
  IBAN_STRUCTURES,
  ibans,
  inFours,
  leis,
  qrReferences,
  references,
  withHead,
} from '../../tools/kit/payments/identifiers';

const SEPARATORS = ['', ' ', '\u00a0', '\u202f', '\u2009', '-', '\u2013', '.', '\n'];
const RUNS = { numRuns: 60, seed: 1 };

test.each(IBAN_STRUCTURES)('IBANs of %s are no card numbers, electronic or printed', (country, structure) => {
  fc.assert(
    fc.property(ibans(country, structure), fc.constantFrom(...SEPARATORS), (iban, separator) => {
      expectNoCardNumber(inFours(iban, separator), ['IBAN', '']);
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
      expectNoCardNumber(_kind.startsWith('ISO') ? inFours(identifier, separator) : identifier);
    }),
    { numRuns: 800, seed: 1 },
  );
});

test('Swiss QR references are no card numbers, bare or printed: two digits and five groups of five', () => {
  fc.assert(
    fc.property(qrReferences, fc.constantFrom('', ' ', '\u00a0', '\u202f'), (reference, separator) => {
      expectNoCardNumber([reference.slice(0, 2), ...reference.slice(2).match(/.{5}/g)!].join(separator));
    }),
    { numRuns: 800, seed: 1 },
  );
});

test.each([
  'DK50 0040 0440 1162 43',
  'RF59 7739 1984 8408 6029 9109 9',
  'RF44 7739 1984 8408 6029 9109 9',
  'RF18 5390 0754 7034',
  '21 00000 00003 13947 14300 09017',
  'CI93 CI00 8011 1301 1342 9120 0589',
  'GB29 NWBK 6016 1331 9268 19',
  'CH44 3199 9123 0008 8901 2',
  'MT84 MALT 0110 0001 2345 MTLC AST0 01S',
  '+++090/9337/55493+++',
  'CH44 3199 9123 0008 8901 2, 21 00000 00003 13947 14300 09017',
  'from DK50 0040 0440 1162 43 to RF59 7739 1984 8408 6029 9109 9',
])('%s is none', (text) => {
  expect(holdsCardNumber(text)).toBe(false);
  expect(() => refusal(aBody({ reference: JSON.stringify(text) }))).toThrow('The body was accepted.');
  expect(() => refusal(aBody({ metadata: JSON.stringify({ [text]: text }) }))).toThrow('The body was accepted.');
});

test.each([
  ['PK', 'ABCDABC4222222222222'],
  ['PS', 'ABCDABCDEFGH4222222222222'],
  ['BY', 'AK1B3600ABC4222222222222'],
  ['DO', 'A1CD41111111111111110000'],
])('an IBAN of %s has letters and digits where the registry allows both, and is no card', (country, body) => {
  expectNoCardNumber(inFours(withHead(country, body), ' '));
  expectNoCardNumber(withHead(country, body));
});

test('an ISO 11649 reference has up to 25 characters', () => {
  expectNoCardNumber(inFours(withHead('RF', '411111111111111112345'), ' '));
  expect(holdsCardNumber(inFours(withHead('RF', '4111111111111111123456'), ' '))).toBe(true);
});
