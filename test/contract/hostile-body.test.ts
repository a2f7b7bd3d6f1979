import { parsePaymentMessage } from '../../src/contract';
import { aBody, aPayment } from '../../tools/kit/payments/payments';
import { refusal } from '../../tools/kit/payments/refusal';

const DEPTH = 200_000;

test.each([
  ['nothing', ''],
  ['white space', ' \n'],
  ['a word', 'undefined'],
  ['a payment cut short', aBody().slice(0, -1)],
  ['a payment and more', `${aBody()}x`],
  ['two payments', aBody() + aBody()],
  ['a byte order mark', `\ufeff${aBody()}`],
  ['single quotes', aBody().replaceAll('"', "'")],
  ['a trailing comma', aBody().replace(/\}$/, ',}')],
  ['a comment', `${aBody()} // paid`],
  ['a control character in a text', aBody({ reference: '"a\u0001b"' })],
  ['a bad escape', aBody({ reference: String.raw`"\x41"` })],
  ['half an escape', aBody({ reference: String.raw`"\u00"` })],
  ['a leading zero', aBody({ amount: '010' })],
  ['a hexadecimal number', aBody({ amount: '0x10' })],
  ['NaN', aBody({ amount: 'NaN' })],
  ['Infinity', aBody({ amount: 'Infinity' })],
])('%s is not JSON', (_name, body) => {
  expect(refusal(body)).toMatchObject({ code: 'INVALID_JSON', faults: ['it is not JSON'] });
});

test.each(['null', 'true', '7', '"text"', '[]', `[${aBody()}]`])('%s is no object', (body) => {
  expect(refusal(body)).toMatchObject({ code: 'INVALID_PAYMENT', faults: ['it is not an object'] });
});

test.each([
  ['arrays', '['.repeat(DEPTH) + ']'.repeat(DEPTH)],
  ['arrays without an end', '['.repeat(DEPTH)],
  ['objects', '{"a":'.repeat(DEPTH) + '1' + '}'.repeat(DEPTH)],
  ['arrays in a field', aBody({ reference: '['.repeat(DEPTH) + ']'.repeat(DEPTH) })],
])('200,000 nested %s are refused, not a crash', (_name, body) => {
  expect(refusal(body)).toMatchObject({ code: 'INVALID_JSON', faults: ['it nests too deeply'] });
});

test.each([
  ['a field', aBody().replace(/\}$/, ',"amount":9}')],
  ['a field, once escaped', aBody().replace(/\}$/, String.raw`,"\u0061mount":9}`)],
  ['the metadata', aBody().replace(/\}$/, ',"metadata":{"k":"1"},"metadata":{"k":"2"}}')],
  ['a key of the metadata', aBody({ metadata: '{"k":"1","k":"2"}' })],
  ['a field, with unequal types', aBody().replace(/\}$/, ',"amount":"1050"}')],
])('%s given twice with two values is refused', (_name, body) => {
  expect(refusal(body)).toMatchObject({ code: 'INVALID_JSON', faults: ['it repeats a key'] });
});

test('a field given twice with one value is one payment to every reader', () => {
  expect(parsePaymentMessage(aBody().replace(/\}$/, ',"amount":1050}'))).toEqual(aPayment());
});

const INHERITED = Object.getOwnPropertyNames(Object.prototype);

test.each([...INHERITED, 'prototype', 'Amount', 'amount ', '', '\\ud800'])(
  'the unknown field "%s" is refused',
  (name) => {
    const body = aBody().replace(/\}$/, `,"${name}":"x"}`);
    const { code, faults } = refusal(body);
    expect({ code, faults }).toEqual({
      code: 'INVALID_PAYMENT',
      faults: expect.arrayContaining(['an unknown field is given']) as unknown,
    });
  },
);

test.each(['__proto__', 'constructor', 'prototype', String.raw`\u005f_proto__`])(
  'the metadata key "%s" is refused',
  (key) => {
    for (const value of ['"x"', '{"reference":"x"}']) {
      const { code, faults } = refusal(aBody({ metadata: `{"${key}":${value}}` }));
      expect(code).toBe('INVALID_PAYMENT');
      expect(faults).toContain('it uses a reserved name as a key (__proto__, constructor, prototype)');
    }
  },
);

test('a payment cannot inherit its fields', () => {
  expect(refusal(`{"__proto__":${aBody()}}`).faults).toContain('amount must be given');
  expect(Object.getPrototypeOf({})).not.toHaveProperty('amount');
});

test('metadata keys that objects happen to inherit are keys like any other', () => {
  const metadata = { toString: 'a', hasOwnProperty: 'b', toJSON: 'c' };
  expect(parsePaymentMessage(aBody({ metadata: JSON.stringify(metadata) })).metadata).toEqual(metadata);
});

const SIZE = 262_144;

test.each([
  ['digits', aBody({ reference: `"${'4'.repeat(SIZE)}"` })],
  ['groups of digits', aBody({ reference: `"${'4 '.repeat(SIZE / 2)}"` })],
  ['an amount', aBody({ amount: '1' + '0'.repeat(SIZE) })],
  ['a fraction of zeros', aBody({ amount: `1.${'0'.repeat(SIZE)}1` })],
  ['an exponent', aBody({ amount: `1e1${'0'.repeat(SIZE)}` })],
  ['an id', aBody({ transaction_id: `"${'4'.repeat(SIZE)}"` })],
  ['unknown fields', `{${Array.from({ length: SIZE / 12 }, (_, at) => `"x${at}":1`).join(',')}}`],
  ['metadata', aBody({ metadata: `{${Array.from({ length: SIZE / 12 }, (_, at) => `"x${at}":"4"`).join(',')}}` })],
  ['repeated keys', `{${'"a":[],'.repeat(SIZE / 7)}"a":1}`],
  ['white space', ' '.repeat(SIZE)],
])('a quarter of a megabyte of %s is refused in few words', (_name, body) => {
  expect(refusal(body).message.length).toBeLessThan(2_000);
});
