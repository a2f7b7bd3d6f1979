import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { aPayment } from '../../../tools/kit/payments/payments';
import { newDirectory } from '../../../tools/kit/new-directory';
import { runOps } from '../../../tools/kit/ops/ops-bench';
import { thoroughTest } from '../../../tools/kit/thorough';
import { BUNDLE, STACK_FILE } from '../../../tools/demo/fixtures/demo-run';
import { DRILLS } from '../../../tools/local/drills';
import { runDrill } from '../../../tools/local/drill-client';
import { LocalPipeline } from '../../../tools/local/local-pipeline';
import { localPages } from '../../../tools/local/page';
import { register } from '../../../tools/local/registry';

jest.setTimeout(120_000); // both functions, and the operator's tool, which waits for them

const PORT = 8_400;
/** A minute takes a quarter of a second. */
const FAST = 240;

let logFile: string;

function start(timeScale?: number, rate = 5, stackFile = STACK_FILE): Promise<LocalPipeline> {
  logFile = join(newDirectory(), 'functions.log');
  return LocalPipeline.start({ stackFile, bundle: BUNDLE, logFile, rate, ...(timeScale && { timeScale }) });
}

type Resources = Record<string, Record<string, Record<string, unknown>>>;

function only<T>(ofType: Record<string, T> | undefined): T {
  return Object.values(ofType!)[0]!;
}

/** The stack with faults. */
function faultyStack(change: (resource: Resources) => void): string {
  const stack = JSON.parse(readFileSync(STACK_FILE, 'utf8')) as { resource: Resources };
  change(stack.resource);
  const file = join(newDirectory(), 'cdk.tf.json');
  writeFileSync(file, JSON.stringify(stack));
  return file;
}

async function verdictOf(name: string, timeScale?: number) {
  const local = await start(timeScale);
  void local.run();
  const { signal } = new AbortController();
  try {
    return (await runDrill(name, local.entry(PORT), signal, () => undefined)).verdict;
  } finally {
    await local.close();
  }
}

describe("the operator's tool works against it", () => {
  const before = process.env;
  let local: LocalPipeline;
  const ops = (...args: string[]) => runOps(['--local', ...args]);

  beforeAll(async () => {
    process.env = { ...before, XDG_CACHE_HOME: newDirectory() };
    local = await start(FAST);
    register(local.entry(PORT));
    void local.run();
    local.traffic.sendPoison();
    while (local.deadLetters().length === 0) await sleep(100);
  });
  afterAll(async () => {
    process.env = before;
    await local.close();
  });

  test('status and watch: queues, payments, functions and the alarm that rings', async () => {
    while (!(await ops('status')).stdout.includes('alarm-sqs-dlq-messages-dev rings')) await sleep(100);
    const { stdout } = await ops('status', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      payments: { FAILED: { count: 1 } },
      functions: [{ name: 'lambda-payment-processor-dev' }, { name: 'lambda-dlq-processor-dev' }],
      per_minute: { processed: expect.any(Number) as number },
    });
  });

  test('a payment that was sent is decided, and shown', async () => {
    const file = join(newDirectory(), 'payments.jsonl');
    writeFileSync(file, JSON.stringify(aPayment({ transaction_id: 'by-hand' })));
    expect((await ops('send', file)).code).toBe(0);
    while ((await ops('payment', 'by-hand')).code !== 0) await sleep(50);
    expect((await ops('payment', 'by-hand')).stdout).toMatch(/Payment by-hand is [A-Z]+/);
  });

  test('a failed payment: listed, analyzed, redriven, and discarded', async () => {
    const { failed } = JSON.parse((await ops('failed', '--json')).stdout) as { failed: { transaction_id: string }[] };
    const [{ transaction_id: id }] = failed as [{ transaction_id: string }];
    expect((await ops('analyze')).stdout).toMatch(/FRAUD_CHECK_REFUSED +│ 1/);
    expect((await ops('redrive', `--id=${id}`, '--yes')).stdout).toContain('Done: 1 payment done');
    while (local.deadLetters().length === 0) await sleep(100);
    expect((await ops('discard', `--id=${id}`, '--reason', 'drill', '--yes')).stdout).toContain('Done: 1 payment done');
    expect(local.deadLetters()).toEqual([]);
  });

  test('its page has payments, graphs, alarms and drills', async () => {
    const { payments, widgets, alarms, drills } = await localPages(local)();
    expect(payments.length).toBeGreaterThan(0);
    expect(widgets.some((widget) => widget.type === 'metric' && widget.times.length > 1)).toBe(true);
    expect(alarms.length).toBeGreaterThan(10);
    expect(drills.map(({ name }) => name)).toEqual(Object.keys(DRILLS));
  });

  test('its log does not fill the disk', async () => {
    local.pipeline.takeLine('x'.repeat(51 * 1024 * 1024));
    // The next file is there when its stream has opened it.
    while (!existsSync(`${logFile}.old`) || !existsSync(logFile)) {
      local.pipeline.takeLine('the next line');
      await sleep(20);
    }
    expect(statSync(logFile).size).toBeLessThan(1024 * 1024);
  });

  test('its page stays while the table is throttled, and its own reads are in no graph', async () => {
    const { aws, cloudWatch, deployed } = local.pipeline;
    const metric = {
      namespace: 'AWS/DynamoDB',
      metricName: 'ConsumedReadCapacityUnits',
      dimensions: { TableName: deployed.tableName },
      statistic: 'Sum',
    } as const;
    aws.throttleTables(true);
    const before = cloudWatch.metrics.value(metric);
    expect((await localPages(local)()).payments.length).toBeGreaterThan(0);
    expect(cloudWatch.metrics.value(metric)).toBe(before);
    aws.throttleTables(false);
  });
});

