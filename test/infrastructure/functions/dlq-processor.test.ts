import { readDlqProcessorEnvironment } from '../../../src/contract/environment';
import { readTemplate } from '../../../tools/kit/stacks/stacks';
import { statementsOf } from '../../../tools/kit/stacks/template';

const template = readTemplate('pipeline');
const lambda = template.resource('aws_lambda_function', 'payments_dlq_processor');

test('the environment is one that the DLQ processor accepts, defaults included', () => {
  const { variables } = lambda.environment as { variables: Record<string, string> };
  expect(variables).toEqual({
    PAYMENT_TABLE_NAME: '${aws_dynamodb_table.payments_payment_table.name}',
    PAYMENT_QUEUE_URL: '${aws_sqs_queue.payments_payment_queue.url}',
    PAYMENT_DLQ_URL: '${aws_sqs_queue.payments_dead_letter_queue.url}',
    RELEASE_ID: '${random_uuid.payments_release_id.result}',
    POWERTOOLS_SERVICE_NAME: 'dlq-processor-dev',
    POWERTOOLS_METRICS_NAMESPACE: 'PaymentPipeline',
    POWERTOOLS_LOG_LEVEL: 'INFO',
    ACCOUNT_HASH_KEY: '${random_bytes.payments_account_hash_key.hex}',
    ALERT_TOPIC_ARN: '${aws_sns_topic.payments_alerting_topic.arn}',
  });

  const deployed = {
    ...variables,
    PAYMENT_QUEUE_URL: 'https://sqs/payments',
    PAYMENT_DLQ_URL: 'https://sqs/dead',
    ALERT_TOPIC_ARN: 'arn:aws:sns:ap-southeast-1:123456789012:sns-payment-alerts-dev',
  };
  expect(Object.keys(readDlqProcessorEnvironment(deployed)).sort()).toEqual(Object.keys(variables).sort());
});

test('nothing but a person calls it: no event source, no permission, no reserved concurrency', () => {
  const mappings = Object.values(template.json.resource.aws_lambda_event_source_mapping ?? {});
  expect(mappings.map((mapping) => mapping.function_name)).toEqual([
    '${aws_lambda_function.payments_payment_processor.arn}',
  ]);
  expect(template.json.resource).not.toHaveProperty('aws_lambda_permission');
  expect(lambda).not.toHaveProperty('reserved_concurrent_executions');
});

test('the role may do what the handler does', () => {
  expect(statementsOf(template, 'payments_dlq_processor_permissions').slice(0, 5)).toEqual([
    {
      sid: 'WorkOffDeadLetters',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
      resources: ['${aws_sqs_queue.payments_dead_letter_queue.arn}'],
    },
    {
      sid: 'RedrivePayments',
      actions: ['sqs:SendMessage'],
      resources: ['${aws_sqs_queue.payments_payment_queue.arn}'],
    },
    {
      sid: 'FindPayments',
      actions: ['dynamodb:Query', 'dynamodb:Scan'],
      resources: [
        '${aws_dynamodb_table.payments_payment_table.arn}',
        '${aws_dynamodb_table.payments_payment_table.arn}/index/status-timestamp-index',
      ],
    },
    {
      sid: 'ChangePayments',
      actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      resources: ['${aws_dynamodb_table.payments_payment_table.arn}'],
    },
    { sid: 'Alert', actions: ['sns:Publish'], resources: ['${aws_sns_topic.payments_alerting_topic.arn}'] },
  ]);
});
