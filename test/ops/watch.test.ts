import { EventEmitter } from 'node:events';
import { aPayment, aRecord } from '../support/payments';
import { CloudWatchEndpoint } from './cloudwatch-endpoint';
import { type At, fileOf, OpsBench, outputsOf, type Ran, runOps } from './ops-bench';

let bench: OpsBench;
let cloudWatch: CloudWatchEndpoint;
const outputs = fileOf(outputsOf({ payments_alarm_x_name: 'alarm-x' }));
beforeAll(async () => {
  bench = await OpsBench.start();
  cloudWatch = await CloudWatchEndpoint.start();
  Object.assign(process.env, { NO_COLOR: '1', AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch.url, AWS_ENDPOINT_URL_DYNAMODB: bench.pipeline.table.endpoint });
  bench.lambda.configurations = { 'payment-processor': { State: 'Active' }, 'dlq-processor': { State: 'Active' } };
  await put('APPROVED', { transaction_id: 'tx-1' });
});
afterAll(async () => {
  await cloudWatch.close();
  await bench.close();
});

function put(payment_status: 'APPROVED' | 'FAILED', fields: Parameters<typeof aPayment>[0]) {
  return bench.pipeline.put([{ ...aRecord(aPayment(fields), { payment_status, failure_code: 'FRAUD_CHECK_REFUSED' }) }]);
}

/** Looks until so many pieces that tell of a look are written, and ends it by Ctrl-C. */
async function watch(at: Omit<At, 'signals'>, looks: number, afterLook: () => Promise<void>, ...args: string[]): Promise<Ran> {
  const signals = new EventEmitter();
  let seen = 0;
  const onWritten = (piece: string) => {
    if (!/PROCESSING|error|may not/.test(piece)) return;
    seen++;
    if (seen === looks) signals.emit('SIGINT');
    else if (seen < looks) void afterLook();
  };
  return runOps(['watch', '--interval', '1', '--outputs', outputs, ...args], { ...at, signals, onWritten });
}

const nothing = () => Promise.resolve();

test('without a terminal: a line a look, and Ctrl-C is no failure', async () => {
  const { code, stdout, stderr } = await watch({}, 1, nothing);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^20\S+Z {2}payments\.fifo: 0 waiting, 0 in flight; dead\.fifo: 0 waiting, 0 in flight; PROCESSING 0, APPROVED 1, .*; no alarm rings\n$/);
  expect(stdout).not.toContain('\u001b');
});

test('for scripts: a line of JSON a look, without account numbers', async () => {
  const { code, stdout } = await watch({}, 2, () => put('FAILED', { transaction_id: 'tx-2', account_id: 'account-4711' }), '--json');
  const looks = stdout.trim().split('\n').map((line) => JSON.parse(line) as object);
  expect({ code, looks }).toMatchObject({
    code: 0,
    looks: [
      { at: expect.any(String) as string, queues: [{ name: 'payments.fifo' }, {}], payments: { FAILED: { count: 0 } }, failures: [] },
      { payments: { FAILED: { count: 1 } }, failures: [{ transaction_id: 'tx-2', account_id: '…4711' }] },
    ],
  });
  expect(stdout).not.toContain('account-4711');
});

test('at a terminal it is drawn in place, with what has changed; the cursor and the scrollback come back, and the last look stays', async () => {
  cloudWatch.alarms = [{ AlarmName: 'alarm-x', StateValue: 'ALARM', AlarmDescription: 'Call.' }];
  const { code, stdout } = await watch({ rows: 60 }, 2, () => put('APPROVED', { transaction_id: 'tx-3' }));
  const [, inside, after] = /^\u001b\[\?1049h\u001b\[\?25l([^]*)\u001b\[\?25h\u001b\[\?1049l([^]*)$/.exec(stdout)!;

  expect(code).toBe(0);
  const [, first, second] = inside!.split('\u001b[1;1H\u001b[0J');
  expect(first).toMatch(/^payments in ap-southeast-1 at 20\S+Z, every 1 s; Ctrl-C ends it\nalarm-x rings since unknown\n0 of 1 alarms are quiet\.\n[^]*APPROVED +│ 1 +│[^]*tx-2 +│ …4711/);
  expect(second).toMatch(/APPROVED +│ 2 \(\+1\) /);
  expect(after).toMatch(/^payments in ap-southeast-1 at 20\S+Z\n[^]*APPROVED +│ 2 \(\+1\) /);
});

test('what the window has no room for is cut, and that is said', async () => {
  const { stdout } = await watch({ rows: 14 }, 1, nothing);
  const [, drawn] = /\u001b\[0J([^]*)\u001b\[\?25h/.exec(stdout)!;
  expect(drawn!.split('\n')).toHaveLength(14);
  expect(drawn).toMatch(/\n… \d+ more lines: make the window higher\.$/);
});

test('a look that fails is told, and the next one is tried; the first one ends it', async () => {
  const refuse = () => Promise.resolve(bench.pipeline.table.fail('Query', 'refused', 99));
  const lines = await watch({}, 2, refuse, '--json');
  const ended = await watch({ rows: 60 }, 1, nothing);
  bench.pipeline.table.heal();
  const screen = await watch({ rows: 60 }, 2, refuse);
  bench.pipeline.table.heal();

  const sentence = 'These credentials may not use the payment table payments in ap-southeast-1';
  expect(JSON.parse(lines.stdout.trim().split('\n')[1]!)).toEqual({ at: expect.any(String) as string, error: expect.stringContaining(sentence) as string });
  expect(screen.stdout).toMatch(/may not use the payment table [^\n]*\nWhat follows is of 20\S+Z\.\n[^]*APPROVED/);
  expect([lines.code, screen.code]).toEqual([0, 0]);
  expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(sentence) as string });
});
