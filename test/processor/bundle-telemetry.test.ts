import { ProcessorBench } from '../../tools/kit/bundles/processor-bench';
import type { Answer } from '../../tools/kit/bundles/scripted-fraud-api';
import { type Segment, TraceDaemon } from '../../tools/kit/bundles/trace-daemon';
import { payment, paymentsOfAccount, recordOf } from '../../tools/kit/payments/black-box-payments';
import { ACCOUNT_HASH_KEY, hashOf } from '../../tools/kit/cores/telemetry';

let bench: ProcessorBench;
beforeAll(async () => {
  bench = await ProcessorBench.start();
});
afterAll(() => bench.close());

const emfLines = () => bench.lines.filter((line) => line.includes('"_aws"'));

test('the decision is logged with the transaction id, the hashed account, the status and the request id', async () => {
  const paid = payment();
  await bench.restart({ ACCOUNT_HASH_KEY });
  await bench.pay({ body: paid });
  const line = bench.lines.map(parsed).find((log) => log?.transaction_id === paid.transaction_id);
  const [decided] = (await bench.record(paid.transaction_id))!.history.slice(-1);
  expect(line).toMatchObject({
    level: 'INFO',
    status: 'APPROVED',
    account_hash: hashOf(paid.account_id),
    function_request_id: decided!.request_id,
    history_hash: decided!.hash,
  });
  const fields = ['account_hash', 'function_request_id', 'history_hash', 'level', 'message', 'sampling_rate'];
  expect(Object.keys(line!).sort()).toEqual([...fields, 'service', 'status', 'timestamp', 'transaction_id']);
});

test('without a key of its own the environment still has a function whose hashes tell nothing', async () => {
  const hashes: unknown[] = [];
  const account = payment().account_id;
  for (let process = 0; process < 2; process++) {
    await bench.restart();
    const paid = [payment({ account_id: account }), payment({ account_id: account })];
    for (const body of paid) await bench.pay({ body });
    await bench.restart(); // every line is here then
    hashes.push(
      ...paid.map(
        ({ transaction_id }) =>
          bench.lines.map(parsed).find((log) => log?.transaction_id === transaction_id)?.account_hash,
      ),
    );
  }
  expect(hashes).toEqual(hashes.map(() => expect.stringMatching(/^[0-9a-f]{16}$/) as string));
  expect([hashes[0] === hashes[1], hashes[2] === hashes[3], hashes[0] === hashes[2]]).toEqual([true, true, false]);
  expect(hashes).not.toContain(hashOf(account));
});

