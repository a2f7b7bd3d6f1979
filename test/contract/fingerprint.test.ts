import fc from 'fast-check';
import { createHash } from 'node:crypto';
import {
  createAccountHash,
  deduplicationId,
  fingerprint,
  parsePaymentMessage,
  type PaymentMessage,
} from '../../src/contract';
import { payments, rewritten } from '../../tools/kit/payments/arbitraries';
import { aPayment } from '../../tools/kit/payments/payments';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('the fingerprint is the SHA-256 of the RFC 8785 form', () => {
  const message = aPayment({ reference: 'a "b" €', metadata: { z: '1', a: '2' } });
  const canonical =
    '{"account_id":"alice","amount":1050,"beneficiary_id":"bob","currency":"EUR","metadata":{"a":"2","z":"1"},' +
    '"reference":"a \\"b\\" €","requested_at":"2026-01-02T03:04:05Z","schema_version":1,"transaction_id":"tx-1"}';
  expect(fingerprint(message)).toBe(sha256(canonical));
});

test('it does not depend on how the JSON is written', () => {
  const writings = payments.chain((payment) => fc.tuple(fc.constant(payment), rewritten(payment), rewritten(payment)));
  fc.assert(
    fc.property(writings, ([payment, one, other]) => {
      const expected = fingerprint(payment);
      expect([one, other].map((body) => fingerprint(parsePaymentMessage(body)))).toEqual([expected, expected]);
    }),
    { numRuns: 60 },
  );
});

test('any change of any field changes it', () => {
  fc.assert(
    fc.property(payments, payments, (one, other) => {
      for (const field of new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof PaymentMessage>) {
        const changed = withFieldOf(one, other, field);
        const same = JSON.stringify(one[field]) === JSON.stringify(other[field]) || sameTexts(one[field], other[field]);
        expect(fingerprint(changed) === fingerprint(one)).toBe(same);
      }
    }),
    { numRuns: 60 },
  );
});

test('the least change of any field changes it', () => {
  fc.assert(
    fc.property(payments, fc.nat(), fc.nat(), (payment, chosen, at) => {
      const fields = Object.keys(payment) as (keyof PaymentMessage)[];
      const field = fields[chosen % fields.length]!;
      const changed = { ...payment, [field]: leastChange(payment[field], at) } as PaymentMessage;
      expect(fingerprint(changed)).not.toBe(fingerprint(payment));
      expect(deduplicationId.payment(changed)).not.toBe(deduplicationId.payment(payment));
    }),
    { numRuns: 150 },
  );
});

test('a text says the same only where it stands', () => {
  const texts = fc
    .array(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 2 })
    .filter(([a, b]) => a !== b);
  fc.assert(
    fc.property(payments, texts, (payment, [a, b]) => {
      const prints = [{ [a!]: b! }, { [b!]: a! }, { [a! + b!]: '' }, { '': a! + b! }].map((metadata) =>
        fingerprint({ ...payment, metadata }),
      );
      const swapped = [
        { transaction_id: a!, account_id: b! },
        { transaction_id: b!, account_id: a! },
      ].map((ids) => fingerprint({ ...payment, ...ids }));
      expect(new Set([...prints, ...swapped]).size).toBe(6);
    }),
    { numRuns: 60 },
  );
});

test('a reference that is absent is not an empty one', () => {
  expect(fingerprint(aPayment())).not.toBe(fingerprint(aPayment({ reference: '' })));
  expect(fingerprint(aPayment())).not.toBe(fingerprint(aPayment({ metadata: {} })));
});

