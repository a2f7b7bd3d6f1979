import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PaymentRecord } from '../../../src/contract';
import type { Analysis } from '../../../src/dlq-processor/core/analysis';
import type { BulkAnswer } from '../../../src/dlq-processor/core/bulk-answer';
import type { Snapshot } from '../../../src/ops/snapshot';
import type { Tick } from '../../../src/ops/watch-view';
import type { BulkResult } from '../../../src/ops/bulk-calls';
import { callerOf } from '../support/lookups';
import { DEAD_LETTER_QUEUE, DLQ_PROCESSOR, PROCESSOR, QUEUE, TABLE } from '../support/names';
import { INVALID_MESSAGES, REFUSED, SAMPLE, samplePayment } from '../payments/sample';
import { deliverUntil, queueIsEmpty, recordOf, type TestContext } from '../payments/test-context';
import { REGION } from '../support/clients';
import type { Say } from '../../kit/steps';
import { answer, firstLook, ops, type Tool } from './tool';

const BY_NAMES = ['--environment', 'dev'];
const DEAD = INVALID_MESSAGES.length + 1;

/** Looks at what was deployed, found by its outputs and by its names alike. */
export async function look(tool: Tool, byOutputs: readonly string[], say: Say): Promise<void> {
  const status = (await answer(tool, ['status', ...byOutputs])) as Snapshot;
  const { place, queues, payments, functions, alarms } = status;
  assert.equal(place, `${TABLE} in ${REGION}`);
  assert.deepEqual(queues, [
    { name: QUEUE, visible: 0, in_flight: 0 },
    { name: DEAD_LETTER_QUEUE, visible: DEAD, in_flight: 0 },
  ]);
  assert.deepEqual(payments.FAILED, { count: 1, more: false });
  assert.equal(
    Object.values(payments).reduce((sum, { count }) => sum + count, 0),
    SAMPLE.length,
  );
  assert.deepEqual(
    functions.map(({ name }) => name),
    [PROCESSOR, DLQ_PROCESSOR],
  );
  assert.equal(functions[0]?.metrics?.namespace, 'PaymentPipeline');
  assert.ok(alarms.length > 5, `${alarms.length} alarms`);
  assert.deepEqual(await answer(tool, ['status', ...BY_NAMES]), status);
  const tick = (await firstLook(tool, ...byOutputs)) as Tick;
  assert.deepEqual(
    [tick.place, tick.payments, tick.failures.map(({ transaction_id }) => transaction_id)],
    [place, payments, [REFUSED]],
  );
  say(
    `status (by its outputs and by its names the same), a look of watch: ${DEAD} dead letters, ${SAMPLE.length} payments, ${alarms.length} alarms`,
  );

  const payment = (await answer(tool, ['payment', REFUSED, ...BY_NAMES])) as PaymentRecord;
  assert.deepEqual([payment.payment_status, payment.account_id], ['FAILED', '…b']);
  const { failed } = (await answer(tool, ['failed', ...byOutputs])) as { failed: readonly PaymentRecord[] };
  assert.deepEqual(
    failed.map(({ transaction_id, failure_code }) => [transaction_id, failure_code]),
    [[REFUSED, 'FRAUD_CHECK_REFUSED']],
  );
  const analysis = (await answer(tool, ['analyze', '--dry-run', ...byOutputs])) as Analysis;
  assert.deepEqual(
    [analysis.byFailureCode, analysis.deadLetters],
    [{ FRAUD_CHECK_REFUSED: 1 }, { visible: DEAD, inFlight: 0 }],
  );
  say(`payment, failed, analyze: ${analysis.summary}`);
}

/** The answer of `reconcile --json`, as far as it is read here. */
interface Reconciliation {
  readonly agrees: boolean;
  readonly accepted: Readonly<Record<string, { readonly count: number; readonly sum: string }>>;
}

