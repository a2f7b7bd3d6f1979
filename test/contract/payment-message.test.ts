import { InvalidPaymentError, parsePaymentMessage } from '../../src/contract';
import { aBody, aPayment } from '../../tools/kit/payments/payments';
import { accepted, faultsOf, refusal } from '../../tools/kit/payments/refusal';

test('a payment is read as it was written', () => {
  const payment = aPayment({ reference: 'rent, March', metadata: { invoice: '42' } });
  expect(parsePaymentMessage(JSON.stringify(payment))).toEqual(payment);
});

test('every field but reference and metadata is required, and each missing one is named', () => {
  const { code, faults } = refusal('{}');
  const required = Object.keys(aPayment()).map((field) => `${field} must be given`);
  expect({ code, faults }).toEqual({ code: 'INVALID_PAYMENT', faults: required });
});

test('all faults are named at once, without the values', () => {
  const error = refusal(aBody({ amount: '"a lot"', currency: '"beans"', schema_version: '2' }));
  expect(error).toBeInstanceOf(InvalidPaymentError);
  expect(error.name).toBe('InvalidPaymentError');
  expect(error.message).toBe(
    'The message is no valid payment: schema_version must be 1; amount must be a number; currency must be an ISO 4217 code in force.',
  );
});

test.each(['transaction_id', 'account_id', 'beneficiary_id'])(
  '%s: alphabet, length, and no bare card-like digits',
  (field) => {
    const good = ['a', 'A-Z.z_09', 'x'.repeat(64), '1'.repeat(12), '1'.repeat(20), `${'1'.repeat(16)}a`, '...'];
    expect(good.map((id) => accepted(field, JSON.stringify(id)))).toEqual(good);

    const bad = [
      '',
      'x'.repeat(65),
      'a b',
      'a/b',
      'a#b',
      'é',
      'а',
      'a\n',
      '１２',
      '1'.repeat(13),
      '1'.repeat(16),
      '1'.repeat(19),
    ];
    for (const id of bad)
      expect([id, faultsOf(field, JSON.stringify(id))]).toEqual([id, [expect.stringContaining(field)]]);
  },
);

test.each([
  ['1', 1],
  ['999999999999', 999_999_999_999],
  ['10.0', 10],
  ['1e2', 100],
  ['100e-2', 1],
])('amount %s is %d minor units', (json, amount) => {
  expect(accepted('amount', json)).toBe(amount);
});

test.each([
  '0',
  '-0',
  '-1',
  '1.5',
  '0.1',
  '1000000000000',
  '999999999999.5',
  '999999999999.0000001',
  '1.00000000000000000001',
  '1e12',
  '1e400',
  '-1e400',
  '1e-400',
  '9007199254740993',
  '"10"',
  'null',
  'true',
  '[10]',
  '{}',
])('amount %s is refused', (json) => {
  expect(faultsOf('amount', json)).toEqual([expect.stringMatching(/^amount /)]);
});

test.each([
  ['transaction_id', '5', 'must be a text'],
  ['transaction_id', '"a b"', 'must be 1 to 64 characters of A-Z a-z 0-9 . _ -'],
  ['account_id', '"1234567890123"', 'must not be 13 to 19 bare digits, which could be a card number'],
  ['amount', '1.5', 'must be a whole number of minor units'],
  ['amount', '0', 'must be at least 1'],
  ['amount', '1000000000000', 'must be at most 999999999999'],
  ['currency', '5', 'must be a text'],
  ['requested_at', '5', 'must be a text'],
])('of the %s %s the error names the rule: it %s', (field, json, rule) => {
  expect(faultsOf(field, json)).toEqual([`${field} ${rule}`]);
});

test.each(['2', '"1"', '1.5', 'null', '[1]'])('schema_version %s is refused', (json) => {
  expect(faultsOf('schema_version', json)).toEqual(['schema_version must be 1']);
});

