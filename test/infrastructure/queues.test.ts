import { readTemplate } from '../../tools/kit/stacks/stacks';
import { synthesizePipeline } from '../../tools/kit/stacks/synthesize';

const HIGH_THROUGHPUT_FIFO = {
  fifo_queue: true,
  content_based_deduplication: false,
  deduplication_scope: 'messageGroup',
  fifo_throughput_limit: 'perMessageGroupId',
};

const ENCRYPTED = { kms_master_key_id: '${aws_kms_key.payments_encryption_sqs_key.arn}' };

function queuesOf(template: ReturnType<typeof synthesizePipeline>) {
  return {
    main: template.resource('aws_sqs_queue', 'payments_payment_queue'),
    dead: template.resource('aws_sqs_queue', 'payments_dead_letter_queue'),
  };
}

describe('by default', () => {
  const template = readTemplate('pipeline');
  const { main, dead } = queuesOf(template);

  test('the payment queue', () => {
    expect(main).toEqual({
      ...HIGH_THROUGHPUT_FIFO,
      ...ENCRYPTED,
      name: 'payment-processing.fifo',
      visibility_timeout_seconds: 360,
      message_retention_seconds: 345_600,
      max_message_size: 261_120,
      redrive_policy:
        '${jsonencode({"deadLetterTargetArn" = aws_sqs_queue.payments_dead_letter_queue.arn, "maxReceiveCount" = 3})}',
    });
  });

  test('the dead-letter queue', () => {
    expect(dead).toEqual({
      ...HIGH_THROUGHPUT_FIFO,
      ...ENCRYPTED,
      name: 'payment-processing-dlq.fifo',
      visibility_timeout_seconds: 180,
      message_retention_seconds: 14 * 86_400,
      max_message_size: 262_144,
    });
  });

  test('a payment of the largest size fits the dead-letter queue with the attributes of a quarantine', () => {
    expect(Number(dead.max_message_size) - Number(main.max_message_size)).toBeGreaterThanOrEqual(1_024);
  });

  test('only the payment queue may redrive into the dead-letter queue', () => {
    const allow = template.resource(
      'aws_sqs_queue_redrive_allow_policy',
      'payments_dead_letter_queue_redrive_allow_policy',
    );
    expect(allow).toEqual({
      queue_url: '${aws_sqs_queue.payments_dead_letter_queue.url}',
      redrive_allow_policy:
        '${jsonencode({"redrivePermission" = "byQueue", "sourceQueueArns" = [aws_sqs_queue.payments_payment_queue.arn]})}',
    });
  });
});

test('the alarm on dead letters that are about to expire rings before they do, however long they are kept', () => {
  const alarm = synthesizePipeline({ dlqRetentionDays: 5 }).resource(
    'aws_cloudwatch_metric_alarm',
    'payments_alarm_sqs_dlq_oldest_message_age',
  );
  expect(alarm).toMatchObject({
    threshold: 4 * 86_400,
    dimensions: { QueueName: '${aws_sqs_queue.payments_dead_letter_queue.name}' },
  });
});

test('names and times follow the props, the name of the dead-letter queue that of the payment queue', () => {
  const { main, dead } = queuesOf(
    synthesizePipeline({ queueName: 'payouts', visibilityTimeout: 600, dlqRetentionDays: 7 }),
  );
  expect(main).toMatchObject({
    name: 'payouts.fifo',
    visibility_timeout_seconds: 600,
    message_retention_seconds: 345_600,
  });
  expect(dead).toMatchObject({
    name: 'payouts-dlq.fifo',
    visibility_timeout_seconds: 180,
    message_retention_seconds: 604_800,
  });
});
