import assert from 'node:assert/strict';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { DECISIONS, type PaymentRecord } from '../../../src/contract';
import type { FunctionProcess } from '../../../src/local/embedded/function-process';
import { DEAD_LETTER_QUEUE } from '../assertions/names';
import { queueUrl } from '../assertions/queues';
import type { Say } from '../support/steps';
import { REFUSED, SAMPLE, UNPARSABLE } from './sample';
import { deadLetters, deliverUntil, queueIsEmpty, recordOf, type Scene, send } from './scene';

/** Every payment ends as its record says, in its account's order; what cannot succeed is in the dead-letter queue. */
export async function payAll(scene: Scene, say: Say): Promise<void> {
  await send(scene, SAMPLE, UNPARSABLE);
  await deliverUntil(scene, () => queueIsEmpty(scene));

  const records = await Promise.all(SAMPLE.map(({ transaction_id }) => recordOf(scene, transaction_id)));
  for (const record of records) assertSettled(record);
  assertInOrder(records);
  assert.deepEqual(await deadLetters(scene), { visible: 2, inFlight: 0 });
  const statuses = records.map(({ transaction_id, payment_status }) => `${transaction_id} ${payment_status}`);
  say(`${SAMPLE.length} payments sent as a client, delivered and decided as the processor's role: ${statuses.join(', ')}`);
}

function assertSettled(record: PaymentRecord): void {
  const refused = record.transaction_id === REFUSED;
  const expected: readonly string[] = refused ? ['FAILED'] : DECISIONS;
  assert.ok(expected.includes(record.payment_status), `${record.transaction_id} is ${record.payment_status}`);
  assert.deepEqual(record.history.map(({ status }) => status), ['PROCESSING', record.payment_status]);
  assert.equal(record.failure_code, refused ? 'FRAUD_CHECK_REFUSED' : undefined);
  assert.equal(record.dead_lettered_at !== undefined, refused, `${record.transaction_id}: dead-lettered?`);
}

/** A payment is claimed when its predecessor was settled, and not before. */
function assertInOrder(records: readonly PaymentRecord[]): void {
  for (const [index, record] of records.entries()) {
    const predecessor = records.slice(0, index).findLast(({ account_id }) => account_id === record.account_id);
    if (predecessor === undefined) continue;
    const claimed = record.history[0]!.at;
    assert.ok(predecessor.timestamp <= claimed, `${record.transaction_id} was claimed before ${predecessor.transaction_id} was settled`);
  }
}

/** The DLQ processor counts what failed, and hides none of it. */
export async function analyse(scene: Scene, dlqProcessor: FunctionProcess, say: Say): Promise<void> {
  const analysis = await dlqProcessor.invoke({});
  assert.deepEqual(analysis, {
    action: 'analyze',
    failedPayments: 1,
    byFailureCode: { FRAUD_CHECK_REFUSED: 1 },
    deadLetters: { visible: 2, inFlight: 0 },
    more: false,
  });
  say(`the DLQ processor, as its own role, says ${JSON.stringify(analysis)}`);
  const bodies = await deadBodies(scene);
  assert.ok(bodies.includes(UNPARSABLE), 'the message that is no payment is not among the dead letters');
  assert.ok(bodies.some((body) => body.includes(`"${REFUSED}"`)), 'the refused payment is not among the dead letters');
  say('the dead letters are the refused payment and the message that is no payment');
}

async function deadBodies({ deployed }: Scene): Promise<string[]> {
  const QueueUrl = await queueUrl(deployed, DEAD_LETTER_QUEUE);
  const { Messages = [] } = await deployed.aws.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
  );
  return Messages.map(({ Body = '' }) => Body);
}