describe('verify', () => {
  const before = process.env;
  let local: LocalPipeline;
  beforeEach(() => {
    process.env = { ...before, XDG_CACHE_HOME: newDirectory() };
  });
  afterEach(async () => {
    process.env = before;
    await local.close();
  });

  interface Answer {
    readonly checks: { check: string; result: string; findings: { found: string }[] }[];
    readonly canary?: { result: string; steps: { step: string }[]; findings: { found: string }[] };
  }

  /** Verifies the local pipeline of a stack. */
  async function verify(stackFile = STACK_FILE, ...options: string[]) {
    local = await start(undefined, 0, stackFile);
    register(local.entry(PORT));
    void local.run();
    return again(...options);
  }

  async function again(...options: string[]) {
    const { code, stdout } = await runOps(['--local', 'verify', '--json', ...options]);
    const answer = JSON.parse(stdout) as Answer;
    return { code, ...answer, found: answer.checks.flatMap(({ findings }) => findings.map(({ found }) => found)) };
  }

  test('each check passes, or is not emulated; the canary is decided; a drill shows in what it saw', async () => {
    const { code, checks, canary, found } = await verify(STACK_FILE, '--canary');
    expect({ code, found }).toEqual({ code: 0, found: [] });
    expect(checks.filter(({ result }) => result === 'not_emulated').map(({ check }) => check)).toEqual([
      'Concurrency: within the quota',
      'Role of the payment processor: allows each call',
      'Role of the DLQ processor: allows each call',
      'Payment table: point-in-time recovery',
      'Key of queues and alert topic: enabled, rotated',
      'Key of payment table and logs: enabled, rotated',
      'Key of audit trail: enabled, rotated',
      'Endpoints: available',
      'Endpoints: one for each service, in every subnet',
      'Flow logs: active',
      'Audit trail: logging and delivering',
      'Audit trail: settings',
      'Audit trail: data events',
      'Audit bucket: Object Lock, if it has one',
      'Log groups: retention',
    ]);
    expect(canary).toMatchObject({ result: 'passed', steps: [{ step: 'sent' }, { step: 'received' }, {}] });

    local.drills.start('fraud-api-refusing');
    const during = await again('--canary');
    expect(during.code).toBe(1);
    expect(during.canary!.findings).toEqual([
      { found: expect.stringMatching(/FRAUD_CHECK_REFUSED/) as string, what_to_do: expect.any(String) as string },
    ]);
  });

  test('a function that Lambda throttles is named', async () => {
    await verify();
    local.drills.start('function-throttled');
    const { code, found } = await again();
    expect(code).toBe(1);
    expect(found).toEqual([expect.stringContaining('the reserved concurrency (-1 for none) is 0')]);
  });

  test('faults of the deployed stack are named', async () => {
    const { code, found } = await verify(
      faultyStack((resource) => {
        only(resource.aws_lambda_event_source_mapping).enabled = false;
        resource.aws_cloudwatch_metric_alarm!.payments_alarm_lambda_throttles!.actions_enabled = false;
        delete resource.aws_sns_topic_subscription!.payments_alerting_key_changes_email_subscription;
        only(resource.aws_sqs_queue_redrive_allow_policy).redrive_allow_policy = '{"redrivePermission":"allowAll"}';
        only(resource.aws_dynamodb_table).server_side_encryption = { enabled: false };
      }),
    );
    expect(code).toBe(1);
    expect(found).toEqual([
      'The mapping is Disabled: payments wait in the queue.',
      expect.stringMatching(/^the redrive allow policy's permission is allowAll, not byQueue; /),
      expect.stringMatching(/^the key of its encryption is not set/),
      'No key encrypts payment table and logs.',
      expect.stringMatching(/^Nobody hears of a change of the keys/),
      'The actions of alarm-lambda-throttles-dev are off: it rings unheard.',
    ]);
  });
});

test('a drill ends with a verdict, and a second one waits for it', async () => {
  const local = await start(FAST);
  void local.run();
  const entry = local.entry(PORT);
  const { signal } = new AbortController();
  const changes: string[] = [];
  const running = runDrill('audit-events', entry, signal, ({ state }) => changes.push(state));
  while (changes.length === 0) await sleep(20);

  await expect(runDrill('burst', entry, signal, () => undefined)).rejects.toThrow(/audit-events is not over/);
  for (const unknown of ['none', 'toString'])
    await expect(runDrill(unknown, entry, signal, () => undefined)).rejects.toThrow(/There is no drill/);
  const { verdict } = await running;
  await local.close();

  expect(changes).toEqual(['running', 'recovering', 'ended']);
  expect(verdict).toMatchObject({ passed: true });
  expect(verdict!.findings.filter((finding) => /security-.* rang after/.test(finding))).toHaveLength(3);
});

test('a drill whose alarm does not ring fails', async () => {
  const local = await start(FAST);
  const { alarms } = local.pipeline.cloudWatch;
  (alarms as unknown[]).splice(
    0,
    alarms.length,
    ...alarms.filter(({ definition }) => !definition.name.includes('root-use')),
  );
  void local.run();
  const { verdict } = await runDrill('audit-events', local.entry(PORT), new AbortController().signal, () => undefined);
  await local.close();

  expect(verdict).toMatchObject({ passed: false });
  expect(verdict!.findings).toContain('alarm-security-root-use-dev did not ring.');
});

/** These wait at the open circuit or have much to work off, minutes in real time: `.ci/run` runs them by the command. */
const SLOW = ['fraud-api-down', 'fraud-api-slow', 'fraud-api-garbage', 'burst'];
/** These need more payments than come in a short minute. */
const AT_USUAL_SCALE = ['fraud-api-refusing', 'function-killed'];

test('.ci/run runs the slow drills', () => {
  expect(readFileSync('.ci/run', 'utf8')).toContain(`in ${SLOW.join(' ')};`);
});

describe.each(Object.keys(DRILLS).filter((name) => !['audit-events', ...SLOW].includes(name)))(
  'the drill %s',
  (name) => {
    thoroughTest('passes', async () => {
      const verdict = await verdictOf(name, AT_USUAL_SCALE.includes(name) ? undefined : FAST);
      expect(verdict).toMatchObject({ passed: true });
    });
  },
);
