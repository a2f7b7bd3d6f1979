import { ProcessorBench } from '../../tools/kit/bundles/processor-bench';
import { type Answer, APPROVE } from '../../tools/kit/bundles/scripted-fraud-api';
import { payment, paymentsOfAccount } from '../../tools/kit/payments/black-box-payments';

const DOWN = { status: 503 } satisfies Answer;

let bench: ProcessorBench;
beforeAll(async () => {
  bench = await ProcessorBench.start();
});
afterAll(() => bench.close());
/** An answer ends the row of failures, which would open the circuit in the end. */
afterEach(() => bench.pay({ body: payment() }));

function shortWait({ seconds }: { seconds: number }): boolean {
  return Number.isInteger(seconds) && seconds >= 5 && seconds <= 20;
}

test.each([1, 2])(
  'receive %i of 3: returned to the queue with its followers, which are not checked',
  async (receiveCount) => {
    const account = paymentsOfAccount(3);
    bench.fraud.script(account[1]!.transaction_id, DOWN);
    const messages = await bench.deliver(...account.map((body) => ({ body, receiveCount })));
    const run = await bench.run(messages);

    expect(run.response).toEqual({
      batchItemFailures: [{ itemIdentifier: messages[1]!.messageId }, { itemIdentifier: messages[2]!.messageId }],
    });
    expect(account.map(({ transaction_id }) => bench.fraud.callsFor(transaction_id).length)).toEqual([1, 2, 0]);
    expect(await bench.record(account[0]!.transaction_id)).toMatchObject({ payment_status: 'APPROVED' });
    const returned = await bench.record(account[1]!.transaction_id);
    expect(returned).toMatchObject({ payment_status: 'PROCESSING', attempts: 1 });
    expect(returned).not.toHaveProperty('failure_code');
    expect(await bench.record(account[2]!.transaction_id)).toBeUndefined();
    expect(await bench.deadLettersOf(messages[1]!)).toEqual([]);
    expect(run.sum('PaymentsRetried')).toBe(2);
    expect(run.sum('PaymentsProcessed')).toBe(1);
  },
);

test('receive 1: hidden for 5 to 20 seconds, with jitter, in the queue itself', async () => {
  const seen = new Set<number>();
  for (let batch = 0; batch < 2; batch++) {
    const payments = [payment(), payment(), payment(), payment()];
    for (const { transaction_id } of payments) bench.fraud.script(transaction_id, DOWN);
    const messages = await bench.deliver(...payments.map((body) => ({ body })));
    const waits = (await bench.run(messages)).visibility.flat();

    expect(waits.map(({ position }) => position).sort()).toEqual([0, 1, 2, 3]);
    expect(waits.filter(shortWait)).toEqual(waits);
    for (const { position, seconds } of waits) {
      expect(Math.abs((await bench.queue.secondsHidden(messages[position]!)) - seconds)).toBeLessThan(2);
      seen.add(seconds);
    }
    await bench.pay({ body: payment() });
  }
  expect(seen.size).toBeGreaterThan(1);
});

test('receive 2: hidden for 31 minutes and more, with jitter', async () => {
  const payments = [payment(), payment(), payment(), payment()];
  for (const { transaction_id } of payments) bench.fraud.script(transaction_id, DOWN);
  const messages = await bench.deliver(...payments.map((body) => ({ body, receiveCount: 2 })));
  const run = await bench.run(messages);

  const waits = run.visibility.flat().map(({ seconds }) => seconds);
  expect(waits).toHaveLength(4);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_860);
  expect(Math.max(...waits)).toBeLessThan(2_100);
  expect(new Set(waits).size).toBeGreaterThan(1);
  expect(await bench.queue.secondsHidden(messages[0]!)).toBeGreaterThan(1_850);
});

test.each([
  { when: 'after', wait: 'short' },
  { when: 'before', wait: 'long' },
])(
  'receive 2: the retry delay is $wait when another payment was answered $when the last failed call',
  async ({ when, wait }) => {
    const [down, well] = [payment(), payment()];
    const ended = (paid: typeof down, calls: number) => () => bench.fraud.hasEnded(paid.transaction_id, calls);
    bench.fraud.script(down.transaction_id, DOWN, when === 'before' ? { ...DOWN, meanwhile: ended(well, 1) } : DOWN);
    bench.fraud.script(well.transaction_id, when === 'after' ? { ...APPROVE, meanwhile: ended(down, 2) } : APPROVE);
    const run = await bench.pay({ body: down, receiveCount: 2 }, { body: well });
    expect(run.returned).toEqual([0]);
    expect(shortWait(run.visibility[0]![0]!) ? 'short' : 'long').toBe(wait);
  },
);

