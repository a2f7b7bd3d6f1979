import { join } from 'node:path';
import { FunctionProcess, FunctionStartError } from '../../tools/kit/embedded/function-process';
import { NO_TIME_TO_WAIT_MS, ProcessorBench, type Run } from '../../tools/kit/bundles/processor-bench';
import { APPROVE } from '../../tools/kit/bundles/scripted-fraud-api';
import { payment, paymentsOfAccount } from '../../tools/kit/payments/black-box-payments';

const BUNDLE = join(__dirname, '../../assets/payment-processor/index.mjs');
const VALID = {
  AWS_REGION: 'ap-southeast-1',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  PAYMENT_TABLE_NAME: 'payments',
  PAYMENT_QUEUE_URL: 'https://sqs.example/payments.fifo',
  PAYMENT_DLQ_URL: 'https://sqs.example/dead.fifo',
  RELEASE_ID: 'release-1',
  POWERTOOLS_SERVICE_NAME: 'service',
  POWERTOOLS_METRICS_NAMESPACE: 'namespace',
  FRAUD_API_URL: 'https://fraud.example/check',
  FRAUD_API_TIMEOUT_MS: '2000',
  FRAUD_API_MAX_ATTEMPTS: '4',
  MAX_RECEIVE_COUNT: '3',
};

const BAD = {
  PAYMENT_TABLE_NAME: '',
  PAYMENT_QUEUE_URL: 'SECRET',
  PAYMENT_DLQ_URL: 'ftp://SECRET/queue',
  POWERTOOLS_METRICS_NAMESPACE: '',
  POWERTOOLS_LOG_LEVEL: 'SECRET',
  FRAUD_API_URL: 'http://127.0.0.1.example.com/SECRET',
  FRAUD_API_TIMEOUT_MS: '0',
  FRAUD_API_MAX_ATTEMPTS: '4x',
  MAX_RECEIVE_COUNT: '-1',
  RETRY_WAITS_SECONDS: '20',
  GROUP_CONCURRENCY: '11',
  ON_FAILED_PAYMENT: 'SECRET',
  FRAUD_API_ADAPTER: '../SECRET.js',
};
const { AWS_REGION, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED, ...REQUIRED } = VALID;
const OPTIONAL = [
  'POWERTOOLS_LOG_LEVEL',
  'RETRY_WAITS_SECONDS',
  'GROUP_CONCURRENCY',
  'ON_FAILED_PAYMENT',
  'FRAUD_API_KEY_SECRET_ARN',
  'FRAUD_API_ADAPTER',
];

test.each([
  {
    are: 'missing',
    environment: { AWS_REGION, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED },
    named: Object.keys(REQUIRED),
  },
  { are: 'bad', environment: { ...VALID, ...BAD }, named: Object.keys(BAD) },
])(
  'variables are $are: the function ends with one error that names every one, no other, and no value',
  async ({ environment, named }) => {
    const lines: string[] = [];
    const lambda = new FunctionProcess({
      bundle: BUNDLE,
      functionName: 'payment-processor',
      timeoutMs: 10_000,
      environment,
      onLine: (line) => lines.push(line),
    });
    await expect(lambda.invoke({ Records: [] })).rejects.toThrow(FunctionStartError);

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^EnvironmentError: /);
    const known = [...Object.keys(REQUIRED), ...OPTIONAL];
    expect(known.filter((name) => new RegExp(`\\b${name}\\b`).test(lines[0]!)).sort()).toEqual(named.slice().sort());
    expect(lines[0]).not.toContain('SECRET');
  },
);

test('an adapter that is not beside the bundle: the function does not start, and says what is missing', async () => {
  const environment = { ...VALID, FRAUD_API_ADAPTER: './none.mjs' };
  const lines: string[] = [];
  const onLine = (line: string) => lines.push(line);
  const options = { bundle: BUNDLE, functionName: 'payment-processor', timeoutMs: 10_000, environment, onLine };

  await expect(new FunctionProcess(options).invoke({ Records: [] })).rejects.toThrow(FunctionStartError);

  expect(lines).toEqual([
    expect.stringMatching(
      /^AdapterLoadError: FRAUD_API_ADAPTER is \.\/none\.mjs, which is no adapter: Error: Cannot find /,
    ),
  ]);
});

