import { ProcessorBench } from '../../tools/kit/bundles/processor-bench';
import { APPROVE } from '../../tools/kit/bundles/scripted-fraud-api';
import { payment, paymentsOfAccount } from '../../tools/kit/payments/black-box-payments';

/** More than the calls of the SDK. */
const ALWAYS = 100;

let bench: ProcessorBench;
beforeAll(async () => {
  bench = await ProcessorBench.start({ FRAUD_API_TIMEOUT_MS: '60000' });
});
afterEach(() => {
  bench.table.heal();
  bench.sqs.heal();
});
afterAll(() => bench.close());

test.each(['unreachable', 'refused'] as const)(
  'the table is %s: everything is returned to the queue, nothing is checked',
  async (fault) => {
    const payments = [payment(), payment()];
    const messages = await bench.deliver({ body: payments[0]! }, { body: payments[1]!, receiveCount: 2 });
    bench.table.fail('PutItem', fault, ALWAYS);
    const run = await bench.run(messages);

    expect(run.returned).toEqual([0, 1]);
    expect(payments.flatMap(({ transaction_id }) => bench.fraud.callsFor(transaction_id))).toEqual([]);
    const [first, second] = run.visibility.flat().sort((one, other) => one.position - other.position);
    expect(first!.seconds).toBeGreaterThanOrEqual(5);
    expect(first!.seconds).toBeLessThanOrEqual(20);
    expect(second!.seconds).toBeGreaterThanOrEqual(1_860);
    expect(run.sum('PaymentsRetried')).toBe(2);
  },
);

test('on the last receive too: a payment that could not be recorded is never acknowledged or dead-lettered', async () => {
  const messages = await bench.deliver({ body: payment(), receiveCount: 3 });
  bench.table.fail('PutItem', 'unreachable', ALWAYS);
  expect((await bench.run(messages)).returned).toEqual([0]);
  expect(await bench.deadLettersOf(messages[0]!)).toEqual([]);
});

test('the decision cannot be written: returned to the queue, and the next receive decides', async () => {
  const paid = payment();
  const messages = await bench.deliver({ body: paid });
  bench.table.fail('UpdateItem', 'unreachable', ALWAYS);
  expect((await bench.run(messages)).returned).toEqual([0]);
  bench.table.heal();
  const run = await bench.run(messages);
  expect(run.returned).toEqual([]);
  expect(await bench.record(paid.transaction_id)).toMatchObject({ payment_status: 'APPROVED', attempts: 2 });
  expect(run.sum('PaymentsProcessed')).toBe(1);
});

test.each(['PutItem', 'UpdateItem'])(
  'a %s whose answer is lost is recognized when the call is repeated',
  async (operation) => {
    const paid = payment();
    const messages = await bench.deliver({ body: paid });
    bench.table.fail(operation, 'answer lost');
    const run = await bench.run(messages);
    expect(run.returned).toEqual([]);
    const record = (await bench.record(paid.transaction_id))!;
    expect(record).toMatchObject({ payment_status: 'APPROVED', attempts: 1 });
    expect(record.history.map(({ status }) => status)).toEqual(['PROCESSING', 'APPROVED']);
    expect([run.sum('PaymentsApproved'), run.sum('DuplicatesIgnored')]).toEqual([1, 0]);
  },
);

test('the dead-letter queue refuses a failed payment: not acknowledged, and the redelivery completes', async () => {
  const [poison, next] = paymentsOfAccount(2);
  bench.fraud.script(poison!.transaction_id, { status: 422 });
  const messages = await bench.deliver({ body: poison! }, { body: next! });
  bench.sqs.fail('SendMessage', 'refused', ALWAYS);
  expect((await bench.run(messages)).returned).toEqual([0, 1]);
  const failed = (await bench.record(poison!.transaction_id))!;
  expect(failed.payment_status).toBe('FAILED');
  expect(failed).not.toHaveProperty('dead_lettered_at');
  expect(await bench.record(next!.transaction_id)).toBeUndefined();

  bench.sqs.heal();
  expect((await bench.run(messages)).returned).toEqual([]);
  expect(await bench.deadLettersOf(messages[0]!)).toHaveLength(1);
  expect(await bench.record(poison!.transaction_id)).toMatchObject({
    ...failed,
    dead_lettered_at: expect.any(String) as string,
  });
  expect(await bench.record(next!.transaction_id)).toMatchObject({ payment_status: 'APPROVED' });
  expect(bench.fraud.callsFor(poison!.transaction_id)).toHaveLength(1);
});

