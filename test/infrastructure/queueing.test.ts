import { FraudApi, PaymentPipeline } from '../../src/index';
import { synthesize } from '../support/terraform';

const fraudApi = FraudApi.url('https://fraud.example/check');

function queuesOf(props: { queueName?: string } = {}) {
  const template = synthesize((stack) => new PaymentPipeline(stack, 'payments', { fraudApi, ...props }));
  return {
    template,
    main: template.resource('aws_sqs_queue', 'payments_payment_queue'),
    dead: template.resource('aws_sqs_queue', 'payments_dead_letter_queue'),
  };
}

const HIGH_THROUGHPUT_FIFO = {
  fifo_queue: true,
  content_based_deduplication: false,
  deduplication_scope: 'messageGroup',
  fifo_throughput_limit: 'perMessageGroupId',
};

test('the payment queue', () => {
  expect(queuesOf().main).toEqual({
    ...HIGH_THROUGHPUT_FIFO,
    name: 'payment-processing.fifo',
    visibility_timeout_seconds: 360,
    message_retention_seconds: 345_600,
    max_message_size: 261_120,
    redrive_policy:
      '${jsonencode({"deadLetterTargetArn" = aws_sqs_queue.payments_dead_letter_queue.arn, "maxReceiveCount" = 3})}',
  });
});

test('the dead-letter queue', () => {
  expect(queuesOf().dead).toEqual({
    ...HIGH_THROUGHPUT_FIFO,
    name: 'payment-processing-dlq.fifo',
    visibility_timeout_seconds: 180,
    message_retention_seconds: 14 * 86_400,
    max_message_size: 262_144,
  });
});

test('a payment of the largest size fits the dead-letter queue with the attributes of a quarantine', () => {
  const { main, dead } = queuesOf();
  expect(Number(dead.max_message_size) - Number(main.max_message_size)).toBeGreaterThanOrEqual(1_024);
});

test('only the payment queue may redrive into the dead-letter queue', () => {
  const { template } = queuesOf();
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

test("the dead-letter queue's name follows the payment queue's", () => {
  const { main, dead } = queuesOf({ queueName: 'payouts' });
  expect([main.name, dead.name]).toEqual(['payouts.fifo', 'payouts-dlq.fifo']);
});