describe('characters of a text (SendMessage, SQS API Reference: #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF)', () => {
  /** Each way that a text gets into a payment. */
  const places = (character: string) => {
    const text = JSON.stringify(`a${character}b`);
    const escaped = `"a${Array.from({ length: character.length }, (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}b"`;
    return [text, escaped].flatMap(
      (json) =>
        [
          ['reference', json],
          ['metadata', `{"k":${json}}`],
          ['metadata', `{${json}:"v"}`],
        ] as const,
    );
  };

  test.each([
    ['U+FFFE', '\uFFFE'],
    ['U+FFFF', '\uFFFF'],
  ])('SQS carries no %s: no text of a payment holds it, written as it is or as an escape', (_name, character) => {
    for (const [field, json] of places(character)) {
      expect(refusal(aBody({ [field]: json }))).toMatchObject({
        code: 'INVALID_PAYMENT',
        faults: [`${field} must not hold U+FFFE or U+FFFF, which SQS does not carry`],
      });
    }
  });

  test.each([
    ['an emoji', '\u{1F4B6}'],
    ['a letter beyond the first plane', '\u{20BB7}'],
    ['U+1FFFE', '\u{1FFFE}'],
    ['U+10FFFF', '\u{10FFFF}'],
    ['U+FFFD', '\uFFFD'],
    ['U+FDD0', '\uFDD0'],
    ['U+D7FF', '\uD7FF'],
    ['U+E000', '\uE000'],
    ['U+FEFF', '\uFEFF'],
    ['U+2028', '\u2028'],
    ['U+0085', '\u0085'],
    ['a tab', '\t'],
    ['a control character, which JSON only writes as an escape', '\u0001'],
    ['NUL', '\u0000'],
  ])('%s is carried', (_name, character) => {
    for (const [field, json] of places(character))
      expect(parsePaymentMessage(aBody({ [field]: json }))).toHaveProperty(field);
  });
});

describe('reference', () => {
  test.each([
    ['empty', ''],
    ['140 letters', 'x'.repeat(140)],
    ['140 emoji', '💶'.repeat(140)],
  ])('%s is accepted', (_name, text) => {
    expect(accepted('reference', JSON.stringify(text))).toBe(text);
  });

  test.each([
    ['141 letters', 'x'.repeat(141)],
    ['141 emoji', '💶'.repeat(141)],
    ['a quarter of a megabyte', 'x'.repeat(262_144)],
  ])('%s is refused', (_name, text) => {
    expect(faultsOf('reference', JSON.stringify(text))).toEqual(['reference must have at most 140 characters']);
  });

  test('half a character is refused', () => {
    expect(faultsOf('reference', String.raw`"a\ud83d"`)).toEqual(['reference must be well-formed Unicode']);
    expect(faultsOf('reference', String.raw`"\udcb6\ud83d"`)).toEqual(['reference must be well-formed Unicode']);
  });

  test.each(['null', '5', '["x"]', '{}'])('%s is refused', (json) => {
    expect(faultsOf('reference', json)).toEqual(['reference must be a text']);
  });
});

describe('metadata', () => {
  const texts = (count: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'v'])));

  test('ten texts of 256 characters are accepted, and none', () => {
    const values = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`key ${at}`, '💶'.repeat(256)]));
    expect(accepted('metadata', JSON.stringify(values))).toEqual(values);
    expect(accepted('metadata', '{}')).toEqual({});
  });

  test('eleven are refused, and so is one of 257 characters', () => {
    expect(faultsOf('metadata', texts(11))).toEqual(['metadata must have at most 10 values']);
    expect(faultsOf('metadata', JSON.stringify({ k: 'x'.repeat(257) }))).toEqual([
      'metadata must have at most 256 characters',
    ]);
    expect(faultsOf('metadata', JSON.stringify({ ['k'.repeat(257)]: 'x' }))).toEqual([
      'metadata must have at most 256 characters',
    ]);
  });

  test.each(['null', '5', '"x"', '[]', '["x"]', '[["k","v"]]'])('%s is refused', (json) => {
    expect(faultsOf('metadata', json)).toEqual(['metadata must be an object of texts']);
  });

  test.each(['5', 'null', '{}', '["x"]'])('the value %s is refused', (json) => {
    expect(faultsOf('metadata', `{"k":${json}}`)).toEqual(['metadata must be a text']);
  });
});

describe('a card number', () => {
  const CARD = '4111 1111 1111 1111';

  test.each([
    ['the reference', { reference: JSON.stringify(`card ${CARD}`) }],
    ['the reference, as JSON escapes', { reference: String.raw`"\u0034111111111111111"` }],
    ['a value of the metadata', { metadata: JSON.stringify({ card: CARD }) }],
    ['a key of the metadata', { metadata: JSON.stringify({ [CARD]: 'card' }) }],
  ])('in %s is refused as such', (_name, fields) => {
    expect(refusal(aBody(fields)).code).toBe('CARD_NUMBER');
  });

  test('with another fault too, the message is INVALID_PAYMENT', () => {
    expect(refusal(aBody({ reference: JSON.stringify(CARD), amount: '0' })).code).toBe('INVALID_PAYMENT');
  });
});
