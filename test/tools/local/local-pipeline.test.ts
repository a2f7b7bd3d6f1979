import { writeFileSync } from 'node:fs';
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

function start(timeScale?: number, rate = 5): Promise<LocalPipeline> {
  const logFile = join(newDirectory(), 'functions.log');
  return LocalPipeline.start({ stackFile: STACK_FILE, bundle: BUNDLE, logFile, rate, ...(timeScale && { timeScale }) });
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

  test('verify sends a canary, and checks no emulated resource', async () => {
    const { code, stdout } = await ops('verify', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ checks: [], passed: 1, canary: { result: 'passed' } });
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
  await expect(runDrill('none', entry, signal, () => undefined)).rejects.toThrow(/There is no drill none/);
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

/** These wait at the open circuit or have much to work off in real time, or need more payments than come in a short minute. */
const SLOW = ['fraud-api-down', 'fraud-api-slow', 'fraud-api-garbage', 'fraud-api-refusing', 'burst'];

describe.each(Object.keys(DRILLS).filter((name) => name !== 'audit-events'))('the drill %s', (name) => {
  thoroughTest(
    'passes',
    async () => {
      const verdict = await verdictOf(name, SLOW.includes(name) ? undefined : FAST);
      expect(verdict).toMatchObject({ passed: true });
    },
    300_000,
  );
});
