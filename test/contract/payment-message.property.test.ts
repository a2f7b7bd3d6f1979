import fc from 'fast-check';
import {
  InvalidPaymentError,
  parsePaymentMessage,
  type PaymentMessage,
  validatePaymentMessage,
} from '../../src/contract';
import { payments, rewritten } from '../../tools/kit/payments/arbitraries';
import { aBody, aPayment } from '../../tools/kit/payments/payments';
import { runs } from '../../tools/kit/thorough';

const MARK = 'MARKED-VALUE';

/** Every text, as key or value, carries the mark, so that any word of the input is told from the contract's own. */
const marked = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => `${MARK}${text}`);
const anyValue = fc.anything({
  key: fc.oneof(
    marked,
    fc.constantFrom(...Object.keys(aPayment()), 'reference', 'metadata', '__proto__', 'constructor'),
  ),
  values: [marked, fc.double(), fc.integer(), fc.boolean(), fc.constant(null)],
  maxDepth: 3,
});

/** A payment, or the one error, that says nothing of the input. */
function isHandledDiscreetly(read: () => PaymentMessage): void {
  try {
    const payment = read();
    expect(parsePaymentMessage(JSON.stringify(payment))).toEqual(payment);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidPaymentError);
    const { message, stack = '', faults } = error as InvalidPaymentError;
    expect([message, stack.split('\n', 1)[0], ...faults].join()).not.toContain(MARK);
    expect(faults.length).toBeGreaterThan(0);
  }
}

test('any valid payment is accepted as it is, however its JSON is written', () => {
  const written = payments.chain((payment) => fc.tuple(fc.constant(payment), rewritten(payment)));
  fc.assert(
    fc.property(written, ([payment, body]) => {
      expect(parsePaymentMessage(body)).toEqual(payment);
    }),
    { numRuns: runs(120) },
  );
});

test('any value is a payment or refused without a word of it', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      isHandledDiscreetly(() => validatePaymentMessage(value));
      isHandledDiscreetly(() => parsePaymentMessage(JSON.stringify(value)));
    }),
    { numRuns: runs(120) },
  );
});

test('a payment with any one field replaced or added is a payment or refused without a word of it', () => {
  const fields = fc.constantFrom(...Object.keys(aPayment()), 'reference', 'metadata', '__proto__', `${MARK}field`);
  fc.assert(
    fc.property(fields, anyValue, (field, value) => {
      isHandledDiscreetly(() => parsePaymentMessage(aBody({ [field]: JSON.stringify(value) })));
    }),
    { numRuns: runs(120) },
  );
});

test('any text is a payment or refused without a word of it', () => {
  const texts = fc.oneof(
    marked,
    fc.tuple(fc.nat({ max: 200 }), marked).map(([at, text]) => aBody().slice(0, at) + text + aBody().slice(at)),
    marked.map((text) => `{"${text}":1,"${text}":2}`),
  );
  fc.assert(
    fc.property(texts, (text) => {
      isHandledDiscreetly(() => parsePaymentMessage(text));
    }),
    { numRuns: runs(120) },
  );
});

test('a payment damaged anywhere is a payment that every other parser reads alike, or refused', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.constantFrom('"', '\\', '}', '{', ',', '1', '0', 'e3', '.0', '-', ' ', '\u0000', '\ud800'),
  );
  const damage = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), removed: fc.nat({ max: 3 }), piece });
  fc.assert(
    fc.property(payments.chain(rewritten), damage, (body, { at, removed, piece: added }) => {
      const from = Math.floor(at * body.length);
      const damaged = body.slice(0, from) + added + body.slice(from + removed);
      try {
        const payment = parsePaymentMessage(damaged);
        expect(JSON.parse(damaged)).toEqual(payment);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidPaymentError);
      }
    }),
    { numRuns: runs(400) },
  );
});

test('an accepted body is JSON to every other parser, with the same values', () => {
  const fragments = fc.array(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"a"',
      '"',
      '\\',
      '\\u0041',
      '1',
      '-',
      '.',
      'e',
      '0',
      'null',
      'tru',
      ' ',
      '\t',
      '\u00a0',
      '//',
    ),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(fragments, (parts) => {
      const body = aBody().replace(/\}$/, `,"reference":"a${parts.join('')}"}`);
      try {
        const payment = parsePaymentMessage(body);
        expect(JSON.parse(body)).toEqual(payment);
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidPaymentError);
      }
    }),
    { numRuns: runs(400) },
  );
});
