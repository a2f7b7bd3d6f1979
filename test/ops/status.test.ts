import { STATUSES } from '../../src/contract';
import { payment, recordOf } from '../../tools/kit/payments/black-box-payments';
import { body, ScriptedServer } from '../../tools/kit/scripted-server';
import { ScriptedCloudWatch } from '../../tools/kit/ops/cloudwatch-endpoint';
import { fileOf, OpsBench, outputsOf, runOps } from '../../tools/kit/ops/ops-bench';

const RINGS = {
  AlarmName: 'alarm-sqs-dlq-messages-dev',
  StateValue: 'ALARM',
  StateUpdatedTimestamp: 1_782_894_600,
  AlarmDescription: 'First analyze.',
};
const OTHERS = { AlarmName: 'alarm-sqs-dlq-messages-prod', StateValue: 'ALARM', StateUpdatedTimestamp: 1_782_894_600 };
const QUIET = { AlarmName: 'alarm-lambda-throttles-dev', StateValue: 'OK', StateUpdatedTimestamp: 1_782_894_600 };

const VARIABLES = {
  RELEASE_ID: 'release-of-today',
  SECRET: 'MARKED',
  POWERTOOLS_METRICS_NAMESPACE: 'PaymentPipeline',
  POWERTOOLS_SERVICE_NAME: 'payment-processor-test',
};

let bench: OpsBench;
let cloudWatch: ScriptedCloudWatch;
let outputs: string;
const status = (...args: string[]) => runOps(['status', '--outputs', outputs, ...args]);
beforeAll(async () => {
  bench = await OpsBench.start();
  cloudWatch = await ScriptedCloudWatch.start();
  cloudWatch.alarms = [QUIET, OTHERS, RINGS];
  cloudWatch.values = {
    'dead.fifo ApproximateAgeOfOldestMessage': [61, 1],
    'payment-processor-test PaymentsProcessed': [60, 0, 1],
    'payment-processor-test PaymentsDeclined': [40],
  };
  process.env.AWS_ENDPOINT_URL_CLOUDWATCH = cloudWatch.url;
  outputs = fileOf(
    outputsOf({ payments_alarm_dlq_name: RINGS.AlarmName, payments_alarm_throttles_name: QUIET.AlarmName }),
  );
  const statuses = ['APPROVED', 'APPROVED', 'FAILED', 'PROCESSING'];
  await bench.pipeline.put(statuses.map((payment_status) => recordOf(payment(), { payment_status })));
  await bench.pipeline.send([payment(), payment(), payment()].map((letter) => ({ body: letter })));
  await bench.pipeline.receiveOne();
  const LastModified = '2026-07-01T08:30:00.000+0000';
  bench.lambda.configurations = {
    'payment-processor': {
      State: 'Active',
      LastUpdateStatus: 'Failed',
      LastModified,
      Environment: { Variables: VARIABLES },
    },
    'dlq-processor': { State: 'Active', LastUpdateStatus: 'Successful', LastModified },
  };
});
afterAll(async () => {
  await cloudWatch.close();
  await bench.close();
});

test('queues, payments by status, functions and alarms', async () => {
  const { code, stdout, stderr } = await status();

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^payments in ap-southeast-1\nalarm-sqs-dlq-messages-dev rings since 2026-07-01T\S+Z: First analyze\.\n1 of 2 alarms are quiet\./,
  );
  expect(stdout).toMatch(/payments\.fifo │ 0 +│ 0 +│ unknown /);
  expect(stdout).toMatch(/dead\.fifo +│ 2 +│ 1 +│ 61 s /);
  expect(stdout).not.toContain('prod');
  expect(stdout).toMatch(
    /PROCESSING │ 1 [^]*APPROVED +│ 2 [^]*DECLINED +│ 0 +│ 8 [^]*REVIEW +│ 0 [^]*FAILED +│ 1 +│ 0 /,
  );
  expect(stdout).toContain(
    'A minute, of late: 12.2 processed, 0 returned to the queue, 0 calls of the fraud API without a decision.',
  );
  expect(stdout).toMatch(
    /payment-processor │ Active │ Failed +│ 2026-07-01T08:30:00\.000\+0000 │\n│ Release: release- /,
  );
  expect(stdout).toMatch(/dlq-processor +│ Active │ Successful +│ [^\n]* │\n│ Release: unknown /);
  expect(stdout).not.toContain('or more');
});

test("for scripts, and without the rest of a function's environment", async () => {
  const { stdout } = await status('--json');
  expect(JSON.parse(stdout)).toMatchObject({
    queues: [
      { name: 'payments.fifo', visible: 0 },
      { name: 'dead.fifo', visible: 2, in_flight: 1 },
    ],
    payments: { APPROVED: { count: 2, more: false }, FAILED: { count: 1, more: false } },
    per_minute: { processed: 12.2, declined: 8, fraud_check_errors: 0 },
    functions: [{ name: 'payment-processor', release_id: 'release-of-today' }, { name: 'dlq-processor' }],
  });
  expect(stdout).not.toContain('MARKED');
});

test('of very many payments only a part is counted, and the answer says so', async () => {
  const table = new ScriptedServer();
  await table.start();
  table.answers(body(JSON.stringify({ Count: 6_000, LastEvaluatedKey: { transaction_id: { S: 'tx' } } }))); // page after page, without an end
  const endpoint = process.env.AWS_ENDPOINT_URL_DYNAMODB;
  process.env.AWS_ENDPOINT_URL_DYNAMODB = new URL(table.url).origin;
  const { stdout } = await status();
  process.env.AWS_ENDPOINT_URL_DYNAMODB = endpoint;
  await table.stop();

  expect(stdout).toMatch(/APPROVED +│ 10000 or more │/);
  expect(stdout).toContain('Not all were counted');
  expect(stdout).toContain('10000 or more accounts are held.');
  const limits = table.requests.map((request) => (JSON.parse(request.body) as { Limit: number }).Limit);
  const lists = STATUSES.length + 1; // with the held accounts
  expect(limits.sort()).toEqual([...Array<number>(lists).fill(10_001), ...Array<number>(lists).fill(4_001)]);
});

test('metrics that CloudWatch could not read are no zeros', async () => {
  cloudWatch.metricStatus = 'InternalError';
  const { code, stdout, stderr } = await status();
  cloudWatch.metricStatus = 'Complete';
  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: '',
    stderr: 'The service CloudWatch in ap-southeast-1 could not read its metrics (InternalError): try again.\n',
  });
});

test('a function that is not there is one sentence', async () => {
  bench.lambda.configurations = {};
  expect(await status()).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^There is no function (payment|dlq)-processor in ap-southeast-1/) as string,
  });
});
