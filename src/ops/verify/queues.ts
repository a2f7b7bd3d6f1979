import { PAYMENT_RETENTION_DAYS } from '../../contract/deployed-settings';
import type { Pipeline } from '../pipeline';
import { atLeast, type Check, compareSettings, CUSTOMER_KEY, defineCheck } from './check';
import { dlqProcessor, paymentProcessor, variablesOf } from './functions';
import { defineRead } from './read';

const SECONDS_A_DAY = 86_400;

/** AWS page "Creating and configuring an Amazon SQS event source mapping": at least six times the function's timeout. */
const VISIBILITY_OF_TIMEOUTS = 6;

export const paymentQueue = attributesOf((pipeline) => pipeline.paymentQueue);
export const deadLetterQueue = attributesOf((pipeline) => pipeline.deadLetterQueue);

function attributesOf(nameOf: (pipeline: Pipeline) => string) {
  const subject = (pipeline: Pipeline) => `queue ${nameOf(pipeline)}`;
  const url = defineRead({
    action: 'sqs:GetQueueUrl',
    subject,
    send: ({ sqs }, _found, pipeline) =>
      sqs.getQueueUrl({ QueueName: nameOf(pipeline), QueueOwnerAWSAccountId: pipeline.account }),
  });
  return defineRead({
    action: 'sqs:GetQueueAttributes',
    subject,
    needs: { url },
    send: async ({ sqs }, found): Promise<Readonly<Partial<Record<string, string>>>> => {
      const { Attributes } = await sqs.getQueueAttributes({ QueueUrl: found.url.QueueUrl, AttributeNames: ['All'] });
      return Attributes ?? {};
    },
  });
}

/** The settings of both queues: order and deduplication by account, and encryption. */
function fifoSettings(queue: Readonly<Partial<Record<string, string>>>, pipeline: Pipeline) {
  return {
    DeduplicationScope: [queue.DeduplicationScope, 'messageGroup'],
    FifoThroughputLimit: [queue.FifoThroughputLimit, 'perMessageGroupId'],
    ContentBasedDeduplication: [queue.ContentBasedDeduplication, 'false'],
    KmsMasterKeyId: [queue.KmsMasterKeyId, pipeline.expected().keys?.sqs ?? CUSTOMER_KEY],
  } as const;
}

export const QUEUE_CHECKS: readonly Check[] = [
  defineCheck({
    name: 'Payment queue: settings',
    needs: { paymentQueue, deadLetterQueue, paymentProcessor },
    judge: (found, { pipeline }) => {
      const queue = found.paymentQueue;
      const { Timeout = 0 } = found.paymentProcessor;
      const { deadLetterTargetArn, maxReceiveCount } = jsonOf(queue.RedrivePolicy);
      return compareSettings({
        VisibilityTimeout: [
          Number(queue.VisibilityTimeout),
          pipeline.expected().settings?.visibility_timeout_seconds ?? atLeast(VISIBILITY_OF_TIMEOUTS * Timeout),
        ],
        MessageRetentionPeriod: [Number(queue.MessageRetentionPeriod), PAYMENT_RETENTION_DAYS * SECONDS_A_DAY],
        ...fifoSettings(queue, pipeline),
        "the redrive policy's queue": [deadLetterTargetArn, found.deadLetterQueue.QueueArn ?? ''],
        // The function quarantines a payment on its last receive. With another number SQS moves it before, or it comes again.
        "the redrive policy's maxReceiveCount": [
          Number(maxReceiveCount),
          Number(variablesOf(found.paymentProcessor).MAX_RECEIVE_COUNT),
        ],
      });
    },
  }),
  defineCheck({
    name: 'Dead-letter queue: settings',
    needs: { paymentQueue, deadLetterQueue, dlqProcessor },
    judge: (found, { pipeline }) => {
      const queue = found.deadLetterQueue;
      const { Timeout = 0 } = found.dlqProcessor;
      const { redrivePermission, sourceQueueArns } = jsonOf(queue.RedriveAllowPolicy);
      return compareSettings({
        VisibilityTimeout: [Number(queue.VisibilityTimeout), atLeast(Timeout + 1)],
        MessageRetentionPeriod: [
          Number(queue.MessageRetentionPeriod),
          pipeline.expected().settings?.dead_letter_retention_seconds ??
            atLeast((PAYMENT_RETENTION_DAYS + 1) * SECONDS_A_DAY),
        ],
        ...fifoSettings(queue, pipeline),
        "the redrive allow policy's permission": [redrivePermission, 'byQueue'],
        "the redrive allow policy's queue": [String(sourceQueueArns), found.paymentQueue.QueueArn ?? ''],
      });
    },
  }),
];

function jsonOf(policy = '{}'): Readonly<Partial<Record<string, string>>> {
  return JSON.parse(policy) as Record<string, string>;
}
