import { once } from 'node:events';
import { deduplicationId, type PaymentMessage } from '../../src/contract';
import { aPayment } from '../../tools/kit/payments/payments';
import type { CallFate, EntryFate } from '../../tools/kit/producer/faulty-sqs';
import { idsOf, payments, Producing } from '../../tools/kit/producer/producing';

test('sends every payment once, with its account as group and an id of its content', async () => {
  const producing = new Producing();
  const sent = payments(53, 20);

  const results = await producing.send(sent);

  expect(results.map(({ payment, status }) => [payment, status])).toEqual(sent.map((payment) => [payment, 'accepted']));
  expect(new Set(producing.queued)).toEqual(new Set(sent));
  for (const { MessageBody, MessageGroupId, MessageDeduplicationId } of producing.sqs.batches.flat()) {
    const payment = JSON.parse(MessageBody!) as PaymentMessage;
    expect(MessageGroupId).toBe(payment.account_id);
    expect(MessageDeduplicationId).toBe(deduplicationId.payment(payment));
  }
});

test("an accepted payment comes with SQS's message id and sequence number", async () => {
  const producing = new Producing();

  const [result] = await producing.send([aPayment()]);

  const [message] = producing.sqs.messages;
  expect(result).toEqual({
    payment: aPayment(),
    status: 'accepted',
    messageId: message!.messageId,
    sequenceNumber: message!.sequenceNumber,
  });
});

test('keeps the order of an account, and has one of its payments in flight', async () => {
  const producing = new Producing();

  await producing.send(payments(60, 3));

  for (const account of [0, 1, 2]) {
    expect(idsOf(producing.queued, `account-${account}`)).toEqual(
      Array.from({ length: 20 }, (_, index) => `payment-${index * 3 + account}`),
    );
  }
  for (const batch of producing.sqs.batches)
    expect(new Set(batch.map(({ MessageGroupId }) => MessageGroupId)).size).toBe(batch.length);
});

test("a payment that comes when its account's first is done waits for the second, which is sent again", async () => {
  const trials = new EventTarget();
  const producing = new Producing({
    entry: (id, send) => {
      if (id !== 'payment-1') return 'stored';
      trials.dispatchEvent(new Event('second'));
      return send < 4 ? 'throttled' : 'stored';
    },
  });
  async function* source() {
    const isTried = once(trials, 'second');
    yield* payments(2, 1);
    await isTried;
    yield* payments(3, 1).slice(2);
  }

  await producing.send(source());

  expect(idsOf(producing.queued)).toEqual(['payment-0', 'payment-1', 'payment-2']);
});

test('an entry that SQS throttles is sent again before its successors', async () => {
  const producing = new Producing({ entry: (id, send) => (id === 'payment-0' && send < 3 ? 'throttled' : 'stored') });

  const results = await producing.send(payments(3, 1));

  expect(idsOf(producing.queued)).toEqual(['payment-0', 'payment-1', 'payment-2']);
  expect(results.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted']);
});

test.each<[what: string, earlier: EntryFate]>([
  ['at once', 'unfit content'],
  ['after a call without a clear answer', 'internal error'],
])(
  'a payment whose content SQS refuses %s is to be corrected, not to be sent again, and blocks no other payment',
  async (_what, earlier) => {
    const producing = new Producing({
      entry: (id, send) => (id === 'payment-2' ? (send === 1 ? earlier : 'unfit content') : 'stored'),
    });

    const results = await producing.send(payments(8, 2));

    expect(results[2]).toEqual({
      payment: results[2]!.payment,
      status: 'refused',
      code: 'INVALID_PAYMENT',
      reason: expect.stringContaining('InvalidMessageContents'),
    });
    expect(results[2]).toMatchObject({ reason: expect.not.stringMatching(/again/) });
    expect(producing.sqs.sendsOf('payment-2')).toHaveLength(earlier === 'unfit content' ? 1 : 2);
    expect(idsOf(producing.queued).sort()).toEqual([0, 1, 3, 4, 5, 6, 7].map((index) => `payment-${index}`));
  },
);

test('blocked payments are sent when the caller sends them again, in order', async () => {
  let isThrottled = true;
  const producing = new Producing({ entry: (id) => (id === 'payment-1' && isThrottled ? 'refused' : 'stored') });
  await producing.send(payments(4, 1));
  isThrottled = false;

  await producing.send(payments(4, 1).slice(1));

  expect(idsOf(producing.queued)).toEqual(['payment-0', 'payment-1', 'payment-2', 'payment-3']);
});

test.each<[what: string, fate: CallFate, status: string, code: string]>([
  ['is not allowed', 'denied', 'refused', 'SEND_FAILED'],
  ['is throttled for ever', 'throttled', 'refused', 'SEND_FAILED'],
  ["is refused, but had no answer to the SDK's own first call", 'denied after a retry', 'unknown', 'ANSWER_LOST'],
  ['always ends in a server error', 'broken after', 'unknown', 'ANSWER_LOST'],
])('when every call %s, each result says so: the caller catches nothing', async (_what, fate, status, code) => {
  const producing = new Producing({ call: () => fate });

  const results = await producing.send(payments(3, 2));

  expect(results.map((result) => result.status !== 'accepted' && [result.status, result.code])).toEqual([
    [status, code],
    [status, code],
    ['refused', 'BLOCKED_BY'],
  ]);
});

test('calls at the same time share batches, and have one payment of an account in flight together', async () => {
  const producing = new Producing();

  await producing.run(() => Promise.all(payments(20, 5).map((one) => producing.producer.send([one]))));

  const { batches } = producing.sqs;
  expect(producing.queued).toHaveLength(20);
  expect(Math.max(...batches.map(({ length }) => length))).toBe(5);
  for (const batch of batches)
    expect(new Set(batch.map(({ MessageGroupId }) => MessageGroupId)).size).toBe(batch.length);
});