/** Changes what is there: payments come back, are given up, and are sent. */
export async function work(
  tool: Tool,
  byOutputs: readonly string[],
  directory: string,
  context: TestContext,
  say: Say,
): Promise<void> {
  const redrive = ['redrive', `--id=${REFUSED}`, ...byOutputs];
  const plan = (await answer(tool, [...redrive, '--dry-run'])) as BulkAnswer;
  assert.deepEqual([plan.dryRun, plan.redriven, plan.left.notSelected], [true, 1, INVALID_MESSAGES.length]);
  const redriven = (await answer(tool, [...redrive, '--reason', 'the end-to-end test', '--yes'])) as BulkResult;
  assert.deepEqual([redriven.ended, redriven.redriven, redriven.errors], ['done', 1, {}]);
  await deliverUntil(context, () => queueIsEmpty(context));
  const { payment_status: end, history } = await recordOf(context, REFUSED);
  const { actor, reason } = history.findLast((entry) => entry.actor !== undefined)!;
  assert.deepEqual(
    [end, actor, reason],
    ['FAILED', await callerOf(context.deployed), 'redriven by id after FRAUD_CHECK_REFUSED: the end-to-end test'],
  );
  say(
    `redrive --dry-run, redrive: the refused payment came back, as its history says by ${actor}, and was refused again`,
  );

  const discard = ['discard', '--reason', 'the end of the test', '--yes', ...byOutputs];
  const discarded = (await answer(tool, discard)) as BulkResult;
  assert.deepEqual([discarded.ended, discarded.discarded, discarded.deadLetters?.visible], ['done', DEAD, 0]);
  const { text, code } = await textOf(tool, discard);
  assert.deepEqual([code, text], [0, 'Nothing to discard. Nothing was changed.\n']);
  say(`discard: ${DEAD} dead letters; again: ${text.trim()}`);

  const [payment, file] = [samplePayment('tx-by-hand', 'erin'), join(directory, 'payments.jsonl')];
  await writeFile(file, `${JSON.stringify(payment)}\n{}\n`);
  const manifest = ['--manifest', join(directory, 'manifest.jsonl')];
  assert.match(
    JSON.stringify(await answer(tool, ['send', file, ...manifest, ...byOutputs], 1)),
    /"accepted":1,"refused":1,.*"line":2/,
  );
  await deliverUntil(context, () => queueIsEmpty(context));
  const { payment_status } = (await answer(tool, ['payment', payment.transaction_id, ...BY_NAMES])) as PaymentRecord;
  assert.notEqual(payment_status, 'PROCESSING');
  const { agrees, accepted } = (await answer(tool, ['reconcile', ...manifest, ...byOutputs])) as Reconciliation;
  assert.deepEqual([agrees, accepted.EUR], [true, { count: 1, sum: String(payment.amount) }]);
  say(`send: line 1 is accepted, line 2 refused; the payment is ${payment_status}; reconcile: it is what was sent`);
}

async function textOf(tool: Tool, args: readonly string[]): Promise<{ text: string; code: number }> {
  const { code, stdout } = await ops(tool, ...args);
  return { text: stdout, code };
}

/** One sentence each, in the words of a service that really refuses. */
export async function refusals(tool: Tool, client: Tool['environment'], say: Say): Promise<void> {
  const strangers = { ...tool.environment, AWS_ACCESS_KEY_ID: 'AKIANOBODY', AWS_SECRET_ACCESS_KEY: 'nothing' };
  const cases: readonly (readonly [
    args: readonly string[],
    environment: Record<string, string>,
    code: number,
    sentence: RegExp,
  ])[] = [
    [['payment', 'tx-404'], {}, 1, /^No payment tx-404 in payment-status-dev in /],
    [['status'], { AWS_REGION: 'eu-west-1' }, 2, /^There is no .* in eu-west-1: check AWS_REGION/],
    [['payment', 'tx-1'], strangers, 2, /^AWS does not take these credentials \(\w+\)/],
    [['status'], client, 2, /^These credentials may not do \w+:\w+ on the .*AccessDenied/],
  ];
  for (const [args, environment, expected, sentence] of cases) {
    const { code, stdout, stderr } = await ops(
      { ...tool, environment: { ...tool.environment, ...environment } },
      ...args,
    );
    assert.match(`${stdout}${stderr}`, sentence);
    assert.equal(code, expected, `ops ${args.join(' ')}`);
    say(`  ${args.join(' ')}: ${`${stdout}${stderr}`.trim()}`);
  }
}
