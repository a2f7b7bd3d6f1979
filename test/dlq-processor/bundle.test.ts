import { payment, recordOf } from '../../tools/kit/payments/black-box-payments';
import { DlqBench, type Log } from '../../tools/kit/bundles/dlq-bench';

let bench: DlqBench;
beforeAll(async () => {
  bench = await DlqBench.start();
  await bench.put([
    // One page of the index ends at 1 MB: these take three.
    ...Array.from({ length: 5 }, () => failed('FRAUD_CHECK_REFUSED', { account_id: `MARKED-${'x'.repeat(350_000)}` })),
    failed('CONFLICTING_TRANSACTION'),
    failed('FRAUD_CHECK_UNAVAILABLE'),
    ...['APPROVED', 'DECLINED', 'REVIEW', 'PROCESSING'].map((payment_status) => record({ payment_status })),
  ]);
  await bench.send(
    ['MARKED-body-1', 'MARKED-body-2', 'MARKED-body-3'].map((body) => ({ body, failureCode: 'INVALID_JSON' })),
  );
});
afterAll(() => bench.close());
beforeEach(() => {
  for (const proxy of [bench.sqs, bench.sns, bench.table]) {
    proxy.calls.length = 0;
    proxy.heal();
  }
});

const BY_FAILURE_CODE = { FRAUD_CHECK_REFUSED: 5, CONFLICTING_TRANSACTION: 1, FRAUD_CHECK_UNAVAILABLE: 1 };
const operations = () =>
  [...bench.sqs.calls, ...bench.sns.calls, ...bench.table.calls].map(({ operation }) => operation);

test('the failed payments and the dead letters are counted, over all pages, and nothing is changed', async () => {
  for (const event of [{ dryRun: true }, { action: 'analyze', limit: 7, dryRun: true }]) {
    expect(await bench.invoke(event)).toMatchObject({
      action: 'analyze',
      failedPayments: 7,
      byFailureCode: BY_FAILURE_CODE,
      byRelease: { 'release-0': 7 },
      accounts: 2,
      firstSeen: '2026-07-01T08:30:00.000Z',
      lastSeen: '2026-07-01T08:30:06.000Z',
      patterns: [
        { kind: 'unreadable_messages', failed: 3 },
        { kind: 'poison_account', failed: 5 },
      ],
      alerted: [],
      deadLetters: { visible: 3, inFlight: 0 },
      sample: { messages: 3, counts: { unreadable: 3 } },
      more: false,
    });
  }
  expect(new Set(operations())).toEqual(
    new Set(['GetQueueAttributes', 'ReceiveMessage', 'ChangeMessageVisibilityBatch', 'Query']),
  );
  expect(bench.table.inputs('Query').length).toBeGreaterThanOrEqual(4); // two pages at least, each time
  expect(await bench.depth()).toEqual({ visible: 3, inFlight: 0 });
});

test('a limit below the count is kept, and the answer says so', async () => {
  expect(await bench.invoke({ limit: 6, dryRun: true })).toMatchObject({
    failedPayments: 6,
    more: true,
    stoppedBy: 'limit',
  });
  expect(await bench.invoke({ limit: 1, dryRun: true })).toMatchObject({
    failedPayments: 1,
    byFailureCode: { FRAUD_CHECK_UNAVAILABLE: 1 },
    more: true,
  });
});

test('in the last 15 seconds of the function no work is begun, and the answer says so', async () => {
  expect(await bench.invoke({}, 14_900)).toMatchObject({
    failedPayments: 0,
    deadLetters: null,
    more: true,
    stoppedBy: 'deadline',
  });
  expect(operations()).toEqual([]);
});

