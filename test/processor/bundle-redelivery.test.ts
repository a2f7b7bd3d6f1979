import { ProcessorBench } from '../../tools/kit/bundles/processor-bench';
import { APPROVE } from '../../tools/kit/bundles/scripted-fraud-api';
import { payment, paymentsOfAccount, recordOf } from '../../tools/kit/payments/black-box-payments';

let bench: ProcessorBench;
beforeAll(async () => {
  bench = await ProcessorBench.start();
});
afterAll(() => bench.close());

const AT = '2026-07-01T08:30:01.000Z';
const failed = { payment_status: 'FAILED', failure_code: 'FRAUD_CHECK_REFUSED', failure_message: 'Refused.' };

test.each([
  { is: 'APPROVED', fields: { payment_status: 'APPROVED', fraud: APPROVE.body } },
  { is: 'DECLINED', fields: { payment_status: 'DECLINED', fraud: APPROVE.body } },
  { is: 'REVIEW', fields: { payment_status: 'REVIEW', fraud: APPROVE.body } },
  { is: 'FAILED and dead-lettered', fields: { ...failed, dead_lettered_at: AT } },
])('a redelivery of what is $is is acknowledged and changes nothing', async ({ fields }) => {
  const paid = payment();
  const stored = recordOf(paid, fields);
  await bench.put(stored);
  const [message] = await bench.deliver({ body: paid, receiveCount: 2 });
  const run = await bench.run([message!]);

  expect(run.response).toEqual({ batchItemFailures: [] });
  expect(await bench.record(paid.transaction_id)).toEqual(stored);
  expect(bench.fraud.callsFor(paid.transaction_id)).toEqual([]);
  expect(await bench.deadLettersOf(message!)).toEqual([]);
  expect(run.sum('DuplicatesIgnored')).toBe(1);
  expect([run.sum('PaymentsProcessed'), run.sum('MessagesQuarantined')]).toEqual([0, 0]);
});

test('FAILED but not dead-lettered: the quarantine is finished, without another check', async () => {
  const paid = payment();
  const stored = recordOf(paid, { ...failed, attempts: 3 });
  await bench.put(stored);
  const [message] = await bench.deliver({ body: paid, receiveCount: 2 });
  const run = await bench.run([message!]);

  expect(run.returned).toEqual([]);
  expect(bench.fraud.callsFor(paid.transaction_id)).toEqual([]);
  const copies = await bench.deadLettersOf(message!);
  expect(copies.map(({ MessageAttributes }) => MessageAttributes?.failure_code?.StringValue)).toEqual([
    'FRAUD_CHECK_REFUSED',
  ]);
  const { dead_lettered_at, ...rest } = (await bench.record(paid.transaction_id))!;
  expect(dead_lettered_at).toMatch(/^\d{4}-.*Z$/);
  expect(rest).toEqual(stored);
  expect([run.sum('MessagesQuarantined'), run.sum('PaymentsFailed'), run.sum('PaymentsProcessed')]).toEqual([1, 0, 0]);
});

test('the same payment twice in one batch is decided once', async () => {
  const paid = payment();
  const run = await bench.pay({ body: paid }, { body: paid });
  expect(run.returned).toEqual([]);
  expect(bench.fraud.callsFor(paid.transaction_id)).toHaveLength(1);
  expect((await bench.record(paid.transaction_id))!.history).toHaveLength(2);
  expect([run.sum('PaymentsApproved'), run.sum('DuplicatesIgnored')]).toEqual([1, 1]);
});

test('a payment left PROCESSING is taken over with one attempt more', async () => {
  const paid = payment();
  const stored = recordOf(paid, { attempts: 4 });
  await bench.put(stored);
  const [message] = await bench.deliver({ body: paid, receiveCount: 2 });
  const run = await bench.run([message!]);

  expect(run.returned).toEqual([]);
  const record = (await bench.record(paid.transaction_id))!;
  expect(record).toMatchObject({
    payment_status: 'APPROVED',
    attempts: 5,
    sequence_number: message!.attributes.SequenceNumber,
    release_id: 'release-1',
  });
  expect(record.history.map(({ status, attempt, release_id }) => [status, attempt, release_id])).toEqual([
    ['PROCESSING', 1, 'release-0'],
    ['PROCESSING', 5, 'release-1'],
    ['APPROVED', 5, 'release-1'],
  ]);
});