describe('the circuit to the fraud API', () => {
  const DOWN = { status: 503 };

  let bench: ProcessorBench;
  beforeAll(async () => {
    bench = await ProcessorBench.start({ FRAUD_API_MAX_ATTEMPTS: '4', GROUP_CONCURRENCY: '1' });
  });
  afterAll(() => bench.close());

  /** Pays that many payments, one after the other, while the API is down. */
  async function outage(payments: number, receiveCount = 1, remainingMs?: number): Promise<Run & { calls: string[] }> {
    const before = bench.fraud.calls.length;
    const down = Array.from({ length: payments }, () => payment());
    for (const { transaction_id } of down) bench.fraud.script(transaction_id, DOWN);
    const run = await bench.run(await bench.deliver(...down.map((body) => ({ body, receiveCount }))), remainingMs);
    return { ...run, calls: bench.fraud.calls.slice(before).map(({ transactionId }) => transactionId) };
  }

  test('opens at the tenth failed call in a row, then allows calls in a last receive only', async () => {
    const opening = await outage(4);
    const [one, two, three] = new Set(opening.calls);
    expect(opening.calls).toEqual([one, one, one, one, two, two, two, two, three, three]); // GROUP_CONCURRENCY is 1
    expect(opening.sum('CircuitOpened')).toBe(1);
    expect(opening.sum('FraudCheckErrors')).toBe(10);
    expect(opening.returned).toEqual([0, 1, 2, 3]);
    expect(opening.visibility.flat().map(({ seconds }) => seconds)).toEqual([300, 300, 300, 300]);

    const open = await outage(2, 2, NO_TIME_TO_WAIT_MS);
    expect(open.calls).toEqual([]);
    expect(open.sum('CircuitOpened')).toBe(0);
    expect(open.visibility.flat().filter(({ seconds }) => seconds >= 1_860)).toHaveLength(2);

    const last = payment();
    const [message] = await bench.deliver({ body: last, receiveCount: 3 });
    expect((await bench.run([message!])).returned).toEqual([]);
    expect(bench.fraud.callsFor(last.transaction_id)).toHaveLength(1);
    expect(await bench.record(last.transaction_id)).toMatchObject({ payment_status: 'APPROVED' });

    const failing = await outage(1, 3);
    expect(failing.calls).toHaveLength(4); // FRAUD_API_MAX_ATTEMPTS, though the circuit is open
    expect([failing.returned, failing.sum('PaymentsFailed')]).toEqual([[], 1]);
  });

  test('stays closed for two payments, however often they fail, and for failures that are not in a row', async () => {
    await bench.restart({ FRAUD_API_MAX_ATTEMPTS: '5', RETRY_WAITS_SECONDS: '2,4' });
    const two = await outage(2, 2);
    expect(two.calls).toHaveLength(10);
    expect(two.sum('CircuitOpened')).toBe(0);
    const waits = two.visibility.flat().map(({ seconds }) => seconds);
    expect(waits.map((seconds) => seconds === 4 || seconds === 5)).toEqual([true, true]); // RETRY_WAITS_SECONDS
    await bench.pay({ body: payment() });

    const five = paymentsOfAccount(5);
    for (const { transaction_id } of five) bench.fraud.script(transaction_id, DOWN, DOWN, APPROVE);
    const run = await bench.pay(...five.map((body) => ({ body })));
    expect([run.sum('FraudCheckErrors'), run.sum('PaymentsApproved'), run.sum('CircuitOpened')]).toEqual([10, 5, 0]);

    // Three at once, each failing before any of them is answered: three in a row, not thirteen.
    const three = [payment(), payment(), payment()];
    const allFailed = () => Promise.all(three.map(({ transaction_id }) => bench.fraud.hasEnded(transaction_id, 1)));
    for (const { transaction_id } of three)
      bench.fraud.script(transaction_id, DOWN, { ...APPROVE, meanwhile: allFailed });
    const next = await bench.pay(...three.map((body) => ({ body })));
    expect([next.sum('FraudCheckErrors'), next.sum('PaymentsApproved'), next.sum('CircuitOpened')]).toEqual([3, 3, 0]);
  });
});