test('an invalid event is refused with its own error, and nothing is called', async () => {
  const { error_code, reason } = await bench.refusal({
    action: 'MARKED',
    limit: 0,
    dryrun: true,
    accountIds: 'MARKED',
  });
  expect(error_code).toBe('InvalidEventError');
  for (const fault of ['action must be ', 'limit must be ', 'dryrun is none ', 'accountIds must be '])
    expect(reason).toContain(fault);
  expect(await bench.refusal({ action: 'discard' })).toMatchObject({
    error_code: 'InvalidEventError',
    reason: expect.stringContaining('discard needs a reason') as string,
  });
  expect(operations()).toEqual([]);
});

test.each<[what: string, service: 'sqs' | 'table', operation: string]>([
  ['payment table could not list payments', 'table', 'Query'],
  ['dead-letter queue could not tell its depth', 'sqs', 'GetQueueAttributes'],
  ['dead-letter queue could not give out messages', 'sqs', 'ReceiveMessage'],
])('a %s: that is an error, with its name and without its text', async (what, service, operation) => {
  bench[service].fail(operation, 'refused');
  const { error_code, reason } = await bench.refusal({});
  expect([error_code, reason]).toEqual([
    'ServiceError',
    `The ${what}: AccessDeniedException. No payment is lost: send the same event again, or look at the function's permissions.`,
  ]);
});

test('patterns are mailed once, and the analysis is logged for a query and in words, and traced', async () => {
  const since = bench.lines.length;
  expect(await bench.invoke({ limit: 6 })).toMatchObject({ alerted: ['unreadable_messages'] });
  expect(await bench.invoke({ limit: 7 })).toMatchObject({ alerted: ['poison_account'] });
  expect(await bench.invoke({ limit: 7 })).toMatchObject({ alerted: [] });
  expect(await bench.mail()).toEqual([
    expect.objectContaining({
      Subject: 'Failed payments: invalid messages',
      Message: expect.stringContaining('unreadable_messages') as string,
    }),
    expect.objectContaining({
      Subject: 'Failed payments: one account fails',
      Message: expect.stringContaining('poison_account') as string,
    }),
  ]);
  await bench.stop();
  const logs = bench.lines
    .slice(since)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Log);
  expect(logs.find(({ message }) => message === 'Failed payments analyzed')).toMatchObject({
    level: 'INFO',
    service: 'dlq-processor-test',
    function_request_id: expect.any(String) as string,
    summary: expect.stringContaining(
      '6 failed payments of 2 accounts, from 2026-07-01T08:30:01.000Z to 2026-07-01T08:30:06.000Z.',
    ) as string,
    failed_payments: 6,
    by_failure_code: { FRAUD_CHECK_REFUSED: 4, CONFLICTING_TRANSACTION: 1, FRAUD_CHECK_UNAVAILABLE: 1 }, // the latest six
    by_release: { 'release-0': 6 },
    patterns: [{ kind: 'unreadable_messages', failed: 3 }],
    dead_letters_visible: 3,
    dead_letters_in_flight: 0,
    more: true,
    stopped_by: 'limit',
  });
  const segments = bench.traces.join('\n');
  for (const segment of ['## payment table', '## dead-letter queue', '## alert topic'])
    expect(segments).toContain(segment);
});

test('redriven: the record, the message in its group, the dead letter; each left as it should be', async () => {
  const EARLIER = '2026-07-01T08:31:00.000Z';
  const again = payment({ reference: 'MARKED-reference' });
  const decided = payment();
  await bench.put([
    recordOf(again, { ...OUTAGE, dead_lettered_at: EARLIER, discarded_at: EARLIER, attempts: 3 }),
    recordOf(decided, { payment_status: 'APPROVED' }),
  ]);
  await bench.send([{ body: again, failureCode: 'FRAUD_CHECK_UNAVAILABLE' }, { body: decided }]);
  expect(await bench.invoke({ action: 'redrive' })).toMatchObject({
    seen: 5,
    redriven: 1,
    settled: 1,
    left: { unreadable: 3 },
    deadLetters: { visible: 3, inFlight: 0 },
    more: false,
  });

  const stored = await bench.record(again.transaction_id);
  expect(stored).toMatchObject({ payment_status: 'PROCESSING', attempts: 4, release_id: 'release-1' });
  for (const gone of ['dead_lettered_at', 'discarded_at', 'failure_code', 'failure_message'])
    expect(stored).not.toHaveProperty(gone);
  expect(stored!.history).toEqual([
    expect.objectContaining({ request_id: 'earlier' }),
    expect.objectContaining({
      status: 'PROCESSING',
      attempt: 4,
      release_id: 'release-1',
      reason: 'redriven after FRAUD_CHECK_UNAVAILABLE',
    }),
  ]);
  expect(bench.sqs.inputs('SendMessage')).toEqual([
    expect.objectContaining({
      QueueUrl: bench.queues.payments,
      MessageBody: JSON.stringify(again),
      MessageGroupId: again.account_id,
      MessageDeduplicationId: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    }),
  ]);
});

