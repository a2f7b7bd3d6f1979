import { FunctionProcess, FunctionStartError } from '../../src/local/embedded/function-process';
import { payment, recordOf } from '../support/black-box-payments';
import { BUNDLE, DlqBench } from './dlq-bench';

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
  await bench.send(['MARKED-body-1', 'MARKED-body-2', 'MARKED-body-3']);
});
afterAll(() => bench.close());
beforeEach(() => {
  bench.sqs.calls.length = 0;
  bench.table.calls.length = 0;
});

const BY_FAILURE_CODE = { FRAUD_CHECK_REFUSED: 5, CONFLICTING_TRANSACTION: 1, FRAUD_CHECK_UNAVAILABLE: 1 };
const operations = () => [...bench.sqs.calls, ...bench.table.calls].map(({ operation }) => operation);

test('the failed payments and the dead letters are counted, over all pages, and nothing is touched', async () => {
  await bench.receiveOne();

  for (const event of [{}, null, { action: 'analyze', limit: 7 }]) {
    expect(await bench.invoke(event)).toEqual({
      action: 'analyze',
      failedPayments: 7,
      byFailureCode: BY_FAILURE_CODE,
      deadLetters: { visible: 2, inFlight: 1 },
      more: false,
    });
  }
  expect(new Set(operations())).toEqual(new Set(['GetQueueAttributes', 'Query']));
  expect(bench.table.inputs('Query').length).toBeGreaterThanOrEqual(6); // two pages at least, each time
  expect(await bench.depth()).toEqual({ visible: 2, inFlight: 1 });
});

test('a limit below the count is kept, and said', async () => {
  expect(await bench.invoke({ limit: 6 })).toMatchObject({ failedPayments: 6, more: true, stoppedBy: 'limit' });
  expect(await bench.invoke({ limit: 1 })).toMatchObject({ failedPayments: 1, byFailureCode: { FRAUD_CHECK_REFUSED: 1 }, more: true });
});

test('in the last 15 seconds of the function nothing is begun, and the answer says so', async () => {
  const answer = await bench.invoke({}, 14_900);
  expect(answer).toMatchObject({ failedPayments: 0, deadLetters: null, more: true, stoppedBy: 'deadline' });
  expect(operations()).toEqual([]);
});

test('what cannot be done yet, or is not right, is refused with its own error, and nothing is called', async () => {
  for (const action of ['redrive', 'discard']) {
    expect(await bench.refusal({ action, accountIds: ['MARKED-account'] })).toMatchObject({
      error_code: 'ActionUnavailableError',
      reason: expect.stringContaining(`${action} is not available in this release`) as string,
    });
  }
  const { error_code, reason } = await bench.refusal({ action: 'MARKED', limit: 0, dryrun: true, accountIds: 'MARKED' });
  expect(error_code).toBe('InvalidEventError');
  for (const fault of ['action must be ', 'limit must be ', 'dryrun is none ', 'accountIds must be ']) expect(reason).toContain(fault);
  expect(operations()).toEqual([]);
});

test.each([
  ['payment table', () => { bench.table.fail('Query', 'refused'); }],
  ['dead-letter queue', () => { bench.sqs.fail('GetQueueAttributes', 'refused'); }],
])('a %s that refuses is an error, with its name and without its text', async (source, fail) => {
  fail();
  const { error_code, reason } = await bench.refusal({});
  bench.table.heal();
  bench.sqs.heal();
  expect([error_code, reason]).toEqual([
    'ReadError',
    `The ${source} could not be read: AccessDeniedException. Nothing was changed: try again, or look at the function's permissions.`,
  ]);
});

test('the analysis is logged with its counts and traced, without a word of a payment', async () => {
  const since = bench.lines.length;
  await bench.invoke({ limit: 6 });
  expect(await bench.logOf('INFO', since)).toMatchObject({
    level: 'INFO',
    service: 'dlq-processor-test',
    function_request_id: expect.any(String) as string,
    failed_payments: 6,
    by_failure_code: { FRAUD_CHECK_REFUSED: 5, CONFLICTING_TRANSACTION: 1 }, // the oldest six
    dead_letters_visible: 2,
    dead_letters_in_flight: 1,
    more: true,
    stopped_by: 'limit',
  });
  const segments = bench.traces.join('\n');
  for (const segment of ['## payment table', '## dead-letter queue']) expect(segments).toContain(segment);
});

test('no line and no trace of the above quotes a payment, a message or an event', async () => {
  await bench.stop();
  expect(bench.lines.length).toBeGreaterThan(10);
  expect(bench.traces.length).toBeGreaterThan(10);
  expect([...bench.lines, ...bench.traces].filter((text) => text.includes('MARKED'))).toEqual([]);
});

test.each([
  { are: 'missing', environment: {} },
  {
    are: 'bad',
    environment: {
      PAYMENT_TABLE_NAME: '',
      PAYMENT_QUEUE_URL: 'SECRET',
      PAYMENT_DLQ_URL: 'ftp://SECRET/queue',
      RELEASE_ID: '',
      ALERT_TOPIC_ARN: 'arn:aws:sqs:ap-southeast-1:000000000000:SECRET',
      POWERTOOLS_SERVICE_NAME: '',
      POWERTOOLS_METRICS_NAMESPACE: '',
    },
  },
])('variables are $are: the function ends with one error that names every one, and no value', async ({ environment }) => {
  const lines: string[] = [];
  const lambda = new FunctionProcess({
    bundle: BUNDLE,
    functionName: 'dlq-processor',
    timeoutMs: 10_000,
    environment: { AWS_REGION: 'ap-southeast-1', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', ...environment },
    onLine: (line) => lines.push(line),
  });
  await expect(lambda.invoke({})).rejects.toThrow(FunctionStartError);

  expect(lines).toEqual([expect.stringMatching(/^EnvironmentError: /)]);
  for (const name of REQUIRED) expect(lines[0]).toContain(name);
  expect(lines[0]).not.toContain('SECRET');
});

const REQUIRED = [
  'PAYMENT_TABLE_NAME',
  'PAYMENT_QUEUE_URL',
  'PAYMENT_DLQ_URL',
  'RELEASE_ID',
  'ALERT_TOPIC_ARN',
  'POWERTOOLS_SERVICE_NAME',
  'POWERTOOLS_METRICS_NAMESPACE',
];

let second = 0;

function record(fields: Record<string, unknown>): Record<string, unknown> {
  const timestamp = new Date(Date.UTC(2026, 6, 1, 8, 30, second++)).toISOString();
  return recordOf(payment({ account_id: 'MARKED-account', reference: 'MARKED-reference' }), { timestamp, ...fields });
}

function failed(failure_code: string, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return record({ payment_status: 'FAILED', failure_code, failure_message: 'MARKED-message', ...fields });
}