test('one EMF line an invocation: names, units, the one dimension, namespace, release', async () => {
  const linesBefore = emfLines().length;
  const [refused, approved, declined, review, down, known] = Array.from({ length: 6 }, () => payment());
  bench.fraud.script(refused!.transaction_id, { status: 422 });
  bench.fraud.script(declined!.transaction_id, { body: { decision: 'decline', score: 1, reasons: [] } });
  bench.fraud.script(review!.transaction_id, { body: { decision: 'review', score: 0.5, reasons: [] } });
  bench.fraud.script(down!.transaction_id, { status: 500, delayMs: 300 });
  await bench.put(recordOf(known!, { payment_status: 'APPROVED' }));
  const batch = [refused!, approved!, declined!, review!, down!, known!, 'not JSON'];
  const run = await bench.pay(...batch.map((body) => ({ body })));
  await bench.pay({ body: payment() });
  await bench.restart(); // every line is here then

  expect(emfLines()).toHaveLength(linesBefore + 2);
  const counted = {
    PaymentsProcessed: 4,
    PaymentsApproved: 1,
    PaymentsDeclined: 1,
    PaymentsReview: 1,
    PaymentsFailed: 1,
    DuplicatesIgnored: 1,
    MessagesQuarantined: 2,
    PaymentsRetried: 1,
    FraudCheckErrors: 2,
  };
  const { _aws, ...rest } = run.emf as unknown as Emf;
  expect(_aws.CloudWatchMetrics).toHaveLength(1);
  const [{ Namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics;
  expect(Namespace).toBe('PaymentsTest');
  expect(Dimensions).toEqual([['service']]);
  expect(new Map(Metrics.map(({ Name, Unit }) => [Name, Unit]))).toEqual(
    new Map([...Object.keys(counted).map((name) => [name, 'Count'] as const), ['FraudCheckLatency', 'Milliseconds']]),
  );
  expect(Object.fromEntries(Object.keys(counted).map((name) => [name, run.sum(name)]))).toEqual(counted);
  expect(rest).toMatchObject({ service: 'payment-processor-test', release_id: 'release-1' });
  expect(Object.keys(rest).sort()).toEqual(
    [...Object.keys(counted), 'FraudCheckLatency', 'release_id', 'service'].sort(),
  );
  const latencies = rest.FraudCheckLatency as number[];
  expect(latencies).toHaveLength(6);
  expect(latencies.filter((latency) => latency >= 0 && latency < 2_000)).toHaveLength(6);
  expect(latencies.filter((latency) => latency >= 299).length).toBeGreaterThanOrEqual(2); // those that took 300 ms
});

test('a trace: the calls of each payment are in its own segment, though the payments of a batch overlap', async () => {
  const daemon = await TraceDaemon.start();
  await bench.restart(daemon.environment);
  const payments = Array.from({ length: 4 }, () => payment());
  for (const { transaction_id } of payments) {
    bench.fraud.script(transaction_id, { delayMs: 20, body: { decision: 'approve', score: 0, reasons: [] } });
  }
  await bench.pay(...payments.map((body) => ({ body })));
  await bench.restart();
  await daemon.close();

  const { segments } = daemon;
  const childrenOf = (id: string): object =>
    segments.filter(({ parent_id }) => parent_id === id).map(({ id: child, name }) => ({ [name]: childrenOf(child) }));
  const roots = segments.filter(({ name }: Segment) => name === '## payment');
  expect(roots.map(({ parent_id }) => parent_id)).toEqual(payments.map(() => '53995c3f42cd8ad8'));
  for (const { id } of roots) {
    expect(childrenOf(id)).toEqual([
      { '## payment table': [] },
      { '## fraud check': [{ '127.0.0.1': [] }] },
      { '## payment table': [] },
    ]);
  }
});

test('no line and no trace holds a word of a payment after any fault [G12]', async () => {
  const daemon = await TraceDaemon.start();
  bench.lines.length = 0;
  await bench.restart({
    FRAUD_API_URL: `${bench.fraud.origin}/check?key=MARKED-url`,
    FRAUD_API_TIMEOUT_MS: '300',
    POWERTOOLS_LOG_LEVEL: 'DEBUG',
    ...daemon.environment,
  });

  const answers: Answer[] = [
    { body: { decision: 'decline', score: 0.875_123_991, reasons: ['MARKED-reason'], MARKED: 'MARKED-extra' } },
    { status: 422, body: 'MARKED-error', headers: { 'x-error': 'MARKED-header' } },
    { status: 500, body: { error: 'MARKED-error' } },
    { status: 302, headers: { location: 'http://127.0.0.1:1/MARKED-location' } },
    { status: 429, headers: { 'retry-after': 'MARKED-later' } },
    { body: 'MARKED-garbage' },
    { body: '{"decision":"MARKED-decision"' },
    'reset',
    'hang halfway',
  ];
  for (let from = 0; from < answers.length; from += 4) {
    const payments = answers.slice(from, from + 4).map((answer) => {
      const paid = marked();
      bench.fraud.script(paid.transaction_id, answer);
      return paid;
    });
    await bench.pay(...payments.map((body) => ({ body, receiveCount: 3 })));
    await bench.pay({ body: marked() }); // an answer, for the circuit's sake
  }
  const [taken, mine] = [marked(), marked()];
  await bench.put(recordOf(taken, { fingerprint: 'another' }));
  await bench.pay({ body: taken }, { body: mine, group: 'MARKED-group' });
  const bodies = invalid();
  for (let from = 0; from < bodies.length; from += 10)
    await bench.pay(...bodies.slice(from, from + 10).map((body) => ({ body, group: 'MARKED-group' })));
  for (const operation of ['PutItem', 'UpdateItem']) {
    bench.table.fail(operation, 'refused'); // with the request in its message
    await bench.pay({ body: marked() });
    bench.table.heal();
  }
  bench.sqs.fail('SendMessage', 'refused');
  await bench.pay({ body: 'MARKED-body', group: 'MARKED-group' });
  bench.sqs.fail('ChangeMessageVisibilityBatch', 'refused');
  bench.table.fail('PutItem', 'unreachable', 3);
  const [message] = await bench.deliver({ body: marked() });
  await bench.run([{ ...message!, receiptHandle: 'MARKED-receipt' }]);
  bench.table.heal();
  bench.sqs.heal();
  await bench.restart();
  await daemon.close();

  expect(bench.lines.length).toBeGreaterThan(3 * answers.length);
  expect(daemon.datagrams.length).toBeGreaterThan(answers.length);
  const said = [...bench.lines, ...daemon.datagrams];
  expect(
    said.filter((text) => /marked|4111.?1111|key of the tests|987654321012|2031-01-02|THB|875123991/i.test(text)),
  ).toEqual([]);
  expect(said.some((text) => text.includes('tx-leak-'))).toBe(true); // what may be said is said
});

interface Emf {
  readonly _aws: {
    readonly CloudWatchMetrics: [
      {
        readonly Namespace: string;
        readonly Dimensions: string[][];
        readonly Metrics: { readonly Name: string; readonly Unit: string }[];
      },
    ];
  };
  readonly [field: string]: unknown;
}

function parsed(line: string): Record<string, unknown> | undefined {
  return line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : undefined;
}

let leak = 0;

/** A payment each of whose values, but its id, would be known again anywhere. */
function marked() {
  leak++;
  return {
    ...payment(),
    transaction_id: `tx-leak-${leak}`,
    account_id: `MARKED-account-${leak}`,
    amount: 987_654_321_012,
    currency: 'THB',
    beneficiary_id: 'MARKED-beneficiary',
    requested_at: '2031-01-02T03:04:05.678Z',
    reference: 'MARKED-reference',
    metadata: { 'MARKED-key': 'MARKED-value' },
  };
}

function invalid(): string[] {
  const [one] = paymentsOfAccount(1);
  const body = (fields: object) => JSON.stringify({ ...one, ...fields });
  return [
    'MARKED-text',
    '{"a":1,"a":"MARKED-duplicate"}',
    body({ 'MARKED-field': 1 }),
    body({ transaction_id: 'MARKED id' }),
    body({ account_id: 'MARKED id' }),
    body({ currency: 'MARKED' }),
    body({ requested_at: 'MARKED' }),
    body({ metadata: { 'MARKED-key': { nested: 'MARKED' } } }),
    body({ amount: 'MARKED' }),
    body({ reference: 'MARKED 4111 1111 1111 1111' }),
    ...(['transaction_id', 'account_id', 'beneficiary_id'] as const).flatMap((field) =>
      [
        '4111-1111-1111-1111',
        'x4111111111111111y',
        '4111.1111.1111.1111',
        '4111_1111_1111_1111',
        '4111111111111111',
      ].map((id) => body({ [field]: id })),
    ),
  ];
}