test('the dead-letter queue refuses an invalid message: not acknowledged, and the redelivery completes', async () => {
  const messages = await bench.deliver({ body: 'not JSON' });
  bench.sqs.fail('SendMessage', 'unreachable', ALWAYS);
  expect((await bench.run(messages)).returned).toEqual([0]);
  bench.sqs.heal();
  expect((await bench.run(messages)).returned).toEqual([]);
  expect(await bench.deadLettersOf(messages[0]!)).toHaveLength(1);
});

test('dead_lettered_at cannot be written: not acknowledged; the redelivery notes it and leaves one copy', async () => {
  const poison = payment();
  bench.fraud.script(poison.transaction_id, { status: 422 });
  const messages = await bench.deliver({ body: poison });
  bench.table.fail('UpdateItem', 'unreachable', ALWAYS, ({ UpdateExpression }) =>
    String(UpdateExpression).includes('dead_lettered_at'),
  );
  expect((await bench.run(messages)).returned).toEqual([0]);
  expect(await bench.record(poison.transaction_id)).not.toHaveProperty('dead_lettered_at');
  bench.table.heal();
  expect((await bench.run(messages)).returned).toEqual([]);
  expect(await bench.record(poison.transaction_id)).toHaveProperty('dead_lettered_at');
  expect(await bench.deadLettersOf(messages[0]!)).toHaveLength(1); // the same deduplication id
});

test('a copy whose acknowledgement is lost stays the only one', async () => {
  const messages = await bench.deliver({ body: 'not JSON either' });
  bench.sqs.fail('SendMessage', 'answer lost');
  expect((await bench.run(messages)).returned).toEqual([]);
  expect(await bench.deadLettersOf(messages[0]!)).toHaveLength(1);
});

test.each([4_500, 1_000])('with %i ms left nothing is begun, and the function returns in time', async (remainingMs) => {
  const payments = [...paymentsOfAccount(2), payment()];
  const run = await bench.run(await bench.deliver(...payments.map((body) => ({ body }))), remainingMs);
  expect(run.returned).toEqual([0, 1, 2]);
  expect(payments.flatMap(({ transaction_id }) => bench.fraud.callsFor(transaction_id))).toEqual([]);
  expect(await bench.record(payments[0]!.transaction_id)).toBeUndefined();
  expect(run.visibility.flat()).toHaveLength(3);
  expect(run.durationMs).toBeLessThan(800);
});

test('a payment spends no more than its share of the time, and its call ends before the function returns', async () => {
  const [slow, behind] = paymentsOfAccount(2);
  const other = payment();
  bench.fraud.script(slow!.transaction_id, 'hang');
  bench.fraud.script(other.transaction_id, { ...APPROVE, delayMs: 500 });
  // 6 s less the reserve of 5 s: half a second for each of the account's two payments, a whole one for the other.
  const run = await bench.run(await bench.deliver({ body: slow! }, { body: behind! }, { body: other }), 6_000);
  const [call, ...more] = bench.fraud.callsFor(slow!.transaction_id);
  expect(more).toEqual([]);
  expect(call!.endedAt! - call!.at).toBeGreaterThan(150);
  expect(call!.endedAt! - call!.at).toBeLessThan(800);
  expect(run.returned).toEqual([0, 1]);
  expect(await bench.record(other.transaction_id)).toMatchObject({ payment_status: 'APPROVED' });
});
