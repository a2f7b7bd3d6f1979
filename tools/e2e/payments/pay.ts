import assert from 'node:assert/strict';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { PaymentRecord } from '../../../src/contract';
import type { Analysis } from '../../../src/dlq-processor/core/analysis';
import type { BulkAnswer } from '../../../src/dlq-processor/core/bulk-answer';
import type { FunctionProcess } from '../../kit/embedded/function-process';
import { DEAD_LETTER_QUEUE } from '../support/names';
import { queueUrl } from '../support/lookups';
import type { Say } from '../../kit/steps';
import { INVALID_MESSAGES, OUTCOMES, REFUSED, SAMPLE } from './sample';
import { deadLetters, deliverUntil, queueIsEmpty, recordOf, type TestContext, send } from './test-context';

const DEAD_LETTERS = INVALID_MESSAGES.length + 1;

/** Every payment ends as its record says, in its account's order; what cannot succeed is in the dead-letter queue. */
export async function payAll(context: TestContext, say: Say): Promise<void> {
  await send(context, SAMPLE, INVALID_MESSAGES);
  await deliverUntil(context, () => queueIsEmpty(context));

  const records = await Promise.all(SAMPLE.map(({ transaction_id }) => recordOf(context, transaction_id)));
  for (const record of records) assertSettled(record);
  assertInOrder(records);
  assert.deepEqual(await deadLetters(context), { visible: DEAD_LETTERS, inFlight: 0 });
  const statuses = records.map(({ transaction_id, payment_status }) => `${transaction_id} ${payment_status}`);
  say(
    `${SAMPLE.length} payments sent as a client, delivered and decided as the processor's role, by the adapter that was deployed: ${statuses.join(', ')}`,
  );
}

function assertSettled(record: PaymentRecord): void {
  const refused = record.transaction_id === REFUSED;
  assert.equal(record.payment_status, OUTCOMES[record.transaction_id], record.transaction_id);
  assert.deepEqual(
    record.history.map(({ status }) => status),
    ['PROCESSING', record.payment_status],
  );
  assert.equal(record.failure_code, refused ? 'FRAUD_CHECK_REFUSED' : undefined);
  assert.equal(record.dead_lettered_at !== undefined, refused, `${record.transaction_id}: dead-lettered?`);
}

/** A payment is claimed when its predecessor was settled, and not before. */
function assertInOrder(records: readonly PaymentRecord[]): void {
  for (const [index, record] of records.entries()) {
    const predecessor = records.slice(0, index).findLast(({ account_id }) => account_id === record.account_id);
    if (predecessor === undefined) continue;
    const claimed = record.history[0]!.at;
    assert.ok(
      predecessor.timestamp! <= claimed,
      `${record.transaction_id} was claimed before ${predecessor.transaction_id} was settled`,
    );
  }
}

/** The DLQ processor counts failed payments, sends alerts, and makes the letters that it received visible again. */
export async function analyse(context: TestContext, dlqProcessor: FunctionProcess, say: Say): Promise<void> {
  const analysis = (await dlqProcessor.invoke({})) as Analysis;
  assert.deepEqual(analysis.byFailureCode, { FRAUD_CHECK_REFUSED: 1 });
  assert.deepEqual(analysis.deadLetters, { visible: DEAD_LETTERS, inFlight: 0 });
  assert.equal(analysis.sample?.counts.unreadable, INVALID_MESSAGES.length);
  assert.equal(analysis.sample.counts.failed, 1);
  assert.equal(analysis.more, false);
  assert.deepEqual([analysis.alerted, analysis.alertError], [['unreadable_messages'], undefined]);
  say(`the DLQ processor, as its own role, says: ${analysis.summary}`);
  const bodies = await deadBodies(context);
  for (const body of INVALID_MESSAGES) assert.ok(bodies.includes(body), `"${body}" is not among the dead letters`);
  assert.ok(
    bodies.some((body) => body.includes(`"${REFUSED}"`)),
    'the refused payment is not among the dead letters',
  );
  say('an alert was published; the dead letters are the refused payment and the invalid messages');
}

/** A redrive leaves poison, unless it names the poison's id: then the payment is processed again, and fails again. */
export async function redrive(context: TestContext, dlqProcessor: FunctionProcess, say: Say): Promise<void> {
  const all = (await dlqProcessor.invoke({ action: 'redrive' })) as BulkAnswer;
  assert.deepEqual(
    [all.redriven, all.leftIds.wouldFailAgain, all.left.unreadable],
    [0, [REFUSED], INVALID_MESSAGES.length],
  );
  const one = (await dlqProcessor.invoke({ action: 'redrive', transactionIds: [REFUSED] })) as BulkAnswer;
  assert.deepEqual([one.redriven, one.errors], [1, {}]);
  await deliverUntil(context, () => queueIsEmpty(context));
  const { payment_status, history } = await recordOf(context, REFUSED);
  assert.equal(payment_status, 'FAILED');
  assert.deepEqual(
    history.map(({ status }) => status),
    ['PROCESSING', 'FAILED', 'PROCESSING', 'PROCESSING', 'FAILED'],
  );
  assert.deepEqual(await deadLetters(context), { visible: DEAD_LETTERS, inFlight: 0 });
  say('the refused payment is redriven only when it is asked for by its id; refused again, it is a dead letter again');
}

async function deadBodies({ deployed }: TestContext): Promise<string[]> {
  const QueueUrl = await queueUrl(deployed, DEAD_LETTER_QUEUE);
  const { Messages = [] } = await deployed.aws.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
  );
  return Messages.map(({ Body = '' }) => Body);
}
