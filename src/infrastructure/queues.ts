import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueueRedriveAllowPolicy } from '@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy';
import { Fn, Op, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { PAYMENT_RETENTION_DAYS } from '../contract/deployed-settings';
import type { Encryption } from './encryption';
import type { Names } from './resource-names';
import type { Settings } from './props';

const SECONDS_A_DAY = 86_400;

/** Bytes, body and attributes together; the most that the provider lets a queue take. */
const LARGEST_MESSAGE = 262_144;

/** Bytes that a quarantined copy's attributes may add to the original. */
const QUARANTINE_ATTRIBUTES = 1_024;

/** Seconds. SQS's default of 30 would expire while a function of 120 s still works on a dead letter. */
const DEAD_LETTER_VISIBILITY = 180;

/** Order and deduplication per account lift a FIFO queue's limit of 300 calls a second. */
const HIGH_THROUGHPUT_FIFO = {
  fifoQueue: true,
  deduplicationScope: 'messageGroup',
  fifoThroughputLimit: 'perMessageGroupId',
  // The sender names each message: equal bodies may be two payments.
  contentBasedDeduplication: false,
};

export interface Queues {
  readonly paymentQueue: SqsQueue;
  readonly deadLetterQueue: SqsQueue;
}

export interface QueuesConfig {
  readonly names: Names;
  readonly settings: Settings;
  readonly encryption: Encryption;
}

/** Creates the payment queue and its dead-letter queue. */
export function createQueues(scope: Construct, { names, settings, encryption }: QueuesConfig): Queues {
  const encrypted = { kmsMasterKeyId: encryption.sqsKey.arn };
  const deadLetterQueue = new SqsQueue(scope, 'dead_letter_queue', {
    ...HIGH_THROUGHPUT_FIFO,
    ...encrypted,
    name: names.deadLetterQueue,
    visibilityTimeoutSeconds: DEAD_LETTER_VISIBILITY,
    messageRetentionSeconds: inSeconds(settings.dlqRetentionDays),
    maxMessageSize: LARGEST_MESSAGE,
  });

  const paymentQueue = new SqsQueue(scope, 'payment_queue', {
    ...HIGH_THROUGHPUT_FIFO,
    ...encrypted,
    name: names.paymentQueue,
    visibilityTimeoutSeconds: settings.visibilityTimeout,
    messageRetentionSeconds: inSeconds(PAYMENT_RETENTION_DAYS),
    // The quarantined copy of a message, with the attributes that give the reason, must fit the dead-letter queue.
    maxMessageSize: LARGEST_MESSAGE - QUARANTINE_ATTRIBUTES,
    redrivePolicy: Fn.jsonencode({
      deadLetterTargetArn: deadLetterQueue.arn,
      maxReceiveCount: settings.maxReceiveCount,
    }),
  });

  // A separate resource, because the two queues refer to each other.
  new SqsQueueRedriveAllowPolicy(scope, 'dead_letter_queue_redrive_allow_policy', {
    queueUrl: deadLetterQueue.url,
    redriveAllowPolicy: Fn.jsonencode({ redrivePermission: 'byQueue', sourceQueueArns: [paymentQueue.arn] }),
  });

  return { paymentQueue, deadLetterQueue };
}

function inSeconds(days: number): number {
  return Token.isUnresolved(days) ? Token.asNumber(Op.mul(days, SECONDS_A_DAY)) : days * SECONDS_A_DAY;
}
