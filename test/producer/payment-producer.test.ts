import { once } from 'node:events';
import { deduplicationId, type PaymentMessage } from '../../src/contract';
import { aPayment } from '../../tools/kit/payments/payments';
import type { CallFate, EntryFate } from '../../tools/kit/producer/faulty-sqs';
import { idsOf, payments, Producing } from '../../tools/kit/producer/producing';

const CARD_EXAMPLE = '4111 1111 1111 1111';
const CARD_IN_ID = '4111-1111-1111-1111';
/** An object in an object, and so on: JSON.stringify runs out of stack. */
const nested = (depth: number) => Array.from({ length: depth }).reduce((inner: object) => ({ inner }), {});

/** A payment whose body has so many bytes, 26,200 or somewhat more. */
function withBytes(bytes: number, fields: Partial<PaymentMessage>): PaymentMessage {
  const filled = (more: number, reference: string) => {
    const values = Array.from({ length: 10 }, (_, key) => [
      `${key}${'\u0001'.repeat(216)}`,
      '\u0001'.repeat(key === 0 ? 216 + more : 216),
    ]);
    return aPayment({ ...fields, metadata: Object.fromEntries(values) as Record<string, string>, reference });
  };
  const lacking = bytes - Buffer.byteLength(JSON.stringify(filled(0, 'x')));
  return filled(Math.floor(lacking / 6), 'x'.repeat(1 + (lacking % 6)));
}

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

test('batches hold ten entries where there are as many accounts, and what one call may carry', async () => {
  const producing = new Producing();
  const escaped = (key: string) => key + '\u0001'.repeat(255);
  const largest = Object.fromEntries(Array.from({ length: 10 }, (_, key) => [escaped(`${key}`), escaped('v')]));

  await producing.send([
    ...payments(40, 40),
    ...payments(40, 40, { metadata: largest, account_id: 'big' }).map((one, index) => ({
      ...one,
      transaction_id: `big-${index}`,
      account_id: `big-${index}`,
    })),
  ]);
  // Ten of these have less than 262,144 characters, and more bytes.
  const wide = Object.fromEntries(
    Array.from({ length: 10 }, (_, key) => [
      `${key}${'\u0001'.repeat(193)}${'💶'.repeat(62)}`,
      '\u0001'.repeat(194) + '💶'.repeat(62),
    ]),
  );
  await producing.send(
    payments(10, 10, { metadata: wide }).map((one, index) => ({ ...one, transaction_id: `wide-${index}` })),
  );

  const { batches } = producing.sqs;
  const bytes = batches.map((batch) =>
    batch.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody!), 0),
  );
  expect(batches.slice(0, 4).map(({ length }) => length)).toEqual([10, 10, 10, 10]);
  expect(Math.max(...bytes)).toBeLessThanOrEqual(262_144);
  expect(Math.max(...bytes)).toBeGreaterThan(200_000);
  expect(producing.queued).toHaveLength(90);
});

test('a call carries exactly as many bytes as it may', async () => {
  const producing = new Producing();
  const sizes = [...Array.from({ length: 9 }, () => 26_214), 26_218];

  await producing.send(
    sizes.map((bytes, index) =>
      withBytes(bytes, { transaction_id: `payment-${index}`, account_id: `account-${index}` }),
    ),
  );

  expect(
    producing.sqs.batches.map((batch) =>
      batch.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody!), 0),
    ),
  ).toEqual([262_144]);
});

test('has at most four calls in progress at once', async () => {
  const producing = new Producing();
  const send = producing.sqs.client.send.bind(producing.sqs.client) as (...of: unknown[]) => Promise<unknown>;
  const underWay: number[] = [];
  let calls = 0;
  jest.spyOn(producing.sqs.client, 'send').mockImplementation(async (...of: unknown[]) => {
    underWay.push(++calls);
    return send(...of).finally(() => calls--);
  });

  await producing.send(payments(200, 200));

  expect(Math.max(...underWay)).toBe(4);
});

test('ends a call that hangs after ten seconds, and leaves no timer behind', async () => {
  const producing = new Producing({ call: (call) => (call === 1 ? 'hangs before' : 'answered') });

  await producing.send([aPayment()]);

  expect(producing.time.elapsed).toBeGreaterThanOrEqual(10_000);
  expect(producing.time.elapsed).toBeLessThan(11_000);
  await producing.time.runUntil(() => false);
  expect(producing.time.elapsed).toBeLessThan(11_000);
});

