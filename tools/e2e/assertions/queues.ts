import assert from 'node:assert/strict';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import type { Assertion, Deployed } from './assertion';
import { keyArn } from './keys';
import { DEAD_LETTER_QUEUE, QUEUE } from './names';

const DAY = 86_400;

export async function queueUrl({ aws }: Deployed, name: string): Promise<string> {
  const { QueueUrl } = await aws.sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  return QueueUrl!;
}

export async function attributesOf(deployed: Deployed, name: string): Promise<Record<string, string>> {
  const QueueUrl = await queueUrl(deployed, name);
  const { Attributes } = await deployed.aws.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  return Attributes ?? {};
}

function has(queue: string, what: string, attributes: Readonly<Record<string, string>>): Assertion {
  return {
    type: 'aws_sqs_queue',
    what: `${queue} ${what}`,
    check: async (deployed) => {
      const actual = await attributesOf(deployed, queue);
      const asked = Object.keys(attributes).map((name) => [name, actual[name]]);
      assert.deepEqual(Object.fromEntries(asked), attributes);
    },
  };
}

const bothQueues = [QUEUE, DEAD_LETTER_QUEUE].flatMap((queue): Assertion[] => [
  has(queue, 'is FIFO, ordered by message group, with ids given by the sender', {
    FifoQueue: 'true',
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
    ContentBasedDeduplication: 'false',
  }),
  {
    type: 'aws_sqs_queue',
    what: `${queue} is encrypted with the pipeline's own key`,
    check: async (deployed) => {
      const { KmsMasterKeyId } = await attributesOf(deployed, queue);
      assert.equal(KmsMasterKeyId, await keyArn(deployed, 'sqs'));
    },
  },
]);

export const queueAssertions: readonly Assertion[] = [
  ...bothQueues,
  has(QUEUE, 'hides a payment for six minutes, keeps it for four days, takes 255 KiB', {
    VisibilityTimeout: '360',
    MessageRetentionPeriod: String(4 * DAY),
    MaximumMessageSize: '261120',
  }),
  has(DEAD_LETTER_QUEUE, 'keeps a message for 14 days, and takes more than the payment queue', {
    VisibilityTimeout: '180',
    MessageRetentionPeriod: String(14 * DAY),
    MaximumMessageSize: '262144',
  }),
  {
    type: 'aws_sqs_queue',
    what: `${QUEUE} moves a payment to the dead-letter queue after three receives`,
    check: async (deployed) => {
      const { RedrivePolicy = '{}' } = await attributesOf(deployed, QUEUE);
      const { QueueArn } = await attributesOf(deployed, DEAD_LETTER_QUEUE);
      assert.deepEqual(JSON.parse(RedrivePolicy), { deadLetterTargetArn: QueueArn, maxReceiveCount: 3 });
    },
  },
  {
    type: 'aws_sqs_queue',
    what: `${DEAD_LETTER_QUEUE} has no dead-letter queue of its own`,
    check: async (deployed) => {
      assert.equal((await attributesOf(deployed, DEAD_LETTER_QUEUE)).RedrivePolicy, undefined);
    },
  },
  {
    type: 'aws_sqs_queue_redrive_allow_policy',
    what: `${DEAD_LETTER_QUEUE} takes dead letters of the payment queue only`,
    check: async (deployed) => {
      const { RedriveAllowPolicy = '{}' } = await attributesOf(deployed, DEAD_LETTER_QUEUE);
      const { QueueArn } = await attributesOf(deployed, QUEUE);
      assert.deepEqual(JSON.parse(RedriveAllowPolicy), { redrivePermission: 'byQueue', sourceQueueArns: [QueueArn] });
    },
  },
];