describe('another invocation takes over the payment while the fraud API answers', () => {
  /** Plays the other invocation: changes the record just before the answer goes out. */
  async function overtaken(fields: Record<string, unknown>, answer: object = APPROVE, receiveCount = 1) {
    const account = paymentsOfAccount(2);
    const [paid, follower] = account as [(typeof account)[0], (typeof account)[0]];
    const theirs = recordOf(paid, fields);
    bench.fraud.script(paid.transaction_id, { ...answer, meanwhile: () => bench.put(theirs) });
    const messages = await bench.deliver({ body: paid, receiveCount }, { body: follower });
    const run = await bench.run(messages);
    return {
      run,
      theirs,
      follower,
      stored: await bench.record(paid.transaction_id),
      copies: await bench.deadLettersOf(messages[0]!),
    };
  }

  test.each([
    { answer: 'an approval', says: APPROVE, receiveCount: 1 },
    { answer: 'a refusal', says: { status: 422 }, receiveCount: 1 },
    { answer: 'a failure on the last receive', says: { status: 500 }, receiveCount: 3 },
  ])('and is at it: $answer is not written, and the group is left to the other', async ({ says, receiveCount }) => {
    const { run, theirs, stored, follower, copies } = await overtaken({ attempts: 2 }, says, receiveCount);
    expect(stored).toEqual(theirs);
    expect(copies).toEqual([]);
    expect(run.returned).toEqual([0, 1]);
    expect(run.visibility).toEqual([]);
    expect(bench.fraud.callsFor(follower.transaction_id)).toEqual([]);
    expect([run.sum('PaymentsProcessed'), run.sum('MessagesQuarantined'), run.sum('PaymentsRetried')]).toEqual([
      0, 0, 2,
    ]);
  });

  test.each([
    { answer: 'an approval', says: APPROVE },
    { answer: 'a refusal', says: { status: 422 } },
  ])(
    'and decides it: $answer is not written, the message is acknowledged, and the next one continues',
    async ({ says }) => {
      const { run, theirs, stored, follower, copies } = await overtaken(
        { payment_status: 'DECLINED', attempts: 2 },
        says,
      );
      expect(stored).toEqual(theirs);
      expect(copies).toEqual([]);
      expect(run.returned).toEqual([]);
      expect(await bench.record(follower.transaction_id)).toMatchObject({ payment_status: 'APPROVED' });
      expect(run.sum('PaymentsProcessed')).toBe(1); // the follower
    },
  );

  test('and has fewer attempts: only the exact attempt passes the fence', async () => {
    const paid = payment();
    await bench.put(recordOf(paid, { attempts: 4 }));
    const theirs = recordOf(paid, { attempts: 4 });
    bench.fraud.script(paid.transaction_id, { ...APPROVE, meanwhile: () => bench.put(theirs) });
    expect((await bench.pay({ body: paid })).returned).toEqual([0]);
    expect(await bench.record(paid.transaction_id)).toEqual(theirs);
  });
});

test('two invocations take over the same payment at once: one wins, the other changes nothing', async () => {
  const paid = payment();
  await bench.put(recordOf(paid));
  const theirs = recordOf(paid, { attempts: 2 });
  const [message] = await bench.deliver({ body: paid, receiveCount: 2 });
  // Between the read of the record and the write that would take it over.
  bench.table.before = async ({ operation }) => {
    if (operation === 'UpdateItem') await bench.put(theirs);
  };
  const run = await bench.run([message!]);
  bench.table.before = undefined;

  expect(run.returned).toEqual([0]);
  expect(run.visibility).toEqual([]);
  expect(await bench.record(paid.transaction_id)).toEqual(theirs);
  expect(bench.fraud.callsFor(paid.transaction_id)).toEqual([]);
});

test("a failed payment's copy that SQS's own redrive has moved back returns to the dead-letter queue", async () => {
  const paid = payment();
  const stored = recordOf(paid, { ...failed, dead_lettered_at: AT });
  await bench.put(stored);
  const [message] = await bench.deliver({ body: paid });
  const run = await bench.run([
    { ...message!, messageAttributes: { source_message_id: { dataType: 'String', stringValue: 'm1' } } },
  ]);

  expect(run.response).toEqual({ batchItemFailures: [] });
  expect(await bench.record(paid.transaction_id)).toEqual(stored);
  expect((await bench.deadLettersOf(message!)).map(({ Body }) => JSON.parse(Body!))).toEqual([paid]);
});
