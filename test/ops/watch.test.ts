import { EventEmitter } from 'node:events';
import { colours } from '../../src/cli/escaped-text';
import { connect } from '../../src/ops/connect';
import { findPipeline } from '../../src/ops/pipeline';
import { interruptible } from '../../src/cli/terminal';
import { watch } from '../../src/ops/watch';
import { aPayment, aRecord } from '../../tools/kit/payments/payments';
import { ScriptedCloudWatch } from '../../tools/kit/ops/cloudwatch-endpoint';
import { fileOf, OpsBench, outputsOf, runOps, terminalOf } from '../../tools/kit/ops/ops-bench';

let bench: OpsBench;
let cloudWatch: ScriptedCloudWatch;
const outputs = fileOf(outputsOf({ payments_alarm_x_name: 'alarm-x' }));
beforeAll(async () => {
  bench = await OpsBench.start();
  cloudWatch = await ScriptedCloudWatch.start();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CLOUDWATCH: cloudWatch.url,
    AWS_ENDPOINT_URL_DYNAMODB: bench.pipeline.table.endpoint,
  });
  bench.lambda.configurations = { 'payment-processor': { State: 'Active' }, 'dlq-processor': { State: 'Active' } };
  await put('APPROVED', { transaction_id: 'tx-1' });
});
afterAll(async () => {
  await cloudWatch.close();
  await bench.close();
});

function put(payment_status: 'APPROVED' | 'FAILED', fields: Parameters<typeof aPayment>[0]) {
  return bench.pipeline.put([
    { ...aRecord(aPayment(fields), { payment_status, failure_code: 'FRAUD_CHECK_REFUSED' }) },
  ]);
}

const MOST_PIECES = 300;

interface Watching {
  /** A window of so many rows. */
  readonly rows?: number;
  readonly json?: true;
  readonly afterFirstSnapshot?: () => void;
}

/** Takes fifty snapshots a second until the expected text is written, or is overdue, and ends the watch by Ctrl-C. */
async function watchUntil(seen: RegExp, { rows, json, afterFirstSnapshot = () => undefined }: Watching = {}) {
  const signals = new EventEmitter();
  let [snapshots, pieces] = [0, 0];
  const onWritten = (piece: string) => {
    if (piece.includes('PROCESSING') && ++snapshots === 1) afterFirstSnapshot();
    if (seen.test(piece) || ++pieces > MOST_PIECES) signals.emit('SIGINT');
  };
  const terminal = terminalOf({ signals, onWritten, ...(rows !== undefined && { rows }) });
  const services = await connect(findPipeline({ outputs, environment: 'dev', queueName: 'payment-processing' }));
  const options = { interval: 0.02, ...(json && { json }) };
  const look = { full: false, colours: colours(false), width: 80 };
  const { exitCode, text } = await interruptible(terminal, (one) => watch(options, services, look, one)).finally(
    services.close,
  );
  return { exitCode, written: terminal.stdout.text, text: text?.toString() ?? '' };
}

test('without a terminal: a line for each snapshot, and Ctrl-C is no failure', async () => {
  const signals = new EventEmitter();
  const { code, stdout, stderr } = await runOps(['watch', '--outputs', outputs], {
    signals,
    onWritten: () => signals.emit('SIGINT'),
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^20\S+Z {2}payments\.fifo: 0 waiting, 0 in flight; dead\.fifo: 0 waiting, 0 in flight; PROCESSING 0, APPROVED 1, .*; no alarm rings\n$/,
  );
});

test('for scripts: a line of JSON for each snapshot, without account numbers', async () => {
  const afterFirstSnapshot = () => void put('FAILED', { transaction_id: 'tx-2', account_id: 'account-4711' });
  const { exitCode, written } = await watchUntil(/tx-2.*"FAILED":\{"count":1|"FAILED":\{"count":1.*tx-2/, {
    json: true,
    afterFirstSnapshot,
  });
  const snapshots = written
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);

  expect(exitCode).toBe(0);
  expect(snapshots[0]).toMatchObject({
    at: expect.any(String) as string,
    queues: [{ name: 'payments.fifo' }, {}],
    payments: { FAILED: { count: 0 } },
    failures: [],
  });
  expect(snapshots.at(-1)).toMatchObject({
    payments: { FAILED: { count: 1 } },
    failures: [{ transaction_id: 'tx-2', account_id: '…4711' }],
  });
  expect(written).not.toContain('account-4711');
});

test('at a terminal it is drawn in place, with what has changed; the cursor and the scrollback come back, and the last snapshot stays', async () => {
  cloudWatch.alarms = [{ AlarmName: 'alarm-x', StateValue: 'ALARM', AlarmDescription: 'Call.' }];
  const { exitCode, written, text } = await watchUntil(/APPROVED +│ 2 \(\+1\) /, {
    rows: 60,
    afterFirstSnapshot: () => void put('APPROVED', { transaction_id: 'tx-3' }),
  });
  const [, inside] = /^\u001b\[\?1049h\u001b\[\?25l([^]*)\u001b\[\?25h\u001b\[\?1049l$/.exec(written)!;
  const [, first] = inside!.split('\u001b[1;1H\u001b[0J');

  expect(exitCode).toBe(0);
  expect(first).toMatch(
    /^payments in ap-southeast-1 at 20\S+Z, every 0\.02 s; Ctrl-C ends it\nalarm-x rings since unknown\n0 of 1 alarms are quiet\.\n[^]*APPROVED +│ 1 +│[^]*tx-2 +│ …4711/,
  );
  expect(text).toMatch(/^payments in ap-southeast-1 at 20\S+Z\n[^]*APPROVED +│ 2 \(\+1\) /);
});

test('lines that do not fit the window are cut, and the output says so', async () => {
  const { written } = await watchUntil(/PROCESSING/, { rows: 14 });
  const [, drawn] = /\u001b\[0J([^]*)\u001b\[\?25h/.exec(written)!;
  expect(drawn!.split('\n')).toHaveLength(14);
  expect(drawn).toMatch(/\n… \d+ more lines: make the window higher\.$/);
});

test('a failed snapshot is reported, and the next one follows; a failed first one ends the watch', async () => {
  const afterFirstSnapshot = () => {
    bench.pipeline.table.fail('Query', 'refused', 1_000);
  };
  const lines = await watchUntil(/"error"/, { json: true, afterFirstSnapshot });
  await expect(watchUntil(/PROCESSING/, { rows: 60 })).rejects.toThrow(
    'These credentials may not use the payment table',
  );
  bench.pipeline.table.heal();
  const screen = await watchUntil(/may not use/, { rows: 60, afterFirstSnapshot });
  bench.pipeline.table.heal();

  expect(JSON.parse(lines.written.trim().split('\n').at(-1)!)).toEqual({
    at: expect.any(String) as string,
    error: expect.stringContaining(
      'These credentials may not use the payment table payments in ap-southeast-1',
    ) as string,
  });
  expect(screen.written).toMatch(/may not use the payment table [^\n]*\nWhat follows is of 20\S+Z\.\n[^]*APPROVED/);
  expect([lines.exitCode, screen.exitCode]).toEqual([0, 0]);
});