test('discarded: the reason is in the history, and the dead letter gone; without a reason nothing is', async () => {
  const refused = payment();
  const cutShort = payment();
  await bench.put([
    recordOf(refused, { payment_status: 'FAILED', failure_code: 'FRAUD_CHECK_REFUSED', failure_message: 'HTTP 422' }),
    recordOf(cutShort),
  ]);
  await bench.send([{ body: refused, failureCode: 'FRAUD_CHECK_REFUSED' }, { body: cutShort }]);
  const event = {
    action: 'discard',
    reason: 'paid otherwise',
    transactionIds: [refused.transaction_id, cutShort.transaction_id],
  };
  for (let time = 1; time <= 2; time++) await bench.invoke(event);

  for (const [{ transaction_id }, failure_code] of [
    [refused, 'FRAUD_CHECK_REFUSED'],
    [cutShort, 'DISCARDED'],
  ] as const) {
    const { discarded_at, ...record } = (await bench.record(transaction_id))!;
    const entry = { status: 'FAILED', at: discarded_at, reason: 'paid otherwise' };
    expect(record).toMatchObject({ payment_status: 'FAILED', failure_code, history: [{}, entry] });
  }
  expect(await bench.depth()).toEqual({ visible: 3, inFlight: 0 });
});

test('refused steps of a redrive leave their payments to the next run, and the answer has their codes', async () => {
  const payments = [payment(), payment()];
  await bench.put(payments.map((one) => recordOf(one, OUTAGE)));
  await bench.send(payments.map((body) => ({ body })));
  const event = { action: 'redrive', accountIds: payments.map(({ account_id }) => account_id) };
  bench.table.fail('UpdateItem', 'refused');
  bench.sqs.fail('SendMessage', 'refused');
  const errors = { 'payment table: AccessDeniedException': 1, 'payment queue: AccessDeniedException': 1 };
  expect(await bench.invoke(event)).toMatchObject({ redriven: 0, errors, more: true });
  expect(await bench.invoke(event)).toMatchObject({ redriven: 2, errors: {}, more: false });
});

test('no line and no trace of the above quotes a payment, a message or an event', async () => {
  await bench.stop();
  expect(bench.lines.length).toBeGreaterThan(10);
  expect(bench.traces.length).toBeGreaterThan(10);
  expect([...bench.lines, ...bench.traces].filter((text) => text.includes('MARKED'))).toEqual([]);
  expect(bench.lines.filter((text) => text.includes('account-'))).toEqual([]);
});

let second = 0;

function record(fields: Record<string, unknown>): Record<string, unknown> {
  const timestamp = new Date(Date.UTC(2026, 6, 1, 8, 30, second++)).toISOString();
  return recordOf(payment({ account_id: 'MARKED-account', reference: 'MARKED-reference' }), { timestamp, ...fields });
}

function failed(failure_code: string, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return record({ payment_status: 'FAILED', failure_code, failure_message: 'MARKED-message', ...fields });
}

/** Fields of a payment that an outage of the fraud API has failed. */
const OUTAGE = { payment_status: 'FAILED', failure_code: 'FRAUD_CHECK_UNAVAILABLE', failure_message: 'no answer' };