test('waits longer before each call, up to five seconds', async () => {
  const tries: number[] = [];
  const producing = new Producing({
    entry: () => {
      tries.push(producing.time.elapsed);
      return 'throttled';
    },
  });

  await producing.run(() => {
    jest.spyOn(Math, 'random').mockReturnValue(0.999);
    return producing.producer.send([aPayment()]);
  });

  const pauses = tries.slice(1).map((at, index) => at - tries[index]!);
  // A call takes up to 100 ms.
  for (const [index, longest] of [100, 200, 400, 800, 1_600, 3_200, 5_000].entries()) {
    expect(pauses[index]).toBeGreaterThan(0.99 * longest);
    expect(pauses[index]).toBeLessThan(longest + 100);
  }
});

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
])('%s is refused before anything is sent, and holds nobody up', async (_what, payment, code, reason) => {
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

test('an entry that SQS throttles is sent again before its successors', async () => {
  const producing = new Producing({ entry: (id, send) => (id === 'payment-0' && send < 3 ? 'throttled' : 'stored') });

  const results = await producing.send(payments(3, 1));

  expect(idsOf(producing.queued)).toEqual(['payment-0', 'payment-1', 'payment-2']);
  expect(results.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted']);
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

test('maxPaymentsPerAccount: further payments of an account are refused in their order, other accounts go on, and a new run begins again', async () => {
  const producing = new Producing({
    entry: (id, send) =>
      id === 'payment-2' && send === 1 ? 'throttled' : id === 'payment-4' ? 'unfit content' : 'stored',
  });
  const sent = [
    ...payments(12, 2),
    ...payments(14, 2)
      .slice(12)
      .map((payment) => ({ ...payment, amount: -1 })),
  ];

  const results = await producing.send(sent, { maxPaymentsPerAccount: 3 });

  // Of account-0, payment-4 is not in the queue, so that payment-6 still is the third.
  expect(results.map((result) => result.status === 'accepted' || result.code)).toEqual([
    true,
    true,
    true,
    true,
    'INVALID_PAYMENT',
    true,
    true,
    ...Array.from({ length: 5 }, () => 'ACCOUNT_LIMIT'),
    'INVALID_PAYMENT',
    'INVALID_PAYMENT',
  ]);
  expect(results[8]).toEqual({
    payment: sent[8],
    status: 'refused',
    code: 'ACCOUNT_LIMIT',
    reason: expect.stringContaining('3 payments accepted'),
  });
  expect(idsOf(producing.queued, 'account-0')).toEqual(['payment-0', 'payment-2', 'payment-6']);
  expect(idsOf(producing.queued, 'account-1')).toEqual(['payment-1', 'payment-3', 'payment-5']);

  const again = await producing.send(sent.slice(7, 12), { maxPaymentsPerAccount: 3 });
  expect(again.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'accepted'));
});

test('maxPaymentsPerAccount: no call is made for what is above the limit', async () => {
  const producing = new Producing();
  const results = await producing.send(payments(4, 1), { maxPaymentsPerAccount: 1 });
  expect(results.map((result) => result.status === 'accepted' || result.code)).toEqual([
    true,
    'ACCOUNT_LIMIT',
    'ACCOUNT_LIMIT',
    'ACCOUNT_LIMIT',
  ]);
  expect(producing.sqs.sendsOf('payment-1')).toEqual([]);
});

test.each([0, -1, 1.5, NaN, '3' as unknown as number])(
  'maxPaymentsPerAccount: %p is refused before anything is read',
  async (maxPaymentsPerAccount) => {
    const producing = new Producing();
    await expect(producing.send(payments(1, 1), { maxPaymentsPerAccount })).rejects.toThrow(
      new RangeError(`maxPaymentsPerAccount is ${maxPaymentsPerAccount}, but must be a whole number of at least 1.`),
    );
    expect(producing.queued).toEqual([]);
  },
);

test.each<[what: string, earlier: EntryFate]>([
  ['at once', 'unfit content'],
  ['after a call without a clear answer', 'internal error'],
])(
  'a payment whose content SQS refuses %s is to be corrected, not to be sent again, and holds nobody up',
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

test('astral characters and noncharacters that SQS carries are sent', async () => {
  const producing = new Producing();
  const sent = ['\u{1F4B6}', '\u{20BB7}', '\u{1FFFE}', '\uFFFD', '\uFDD0', '\u0001'].map((reference, index) =>
    aPayment({ transaction_id: `${index}`, reference }),
  );

  const results = await producing.send(sent);

  expect(results.map(({ status }) => status)).toEqual(sent.map(() => 'accepted'));
  expect(producing.queued).toEqual(sent);
});

test('what was blocked is sent when it is sent again, in order', async () => {
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
  ["is refused, but the SDK's first call had no answer", 'denied after a retry', 'unknown', 'ANSWER_LOST'],
  ['always ends in a server error', 'broken after', 'unknown', 'ANSWER_LOST'],
])('when every call %s, that is each result: nobody has to catch anything', async (_what, fate, status, code) => {
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

test('an abort ends sending before the next batch; what waited is refused as aborted', async () => {
  const stop = new AbortController();
  const producing = new Producing({
    call: () => {
      stop.abort();
      return 'answered';
    },
  });

  const results = await producing.send(payments(50, 1), { signal: stop.signal });

  expect(idsOf(producing.queued)).toEqual(['payment-0']);
  expect(results[0]).toMatchObject({ status: 'accepted' });
  for (const waiting of results.slice(1))
    expect(waiting).toMatchObject({ status: 'refused', code: 'ABORTED', reason: expect.stringContaining('aborted') });
  expect(producing.sqs.batches).toHaveLength(1);
});

test('a payment that SQS refuses stays refused when the sending is aborted meanwhile', async () => {
  const stop = new AbortController();
  const producing = new Producing({
    call: () => {
      stop.abort();
      return 'denied';
    },
  });

  expect(await producing.send([aPayment()], { signal: stop.signal })).toMatchObject([
    { status: 'refused', code: 'SEND_FAILED' },
  ]);
});

test('an abort is not waited out: a throttled payment has its result at once', async () => {
  const stop = new AbortController();
  const tries: number[] = [];
  const producing = new Producing({
    entry: () => {
      if (tries.push(producing.time.elapsed) === 7) stop.abort();
      return 'throttled';
    },
  });

  expect(await producing.send([aPayment()], { signal: stop.signal })).toMatchObject([
    { status: 'refused', code: 'ABORTED' },
  ]);

  expect(tries).toHaveLength(7);
  expect(producing.time.elapsed - tries.at(-1)!).toBeLessThan(100);
});
