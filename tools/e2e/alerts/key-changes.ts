import {
  CancelKeyDeletionCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import assert from 'node:assert/strict';
import type { Say } from '../../kit/steps';
import type { Deployed } from '../assertions/assertion';
import type { Clients } from '../support/clients';
import { keyArn } from '../support/lookups';

/** The topic's message, and SNS's envelope around it. */
const MESSAGE = /called (\w+) on the KMS key (\S+) of the payment pipeline at .*key-changes\.md/;

/** Makes each change that the rule reports, of each key, and reads the message that the subscriber gets. Takes the changes back. */
export async function reportKeyChanges(deployed: Deployed, say: Say): Promise<void> {
  const { aws, region, account, outputs } = deployed;
  const { QueueUrl = '' } = await aws.sqs.send(new CreateQueueCommand({ QueueName: 'key-changes' }));
  const { SubscriptionArn } = await aws.sns.send(
    new SubscribeCommand({
      TopicArn: String(outputs.payments_key_change_topic_arn),
      Protocol: 'sqs',
      Endpoint: `arn:aws:sqs:${region}:${account}:key-changes`,
    }),
  );
  try {
    const expected: string[] = [];
    for (const key of ['s3', 'sqs', 'dynamodb'] as const) {
      expected.push(...(await changeAndRestore(aws, await keyArn(deployed, key))));
    }
    assert.deepEqual((await messages(aws, QueueUrl)).sort(), expected.sort());
    say(`${expected.length} messages: three changes of three keys; none of a refused call, or of what hides no data`);
  } finally {
    await aws.sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    await aws.sqs.send(new DeleteQueueCommand({ QueueUrl }));
  }
}

/** @returns the changes to report */
async function changeAndRestore({ kms }: Clients, arn: string): Promise<string[]> {
  const id = arn.split('/').at(-1)!;
  const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId: id, PolicyName: 'default' }));
  await kms.send(new DisableKeyCommand({ KeyId: id }));
  await kms.send(new EnableKeyCommand({ KeyId: id }));
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: 7 }));
  await kms.send(new CancelKeyDeletionCommand({ KeyId: id }));
  await kms.send(new EnableKeyCommand({ KeyId: id }));
  await kms.send(new PutKeyPolicyCommand({ KeyId: arn, PolicyName: 'default', Policy }));
  await assert.rejects(kms.send(new PutKeyPolicyCommand({ KeyId: arn, PolicyName: 'another', Policy })));
  await kms.send(new EnableKeyRotationCommand({ KeyId: id }));
  return [`DisableKey ${id}`, `ScheduleKeyDeletion ${id}`, `PutKeyPolicy ${arn}`];
}

async function messages(aws: Clients, QueueUrl: string): Promise<string[]> {
  const { Messages = [] } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  if (Messages.length === 0) return [];
  const texts = Messages.map(({ Body = '' }) => (JSON.parse(Body) as { Message: string }).Message);
  const changes = texts.map((text) => MESSAGE.exec(text)?.slice(1).join(' ') ?? text);
  return [...changes, ...(await messages(aws, QueueUrl))];
}
