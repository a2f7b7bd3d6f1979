import { readProcessorEnvironment } from '../../../src/contract';
import { readTemplate } from '../../../tools/kit/stacks/stacks';
import { SETTINGS } from '../../../tools/simulate/settings';

test('the simulation has the settings of the deployed pipeline', () => {
  const template = readTemplate('pipeline');
  const queue = template.resource('aws_sqs_queue', 'payments_payment_queue');
  const deadLetters = template.resource('aws_sqs_queue', 'payments_dead_letter_queue');
  const dlqProcessor = template.resource('aws_lambda_function', 'payments_dlq_processor');
  const lambda = template.resource('aws_lambda_function', 'payments_payment_processor');
  const mapping = template.resource('aws_lambda_event_source_mapping', 'payments_payment_processor_event_source');
  const { variables } = lambda.environment as { variables: Record<string, string> };
  const environment = readProcessorEnvironment({
    ...variables,
    PAYMENT_QUEUE_URL: 'https://sqs/payments',
    PAYMENT_DLQ_URL: 'https://sqs/dead',
  });

  expect(SETTINGS).toEqual({
    visibilityTimeoutMs: Number(queue.visibility_timeout_seconds) * 1_000,
    retentionMs: Number(queue.message_retention_seconds) * 1_000,
    functionTimeoutMs: Number(lambda.timeout) * 1_000,
    batchSize: mapping.batch_size,
    maxReceiveCount: environment.MAX_RECEIVE_COUNT,
    groupConcurrency: environment.GROUP_CONCURRENCY,
    retryDelays: environment.RETRY_WAITS_SECONDS,
    fraudTimeoutMs: environment.FRAUD_API_TIMEOUT_MS,
    fraudAttempts: environment.FRAUD_API_MAX_ATTEMPTS,
    deadLetterVisibilityMs: Number(deadLetters.visibility_timeout_seconds) * 1_000,
    deadLetterRetentionMs: Number(deadLetters.message_retention_seconds) * 1_000,
    dlqProcessorTimeoutMs: Number(dlqProcessor.timeout) * 1_000,
  });
  expect(queue).toMatchObject({
    fifo_queue: true,
    deduplication_scope: 'messageGroup',
    redrive_policy: expect.stringContaining('"maxReceiveCount" = 3'),
  });
});
