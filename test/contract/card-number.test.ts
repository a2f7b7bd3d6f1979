import fc from 'fast-check';
import { holdsCardNumber, maskCardNumbers } from '../../src/contract';
import { rewritten } from '../../tools/kit/payments/arbitraries';
import { runs } from '../../tools/kit/thorough';

/** The schemes' own published test numbers. */
const CARDS = {
  'Visa of 13 digits': '4222222222222',
  Visa: '4111111111111111',
  'Visa of 19 digits': '4000000000000000006',
  Mastercard: '5555555555554444',
  'Mastercard, new range': '2223003122003222',
  'Mastercard, end of the new range': '2720999999999996',
  'American Express': '378282246310005',
  Discover: '6011111111111117',
  'Diners Club': '30569309025904',
  JCB: '3530111333300000',
  UnionPay: '6200000000000005',
};

const SEPARATORS = [
  ' ',
  '-',
  '.',
  ',',
  ':',
  ';',
  '/',
  '_',
  '\t',
  '\n',
  '\u00a0',
  '\u2009',
  '\u2010',
  '\u2013',
  '\u{10ead}',
  '- ',
  ' /',
];

const cards = fc.constantFrom(...Object.values(CARDS));
/** Digit groups of four, apart by any one separator. */
const writtenCards = fc
  .tuple(cards, fc.constantFrom('', ...SEPARATORS))
  .map(([card, separator]) => grouped(card, separator));

function grouped(card: string, separator: string): string {
  return card.match(/.{1,4}/g)!.join(separator);
}

describe('found', () => {
  test.each(Object.entries(CARDS))('%s', (_name, card) => {
    expect(holdsCardNumber(card)).toBe(true);
    expect(holdsCardNumber(`paid with ${card}, thanks`)).toBe(true);
  });

  test.each(SEPARATORS)('with %j between the groups', (separator) => {
    expect(Object.values(CARDS).map((card) => holdsCardNumber(grouped(card, separator)))).not.toContain(false);
  });

  test('among other numbers', () => {
    expect(holdsCardNumber('12 4111 1111 1111 1111 99')).toBe(true);
    expect(holdsCardNumber('invoice 12-3, 4111111111111111')).toBe(true);
  });
});

describe('not found', () => {
  test.each([
    ['a check digit that is off', '4111111111111112'],
    ['a prefix of no issuer', '9999999999999995'],
    ['a prefix between those of two issuers', '7000000000000005'],
    ['twelve digits', '411111111117'],
    ['twenty digits', '41111111111111111115'],
    ['a card number cut out of a longer number', '94111111111111111'],
    ['three separators in a row', '4111 1111 - 1111 1111'],
    ['letters between the groups', '4111x1111x1111x1111'],
    ['an IBAN', 'DE89 3704 0044 0532 0130 00'],
    ['a telephone number', '+49 30 901820'],
    ['a date', '2026-01-02 03:04:05'],
    ['nothing', ''],
  ])('%s', (_name, text) => {
    expect(holdsCardNumber(text)).toBe(false);
    expect(maskCardNumbers(text)).toBe(text);
  });
});

describe('masked', () => {
  test('each digit becomes a star, and all around stays', () => {
    expect(maskCardNumbers('{"a":1, "reference":"card 4111 1111-1111 1111!", "b":"4222222222222"}')).toBe(
      '{"a":1, "reference":"card **** ****-**** ****!", "b":"*************"}',
    );
  });

  test('digits written as JSON escapes', () => {
    const escaped = CARDS.Visa.replace(/\d/g, String.raw`\u003$&`);
    expect(maskCardNumbers(`{"reference":"${escaped}"}`)).toBe(`{"reference":"${'*'.repeat(16)}"}`);
    expect(maskCardNumbers(String.raw`"\u0034111111111111111"`)).toBe(`"${'*'.repeat(16)}"`);
  });

  test.each(['\\t', '\\n', '\\/', '\\u0020', '\\u00a0', '\\u2013', '\\u002D'])(
    'digits apart by the JSON escape %s',
    (separator) => {
      expect(maskCardNumbers(`"${grouped(CARDS.Visa, separator)}"`)).toBe(
        `"${['****', '****', '****', '****'].join(separator)}"`,
      );
    },
  );

  test('an escaped quote or backslash next to a card stays, so the copy is still JSON', () => {
    const reference = `"${CARDS.Visa}" \\u0031 \\`;
    const masked = maskCardNumbers(JSON.stringify({ reference }));
    expect(JSON.parse(masked)).toEqual({ reference: reference.replace(CARDS.Visa, '*'.repeat(16)) });
  });

  test.each(['\\u004$', '\\u005;', '\\u002k'])('%s has a character that is no hexadecimal digit: no escape', (text) => {
    expect(maskCardNumbers(`"${text}111111111111111"`)).toBe(`"${text}111111111111111"`);
  });

  test('what follows the only escape stays', () => {
    expect(maskCardNumbers(String.raw`4111111111111111\n!`)).toBe(String.raw`****************\n!`);
  });

  test('an escaped backslash begins no other escape', () => {
    const body = JSON.stringify({ reference: String.raw`\u0034111111111111111` });
    expect(maskCardNumbers(body)).toBe(body);
  });

  test('any text with a card, in any JSON writing: what a parser then reads holds none', () => {
    const any = fc.string({ unit: 'binary', maxLength: 12 });
    const texts = fc.tuple(any, writtenCards, any).map((parts) => parts.join(' . '));
    const bodies = fc.dictionary(fc.constantFrom('reference', 'a', 'b'), texts).chain(rewritten);
    fc.assert(
      fc.property(bodies, (body) => {
        const copy = JSON.parse(maskCardNumbers(body)) as Record<string, string>;
        expect(Object.values(copy).filter(holdsCardNumber)).toEqual([]);
      }),
      { numRuns: runs(100) },
    );
  });

  test('any text at all: the copy holds no card, and is the text itself if there was none', () => {
    const texts = fc
      .array(fc.oneof(writtenCards, fc.string({ unit: 'grapheme' }), fc.constantFrom(...SEPARATORS)))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        const copy = maskCardNumbers(text);
        expect(holdsCardNumber(copy)).toBe(false);
        if (!holdsCardNumber(text) && !text.includes('\\')) expect(copy).toBe(text);
      }),
      { numRuns: runs(200) },
    );
  });
});
