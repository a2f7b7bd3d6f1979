import { spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { writeFileSync } from 'node:fs';
import { runOps } from '../../tools/kit/ops/ops-bench';
import { payment } from '../../tools/kit/payments/black-box-payments';
import { newDirectory } from '../../tools/kit/new-directory';
import { OperatedPipeline } from '../../tools/kit/ops/operated-pipeline';
import { commandsOf, isOfTheTool, OPERATIONS, shellBlocks } from '../../tools/kit/runbooks';

/**
 * The runbooks' commands of the pipeline's own tool, taken apart by the shell as they stand there, on the embedded services. `verify` asks
 * services that are not embedded: its own suites and the end-to-end test run it.
 */
const commands = [...new Set(shellBlocks().flatMap(commandsOf).filter(isOfTheTool))].filter(
  (command) => withoutName(command) !== 'verify',
);
/** The payments of the pages' examples. */
const FAILED = [
  payment({ transaction_id: 'txn-0001', account_id: 'acc-0001' }),
  payment({ transaction_id: 'txn-0002', account_id: 'acc-0002' }),
];

const before = { ...process.env };
const ROOT = process.cwd();
let pipeline: OperatedPipeline;
beforeAll(async () => {
  pipeline = await OperatedPipeline.start();
  Object.assign(process.env, pipeline.environment);
  process.chdir(newDirectory());
  writeFileSync('ids.txt', FAILED.map(({ transaction_id }) => `${transaction_id}\n`).join(''));
});
afterAll(async () => {
  process.env = before;
  process.chdir(ROOT);
  await pipeline.close();
});

/** The statuses of the two payments, and the number of messages in each queue. */
const UNTOUCHED = { statuses: ['FAILED', 'FAILED'], deadLetters: 2, payments: 0 };
const REDRIVEN = { statuses: ['PROCESSING', 'PROCESSING'], deadLetters: 0, payments: 2 };
const FIRST_REDRIVEN = { statuses: ['PROCESSING', 'FAILED'], deadLetters: 1, payments: 1 };
const FIRST_GIVEN_UP = { statuses: ['FAILED', 'FAILED'], deadLetters: 1, payments: 0 };

/** The output of each command, and the end of the two payments. */
const IN_REVIEW = { statuses: ['REVIEW', 'REVIEW'], payments: 0, deadLetters: 0 };

const EXPECTED: Readonly<Record<string, readonly [shows: RegExp, becomes: typeof UNTOUCHED]>> = {
  watch: [/payment-processing-dlq\.fifo: 2 waiting[^]*FAILED 2/, UNTOUCHED],
  status: [/payment-processing-dlq\.fifo │ 2 [^]*FAILED +│ 2 /, UNTOUCHED],
  'status --full': [/payment-processing-dlq\.fifo │ 2 [^]*lambda-payment-processor-dev/, UNTOUCHED],
  analyze: [/FRAUD_CHECK_UNAVAILABLE │ 2 [^]*No pattern needs a person/, UNTOUCHED],
  failed: [/txn-0001[^]*2 in all/, UNTOUCHED],
  'payment -- txn-0001': [/Payment txn-0001 is FAILED[^]*Account held +no/, UNTOUCHED],
  'redrive --dry-run': [/would be redriven +│ 2 /, UNTOUCHED],
  redrive: [/Redrive 2 payments of payment-status-dev/, REDRIVEN],
  'redrive --limit 10': [/Redrive 2 payments of payment-status-dev/, REDRIVEN],
  'redrive --account=acc-0001': [/Redrive 1 payment of payment-status-dev/, FIRST_REDRIVEN],
  'redrive --id=txn-0001 --id=txn-0002 --reason "fraud API fixed"': [
    /Redrive 2 payments of payment-status-dev/,
    REDRIVEN,
  ],
  'redrive --id=txn-0001 --reason "its sender still wants it"': [
    /Redrive 1 payment of payment-status-dev/,
    FIRST_REDRIVEN,
  ],
  'redrive --ids-from ids.txt': [/Redrive 2 payments of payment-status-dev/, REDRIVEN],
  'redrive --id=txn-0001 --reason "limit raised by the fraud API\'s owner"': [
    /Redrive 1 payment of payment-status-dev/,
    FIRST_REDRIVEN,
  ],
  'discard --id=txn-0001 --reason "cancelled by its sender" --dry-run': [/would be discarded +│ 1 /, UNTOUCHED],
  'discard --id=txn-0001 --reason "cancelled by its sender"': [
    /Discard 1 payment of payment-status-dev/,
    FIRST_GIVEN_UP,
  ],
  'discard --id=txn-0001 --reason "its message has gone: redriven next"': [
    /Discard 1 payment of payment-status-dev/,
    FIRST_GIVEN_UP,
  ],
  review: [/txn-0001[^]*2 in all/, IN_REVIEW],
  'approve txn-0001 --reason "the client confirmed it"': [
    /Approve 1 payment of payment-status-dev/,
    { ...IN_REVIEW, statuses: ['APPROVED', 'REVIEW'] },
  ],
  'decline txn-0002 --reason "a stolen account" --dry-run': [/would be declined +│ 1 /, IN_REVIEW],
  'redrive --id=txn-0001 --reason "its message has gone"': [/Redrive 1 payment of payment-status-dev/, FIRST_REDRIVEN],
};

test.each(commands)('%s', async (command) => {
  await pipeline.replaceBy(FAILED, /^(review|approve|decline)/.test(withoutName(command)) ? 'REVIEW' : 'FAILED');
  const { code, stdout, stderr } = await runOps(wordsOf(command), {
    typed: 'yes\n',
    ...(withoutName(command) === 'watch' && endedAtTheFirstLook()),
  });
  const [shows, becomes] = EXPECTED[withoutName(command)] ?? [/say in EXPECTED what it does/, UNTOUCHED];

  expect(stdout + stderr).toMatch(shows);
  expect(code).toBe(0);
  const records = await Promise.all(FAILED.map(({ transaction_id }) => pipeline.record(transaction_id)));
  expect({ statuses: records.map(({ payment_status }) => payment_status), ...(await pipeline.depths()) }).toEqual(
    becomes,
  );
});

test('the pages have every command that is expected, and their events are those that the tool sends', () => {
  expect(commands.map(withoutName).sort()).toEqual(Object.keys(EXPECTED).sort());
  const told = [...OPERATIONS.matchAll(/^\{.*\}$/gm)].map(([event]) => JSON.parse(event) as object);
  const sent = pipeline.lambda.events.map(({ dryRun, actor, ...event }) => (dryRun === true ? {} : event));
  expect(sent).toEqual(expect.arrayContaining(told));
});

/** Ends the command as Ctrl-C does. */
function endedAtTheFirstLook() {
  const signals = new EventEmitter();
  return { signals, onWritten: () => signals.emit('SIGINT') };
}

function withoutName(command: string): string {
  return command.replace('npx payment-pipeline ', '');
}

/** The words of the line as the shell splits it, without the tool's own name. */
function wordsOf(command: string): string[] {
  const { stdout, status } = spawnSync('bash', ['-c', `npx() { shift; printf '%s\\0' "$@"; }; ${command}`], {
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  return stdout.split('\0').slice(0, -1);
}
