import type { PaymentMessage } from '../../src/contract';
import { aPayment } from '../../tools/kit/payments/payments';
import type { EntryFate } from '../../tools/kit/producer/faulty-sqs';
import { idsOf, payments, Producing } from '../../tools/kit/producer/producing';

const CARD_EXAMPLE = '4111 1111 1111 1111';
const CARD_IN_ID = '4111-1111-1111-1111';
/** An object in an object, and so on: JSON.stringify runs out of stack. */
const nested = (depth: number) => Array.from({ length: depth }).reduce((inner: object) => ({ inner }), {});

test.each<[what: string, payment: unknown, code: string, reason: RegExp]>([
  ['a bad field', aPayment({ amount: 0 }), 'INVALID_PAYMENT', /amount must be at least 1/],
  ['an unknown field', { ...aPayment(), refrence: 'x' }, 'INVALID_PAYMENT', /unknown field/],
  ['a card number', aPayment({ reference: CARD_EXAMPLE }), 'CARD_NUMBER', /reference must not hold a card number/],
  [
    'a card number as the transaction id',
    aPayment({ transaction_id: CARD_IN_ID }),
    'CARD_NUMBER',
    /transaction_id must not hold a card number/,
  ],
  [
    'a card number as the account',
    aPayment({ account_id: CARD_IN_ID }),
    'CARD_NUMBER',
    /account_id must not hold a card number/,
  ],
  [
    'a card number as the beneficiary',
    aPayment({ beneficiary_id: `x-${CARD_IN_ID}` }),
    'CARD_NUMBER',
    /beneficiary_id must not hold a card number/,
  ],
  [
    'U+FFFE, which SQS does not carry',
    aPayment({ reference: 'a\uFFFEb' }),
    'INVALID_PAYMENT',
    /reference must not hold U\+FFFE or U\+FFFF/,
  ],
  [
    'U+FFFF in a key',
    aPayment({ metadata: { '\uFFFF': 'x' } }),
    'INVALID_PAYMENT',
    /metadata must not hold U\+FFFE or U\+FFFF/,
  ],
  ['an amount that JSON cannot write', { ...aPayment(), amount: 10n }, 'INVALID_JSON', /cannot be written as JSON/],
  ['endless nesting', { ...aPayment(), metadata: nested(100_000) }, 'INVALID_JSON', /cannot be written as JSON/],
  ['nothing', undefined, 'INVALID_PAYMENT', /not an object/],
  ['null', null, 'INVALID_PAYMENT', /not an object/],
])('%s is refused before anything is sent, and blocks no other payment', async (_what, payment, code, reason) => {
  const producing = new Producing();

  const results = await producing.send([payment as PaymentMessage, aPayment({ transaction_id: 'next' })]);

  expect(results[0]).toEqual({ payment, status: 'refused', code, reason: expect.stringMatching(reason) });
  for (const card of [CARD_EXAMPLE, CARD_IN_ID])
    expect(results[0]).not.toHaveProperty('reason', expect.stringContaining(card));
  expect(idsOf(producing.queued)).toEqual(['next']);
});

test("what a payment's own toJSON throws is thrown, not taken for a refusal", async () => {
  const broken = {
    ...aPayment(),
    toJSON: () => {
      throw new Error('The getter of an entity failed.');
    },
  };

  await expect(new Producing().send([broken])).rejects.toThrow('The getter of an entity failed.');
});

test('a field left undefined is a field left out', async () => {
  const producing = new Producing();

  await producing.send([{ ...aPayment(), reference: undefined } as unknown as PaymentMessage]);

  expect(producing.queued).toEqual([aPayment()]);
});

test.each<[what: string, fate: EntryFate, code: string, sends: number]>([
  ['refused permanently', 'refused', 'InvalidParameterValue', 1],
  ['throttled again and again', 'throttled', 'ThrottlingException', 8],
])('a payment that is %s blocks its account, and no other', async (_what, fate, code, sends) => {
  const producing = new Producing({ entry: (id) => (id === 'payment-2' ? fate : 'stored') });

  const results = await producing.send(payments(8, 2));

  expect(results[2]).toMatchObject({
    status: 'refused',
    code: 'SEND_FAILED',
    reason: expect.stringContaining(code),
    cause: { Code: code },
  });
  for (const blocked of [4, 6]) {
    expect(results[blocked]).toMatchObject({
      status: 'refused',
      code: 'BLOCKED_BY',
      blockedBy: 'payment-2',
      reason: expect.stringContaining('payment-2'),
    });
  }
  expect(idsOf(producing.queued).sort()).toEqual(['payment-0', 'payment-1', 'payment-3', 'payment-5', 'payment-7']);
  expect(producing.sqs.sendsOf('payment-2')).toHaveLength(sends);
});

test('astral characters and noncharacters that SQS carries are sent', async () => {
  const producing = new Producing();
  const sent = ['\u{1F4B6}', '\u{20BB7}', '\u{1FFFE}', '\uFFFD', '\uFDD0', '\u0001'].map((reference, index) =>
    aPayment({ transaction_id: `${index}`, reference }),
  );

  const results = await producing.send(sent);

  expect(results.map(({ status }) => status)).toEqual(sent.map(() => 'accepted'));
  expect(producing.queued).toEqual(sent);
});
