import * as at from '../addresses';
import type { Row } from '../row';

/** SQS FIFO Queue Configuration. */
export const sqs: readonly Row[] = [
  {
    demand: 'Two FIFO queues',
    met: 'As asked.',
    resources: at.QUEUES,
    shows: (stack) => {
      expect(stack.addressesOf('aws_sqs_queue').sort()).toEqual([...at.QUEUES].sort());
      expect(stack.each('aws_sqs_queue', 'fifo_queue')).toEqual([true, true]);
    },
  },
  {
    demand: 'The queues are named payment-processing.fifo and payment-processing-dlq.fifo',
    met: 'As asked, so without the environment; prop `queueName` for another one in the same account.',
    deviation: 'D19',
    resources: at.QUEUES,
    shows: (stack) => {
      expect(stack.given({ environment: 'test' }).at(at.PAYMENT_QUEUE)).toMatchObject({
        name: 'payment-processing.fifo',
      });
      expect(stack.given({ environment: 'test' }).at(at.DEAD_LETTER_QUEUE)).toMatchObject({
        name: 'payment-processing-dlq.fifo',
      });
    },
  },
  {
    demand: 'Both queues are encrypted with the SQS KMS key',
    met: 'As asked.',
    resources: [...at.QUEUES, at.SQS_KEY],
    shows: (stack) => {
      expect(stack.each('aws_sqs_queue', 'kms_master_key_id')).toEqual([`${at.SQS_KEY}.arn`, `${at.SQS_KEY}.arn`]);
    },
  },
  {
    demand: 'No content-based deduplication on the main queue',
    met: 'As asked; on neither queue.',
    resources: at.QUEUES,
    shows: (stack) => {
      expect(stack.each('aws_sqs_queue', 'content_based_deduplication')).toEqual([false, false]);
    },
  },
  {
    demand: 'Deduplication by message group',
    met: 'The producer names group and deduplication id: the account, and a fingerprint of the payment, which stays the same across retries.',
    resources: [at.PAYMENT_QUEUE],
    shows: (stack) => {
      expect(stack.at(at.PAYMENT_QUEUE)).toMatchObject({ deduplication_scope: 'messageGroup' });
    },
    shownBy: [
      {
        file: 'test/producer/payment-producer.test.ts',
        test: 'sends every payment once, with its account as group and an id of its content',
      },
      { file: 'test/contract/fingerprint.test.ts', test: 'one payment keeps its own across retries' },
    ],
  },
  {
    demand: 'A visibility timeout of 360 seconds',
    met: 'Variable `sqs_visibility_timeout`, whose default it is.',
    resources: [at.PAYMENT_QUEUE, 'var.sqs_visibility_timeout'],
    shows: (stack) => {
      expect(stack.at(at.PAYMENT_QUEUE)).toMatchObject({ visibility_timeout_seconds: 360 });
      expect(stack.given({ sqs_visibility_timeout: 720 }).at(at.PAYMENT_QUEUE)).toMatchObject({
        visibility_timeout_seconds: 720,
      });
    },
  },
  {
    demand: 'The visibility timeout is six times the Lambda timeout',
    met: 'As asked; the variable takes no shorter one.',
    resources: [at.PAYMENT_QUEUE, at.PROCESSOR, 'var.sqs_visibility_timeout'],
    shows: (stack) => {
      expect(stack.at(at.PAYMENT_QUEUE).visibility_timeout_seconds).toBe(6 * Number(stack.at(at.PROCESSOR).timeout));
      expect(JSON.stringify(stack.at('var.sqs_visibility_timeout').validation)).toMatch(/\b360\b/);
    },
  },
  {
    demand: 'Messages are kept for four days (345600 seconds)',
    met: 'As asked.',
    resources: [at.PAYMENT_QUEUE],
    shows: (stack) => {
      expect(stack.at(at.PAYMENT_QUEUE)).toMatchObject({ message_retention_seconds: 345_600 });
    },
  },
  {
    demand: 'The dead-letter queue keeps messages for fourteen days',
    met: 'Variable `dlq_retention_days`, whose default it is.',
    resources: [at.DEAD_LETTER_QUEUE, 'var.dlq_retention_days'],
    shows: (stack) => {
      expect(stack.at(at.DEAD_LETTER_QUEUE)).toMatchObject({ message_retention_seconds: 14 * 86_400 });
      expect(stack.given({ dlq_retention_days: 7 }).at(at.DEAD_LETTER_QUEUE)).toMatchObject({
        message_retention_seconds: 7 * 86_400,
      });
    },
  },
  {
    demand: 'The main queue sends to the dead-letter queue after three receives',
    met: 'As asked. The function quarantines a payment on its third receive by itself; the redrive policy is the backstop for crashes.',
    resources: at.QUEUES,
    shows: (stack) => {
      expect(stack.at(at.PAYMENT_QUEUE).redrive_policy).toEqual({
        deadLetterTargetArn: `${at.DEAD_LETTER_QUEUE}.arn`,
        maxReceiveCount: 3,
      });
      expect(stack.at(at.PROCESSOR)).toHaveProperty('environment.variables.MAX_RECEIVE_COUNT', '3');
    },
    shownBy: [
      {
        file: 'test/processor/bundle-receives.test.ts',
        test: 'receive 3: FAILED and quarantined, and the followers continue',
      },
    ],
  },
  {
    demand: 'Deduplication scope messageGroup on both queues',
    met: 'As asked.',
    resources: at.QUEUES,
    shows: (stack) => {
      expect(stack.each('aws_sqs_queue', 'deduplication_scope')).toEqual(['messageGroup', 'messageGroup']);
    },
  },
  {
    demand: 'FIFO throughput limit perMessageGroupId on both queues',
    met: 'As asked.',
    resources: at.QUEUES,
    shows: (stack) => {
      expect(stack.each('aws_sqs_queue', 'fifo_throughput_limit')).toEqual(['perMessageGroupId', 'perMessageGroupId']);
    },
  },
];
