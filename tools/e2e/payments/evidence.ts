import assert from 'node:assert/strict';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { isOutcome, type PaymentOutcome, type PaymentRecord } from '../../../src/contract';
import type { Say } from '../../kit/steps';
import type { Deployed } from '../assertions/assertion';
import { queueUrl } from '../support/lookups';
import { OUTCOME_QUEUE, TABLE } from '../support/names';

/** The subscribed queue has each outcome of each record, an account's in their order. */
export async function assertPublished(deployed: Deployed, say: Say): Promise<void> {
  const all = await takeOutcomes(deployed);
  const outcomes = all.filter((one, index) => index === all.findIndex((other) => keyOf(other) === keyOf(one)));
  const records = await recordsIn(deployed);
  const reached = records.flatMap(({ transaction_id, history }) =>
    history.flatMap(({ status, attempt }) => (isOutcome(status) ? [keyOf({ transaction_id, status, attempt })] : [])),
  );
  assert.deepEqual(outcomes.map(keyOf).sort(), [...new Set(reached)].sort());
  for (const account of new Set(outcomes.map(({ account_id }) => account_id))) {
    const times = outcomes.filter(({ account_id }) => account_id === account).map(({ at }) => at);
    assert.deepEqual(times, [...times].sort(), `the order of the outcomes of ${account}`);
  }
  say(`${outcomes.length} outcomes of ${records.length} payments came to the queue that is subscribed to them`);
}

function keyOf({ transaction_id, status, attempt }: Pick<PaymentOutcome, 'transaction_id' | 'status' | 'attempt'>) {
  return `${transaction_id} ${status} ${attempt}`;
}

async function recordsIn({ aws }: Deployed): Promise<PaymentRecord[]> {
  const { Items = [] } = await aws.dynamodb.send(new ScanCommand({ TableName: TABLE, ConsistentRead: true }));
  const records = Items.map((item) => unmarshall(item) as PaymentRecord);
  return records.filter(({ transaction_id }) => !transaction_id.includes('#')); // the key of a sent alert
}

/** Empties the queue: a group's later messages come only when the earlier ones are deleted. */
async function takeOutcomes(deployed: Deployed): Promise<PaymentOutcome[]> {
  const QueueUrl = await queueUrl(deployed, OUTCOME_QUEUE);
  const taken: Message[] = [];
  for (;;) {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
    const { Messages = [] } = await deployed.aws.sqs.send(receive);
    if (Messages.length === 0) return taken.map(({ Body = '' }) => JSON.parse(Body) as PaymentOutcome);
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await deployed.aws.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    taken.push(...Messages);
  }
}
