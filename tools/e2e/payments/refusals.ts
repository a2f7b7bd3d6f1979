import assert from 'node:assert/strict';
import { GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { PublishCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Deployed } from '../assertions/assertion';
import { QUEUE, TABLE } from '../support/names';
import { permissions, policyName, type PolicyStatement, queueUrl, roleName } from '../support/lookups';
import type { Say } from '../../kit/steps';
import { samplePayment } from './sample';
import { deadLetters, deliverUntil, depthOf, queueIsEmpty, recordOf, type TestContext, send } from './test-context';

const ROLE = 'payment-processor';
const FOREIGN_QUEUE = 'e2e-foreign.fifo';
const TAKEN_AWAY = 'dynamodb:UpdateItem';

const REFUSED = /AccessDenied|not authorized/i;

/** Takes one grant away: the processor returns the payment to the queue, and settles it when the grant is back. */
export async function withoutOneGrant(context: TestContext, say: Say): Promise<void> {
  const payment = samplePayment('tx-handed-back', 'dora');
  const before = await deadLetters(context);
  const granted = await permissions(context.deployed, ROLE);
  await permit(context.deployed, granted.map(without(TAKEN_AWAY)));
  await send(context, [payment]);
  await deliverUntil(
    context,
    async () =>
      (await depthOf(context.deployed, QUEUE)).inFlight === 1 && (await isClaimed(context, payment.transaction_id)),
  );

  assert.equal((await recordOf(context, payment.transaction_id)).payment_status, 'PROCESSING');
  assert.equal(await queueIsEmpty(context), false, 'the payment is lost');
  assert.deepEqual(await deadLetters(context), before);
  say(`without ${TAKEN_AWAY} the payment is not decided: returned to the queue, not lost, not dead-lettered`);

  await permit(context.deployed, granted);
  await deliverUntil(context, () => queueIsEmpty(context));
  const { payment_status, attempts } = await recordOf(context, payment.transaction_id);
  assert.notEqual(payment_status, 'PROCESSING');
  say(`with it again, it is ${payment_status} at attempt ${attempts}`);
}

/** The roles have no permissions that they do not need. */
export async function beyondTheRoles(context: TestContext, say: Say): Promise<void> {
  const { deployed, processor, client } = context;
  const { QueueUrl } = await deployed.aws.sqs.send(
    new CreateQueueCommand({ QueueName: FOREIGN_QUEUE, Attributes: { FifoQueue: 'true' } }),
  );
  const message = { QueueUrl, MessageBody: '{}', MessageGroupId: 'g', MessageDeduplicationId: 'd' };
  const ownQueue = await queueUrl(deployed, QUEUE);
  const TopicArn = String(deployed.outputs.payments_outcome_topic_arn);
  const item = { TableName: TABLE, Key: { transaction_id: { S: 'tx-1' } } };
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    'the processor sends to a foreign queue': () => processor.sqs.send(new SendMessageCommand(message)),
    'the processor receives from a foreign queue': () => processor.sqs.send(new ReceiveMessageCommand({ QueueUrl })),
    'the processor scans the table': () => processor.dynamodb.send(new ScanCommand({ TableName: TABLE })),
    'the processor sends payments': () =>
      processor.sqs.send(new SendMessageCommand({ ...message, QueueUrl: ownQueue })),
    'the client publishes an outcome': () =>
      client.sns.send(
        new PublishCommand({ TopicArn, Message: '{}', MessageGroupId: 'g', MessageDeduplicationId: 'd' }),
      ),
    'the client receives payments': () => client.sqs.send(new ReceiveMessageCommand({ QueueUrl: ownQueue })),
    'the client scans the table': () => client.dynamodb.send(new ScanCommand({ TableName: TABLE })),
  };
  for (const [what, call] of Object.entries(calls)) await assert.rejects(call, REFUSED, what);
  await client.dynamodb.send(new GetItemCommand(item)); // what the client may do is not refused
  await deployed.aws.sqs.send(new DeleteQueueCommand({ QueueUrl }));
  say(`refused: ${Object.keys(calls).join('; ')}`);
}

async function isClaimed(context: TestContext, transactionId: string): Promise<boolean> {
  return recordOf(context, transactionId).then(
    () => true,
    () => false,
  );
}

async function permit({ aws }: Deployed, Statement: readonly PolicyStatement[]): Promise<void> {
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await aws.iam.send(
    new PutRolePolicyCommand({ RoleName: roleName(ROLE), PolicyName: policyName(ROLE), PolicyDocument }),
  );
}

function without(action: string): (statement: PolicyStatement) => PolicyStatement {
  return (one) => ({ ...one, Action: [one.Action].flat().filter((allowed) => allowed !== action) });
}