test('receive 3: FAILED and quarantined, and the followers continue', async () => {
  const account = paymentsOfAccount(3);
  bench.fraud.script(account[0]!.transaction_id, DOWN);
  const messages = await bench.deliver(...account.map((body) => ({ body, receiveCount: 3 })));
  const run = await bench.run(messages);

  expect(run.response).toEqual({ batchItemFailures: [] });
  expect(run.visibility).toEqual([]);
  expect(bench.fraud.callsFor(account[0]!.transaction_id)).toHaveLength(2);
  const failed = (await bench.record(account[0]!.transaction_id))!;
  expect(failed).toMatchObject({
    payment_status: 'FAILED',
    attempts: 1,
    failure_code: 'FRAUD_CHECK_UNAVAILABLE',
    failure_message: expect.stringContaining('HTTP 503') as string,
  });
  expect(failed).not.toHaveProperty('fraud');
  expect(failed.history.map(({ status }) => status)).toEqual(['PROCESSING', 'FAILED']);
  expect(failed.timestamp).toBe(failed.history[1]!.at);
  expect(Date.parse(failed.dead_lettered_at as string)).toBeGreaterThanOrEqual(Date.parse(failed.timestamp as string));
  const copies = await bench.deadLettersOf(messages[0]!);
  expect(copies).toHaveLength(1);
  expect(copies[0]!.Body).toBe(messages[0]!.body);
  expect(copies[0]!.Attributes).toMatchObject({ MessageGroupId: account[0]!.account_id });
  expect(copies[0]!.MessageAttributes).toMatchObject({
    failure_code: { StringValue: 'FRAUD_CHECK_UNAVAILABLE' },
    source_message_id: { StringValue: messages[0]!.messageId },
  });
  for (const follower of [1, 2]) {
    expect(await bench.record(account[follower]!.transaction_id)).toMatchObject({ payment_status: 'APPROVED' });
    expect(await bench.deadLettersOf(messages[follower]!)).toEqual([]);
  }
  expect([run.sum('PaymentsProcessed'), run.sum('PaymentsFailed'), run.sum('MessagesQuarantined')]).toEqual([3, 1, 1]);
});

test('one call sets the visibility of all returned messages, with one retry delay for each group', async () => {
  const [a, b, well] = [paymentsOfAccount(4), paymentsOfAccount(4), paymentsOfAccount(2)];
  bench.fraud.script(a[1]!.transaction_id, DOWN);
  bench.fraud.script(b[0]!.transaction_id, DOWN);
  const batch = [a[0]!, b[0]!, well[0]!, a[1]!, b[1]!, a[2]!, b[2]!, well[1]!, a[3]!, b[3]!];
  const run = await bench.pay(...batch.map((body) => ({ body })));

  expect(run.visibility).toHaveLength(1);
  const entries = run.visibility[0]!;
  const secondsOf = (account: typeof a) =>
    entries.filter(({ position }) => account.includes(batch[position]!)).map(({ seconds }) => seconds);
  expect(secondsOf(a)).toHaveLength(3);
  expect(new Set(secondsOf(a)).size).toBe(1);
  expect(secondsOf(b)).toHaveLength(4);
  expect(new Set(secondsOf(b)).size).toBe(1);
  expect(entries).toHaveLength(7);
  expect(run.returned.slice().sort()).toEqual([1, 3, 4, 5, 6, 8, 9]);
});

test("a group's retry delay is the longest of its messages'", async () => {
  const account = paymentsOfAccount(2);
  bench.fraud.script(account[0]!.transaction_id, DOWN);
  const run = await bench.pay({ body: account[0]!, receiveCount: 1 }, { body: account[1]!, receiveCount: 2 });
  const [head, follower] = run.visibility[0]!;
  expect(head!.seconds).toBe(follower!.seconds);
  expect(head!.seconds).toBeGreaterThanOrEqual(1_860);
});

test('a refused change of visibility only costs the retry delay', async () => {
  const account = paymentsOfAccount(1);
  bench.fraud.script(account[0]!.transaction_id, DOWN);
  const messages = await bench.deliver({ body: account[0]! });
  bench.sqs.fail('ChangeMessageVisibilityBatch', 'refused', 3);
  expect((await bench.run(messages)).returned).toEqual([0]);
  bench.sqs.fail('ChangeMessageVisibilityBatch', 'unreachable', 3);
  expect((await bench.run(messages)).returned).toEqual([0]);
  bench.sqs.heal();
  const stale = messages.map((message) => ({ ...message, receiptHandle: 'stale' }));
  expect((await bench.run(stale)).returned).toEqual([0]);
});