describe('deduplication ids', () => {
  const message = aPayment();

  test('one payment keeps its own across retries', () => {
    expect(deduplicationId.payment(message)).toBe(
      deduplicationId.payment(parsePaymentMessage(JSON.stringify(message))),
    );
  });

  test('a changed body, or another payment with this body, has another', () => {
    const ids = [message, aPayment({ amount: 1_051 }), aPayment({ transaction_id: 'tx-2' })].map(
      deduplicationId.payment,
    );
    expect(new Set(ids).size).toBe(3);
  });

  test('a quarantined copy is known by its source message and the attempt', () => {
    const ids = (
      [
        ['m1', 1],
        ['m1', 1],
        ['m2', 1],
        ['m1', 2],
      ] as const
    ).map(([id, attempt]) => deduplicationId.quarantine(id, attempt));
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });

  test('a redriven message is known by its dead letter and the attempt, and is no quarantined copy of one', () => {
    const ids = [
      deduplicationId.redrive('m1', 2),
      deduplicationId.redrive('m1', 2),
      deduplicationId.redrive('m2', 2),
      deduplicationId.redrive('m1', 3),
      deduplicationId.quarantine('m1', 2),
    ];
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(4);
  });

  test('what an id is made of does not run together: 1 and 23 are not 12 and 3', () => {
    expect(deduplicationId.quarantine('m1', 23)).not.toBe(deduplicationId.quarantine('m12', 3));
  });

  test('are the same in each release, as one may repeat a send that another began', () => {
    expect(deduplicationId.payment(message)).toBe(sha256(`tx-1\n${fingerprint(message)}`));
    expect(deduplicationId.quarantine('m1', 2)).toBe(sha256('dlq\nm1\n2'));
    expect(deduplicationId.redrive('m1', 3)).toBe(sha256('redrive\nm1\n3'));
  });

  test('all have the 1 to 128 characters that SQS takes', () => {
    for (const id of [
      deduplicationId.payment(message),
      deduplicationId.quarantine('m1', 2),
      deduplicationId.redrive('m1', 3),
    ])
      expect(id).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("an account's hash", () => {
  test('tells accounts apart and does not show them', () => {
    const hash = createAccountHash('a key of 32 characters, at least');
    expect(hash('alice')).toBe(hash('alice'));
    expect(hash('alice')).not.toBe(hash('alicf'));
    expect(hash('alice')).toMatch(/^[0-9a-f]{16}$/);
  });

  test('is another one under another key, so that without the key it tells nothing', () => {
    const hashes = [
      'one key of 32 characters, at least',
      'two key of 32 characters, at least',
      undefined,
      undefined,
    ].map((key) => createAccountHash(key)('12345678'));
    const unkeyed = ['12345678', 'account\n12345678'].map((text) =>
      createHash('sha256').update(text).digest('hex').slice(0, 16),
    );
    expect(new Set([...hashes, ...unkeyed]).size).toBe(hashes.length + unkeyed.length);
  });

  test('is HMAC-SHA-256: RFC 4231, test case 2', () => {
    expect(createAccountHash('Jefe')('what do ya want for nothing?')).toBe('5bdcc146bf60754e');
  });
});

function withFieldOf(one: PaymentMessage, other: PaymentMessage, field: keyof PaymentMessage): PaymentMessage {
  const fields = Object.entries(one).filter(([name]) => name !== field);
  return Object.fromEntries([
    ...fields,
    ...Object.entries(other).filter(([name]) => name === field),
  ]) as unknown as PaymentMessage;
}

function sameTexts(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const sorted = (texts: object) => JSON.stringify(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(one) === sorted(other);
}

/** One more minor unit, one text more, or one character: another case, another one in its place, or one more. */
function leastChange(value: PaymentMessage[keyof PaymentMessage], at: number): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'object') return { ...value, [`new ${at}`]: '' };
  const text = value ?? '';
  const place = at % (text.length + 1);
  const unit = text[place] ?? '';
  const otherCase = unit === unit.toLowerCase() ? unit.toUpperCase() : unit.toLowerCase();
  const other = otherCase.length === 1 && otherCase !== unit ? otherCase : '~^'.replace(unit, '').slice(0, 1);
  return text.slice(0, place) + other + text.slice(place + (at % 2));
}
