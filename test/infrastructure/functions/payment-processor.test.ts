import { readProcessorEnvironment } from '../../../src/contract/environment';
import { readTemplate } from '../../../tools/kit/stacks/stacks';
import { synthesizePipeline } from '../../../tools/kit/stacks/synthesize';
import { statementsOf, type Template } from '../../../tools/kit/stacks/template';

const byDefault = readTemplate('pipeline');

function processorOf(template: Template) {
  return template.resource('aws_lambda_function', 'payments_payment_processor');
}

function mappingOf(template: Template) {
  return template.resource('aws_lambda_event_source_mapping', 'payments_payment_processor_event_source');
}

function environmentOf(template: Template): Record<string, string> {
  return (processorOf(template).environment as { variables: Record<string, string> }).variables;
}

test('the environment is one that the processor accepts, defaults included', () => {
  const variables = environmentOf(byDefault);
  expect(variables).toEqual({
    PAYMENT_TABLE_NAME: '${aws_dynamodb_table.payments_payment_table.name}',
    PAYMENT_QUEUE_URL: '${aws_sqs_queue.payments_payment_queue.url}',
    PAYMENT_DLQ_URL: '${aws_sqs_queue.payments_dead_letter_queue.url}',
    RELEASE_ID: '${random_uuid.payments_release_id.result}',
    POWERTOOLS_SERVICE_NAME: 'payment-processor-dev',
    POWERTOOLS_METRICS_NAMESPACE: 'PaymentPipeline',
    POWERTOOLS_LOG_LEVEL: 'INFO',
    ACCOUNT_HASH_KEY: '${random_bytes.payments_account_hash_key.hex}',
    FRAUD_API_URL: 'https://fraud.example/check',
    FRAUD_API_TIMEOUT_MS: '2000',
    FRAUD_API_MAX_ATTEMPTS: '4',
    MAX_RECEIVE_COUNT: '3',
    RETRY_WAITS_SECONDS: '20,1860',
    GROUP_CONCURRENCY: '10',
    ON_FAILED_PAYMENT: 'continue',
  });

  const deployed = { ...variables, PAYMENT_QUEUE_URL: 'https://sqs/payments', PAYMENT_DLQ_URL: 'https://sqs/dead' };
  expect(Object.keys(readProcessorEnvironment(deployed)).sort()).toEqual(Object.keys(variables).sort());
});

test('the queue feeds the function in batches that may fail in part, without a batching window', () => {
  expect(mappingOf(byDefault)).toEqual({
    event_source_arn: '${aws_sqs_queue.payments_payment_queue.arn}',
    function_name: '${aws_lambda_function.payments_payment_processor.arn}',
    batch_size: 10,
    function_response_types: ['ReportBatchItemFailures'],
    scaling_config: { maximum_concurrency: 50 },
    depends_on: ['aws_iam_role_policy.payments_payment_processor_policy'],
  });
});

test('a prop that the queue and the handler share reaches both', () => {
  const template = synthesizePipeline({ maxReceiveCount: 5, groupConcurrency: 2, onFailedPayment: 'hold' });
  expect(environmentOf(template)).toMatchObject({
    MAX_RECEIVE_COUNT: '5',
    GROUP_CONCURRENCY: '2',
    ON_FAILED_PAYMENT: 'hold',
  });
  expect(template.resource('aws_sqs_queue', 'payments_payment_queue').redrive_policy).toContain(
    '"maxReceiveCount" = 5',
  );
});

test.each([
  { props: {}, reserved: 50, maximum: 50 },
  { props: { maxConcurrency: 7 }, reserved: 7, maximum: 7 },
  { props: { maxConcurrency: 7, reserveConcurrency: false }, reserved: -1, maximum: 7 },
])('$props reserves $reserved of at most $maximum', ({ props, reserved, maximum }) => {
  const template = synthesizePipeline(props);
  expect(processorOf(template).reserved_concurrent_executions).toBe(reserved);
  expect(mappingOf(template).scaling_config).toEqual({ maximum_concurrency: maximum });
});

test('the role may do what the handler does, and what every function needs', () => {
  const statements = statementsOf(byDefault, 'payments_payment_processor_permissions');
  const [receive, quarantine, record, ...common] = statements;
  expect([receive, quarantine, record]).toEqual([
    {
      sid: 'ReceivePayments',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
      resources: ['${aws_sqs_queue.payments_payment_queue.arn}'],
    },
    {
      sid: 'QuarantinePayments',
      actions: ['sqs:SendMessage'],
      resources: ['${aws_sqs_queue.payments_dead_letter_queue.arn}'],
    },
    {
      sid: 'RecordPayments',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      resources: ['${aws_dynamodb_table.payments_payment_table.arn}'],
    },
  ]);
  expect(common.map(({ sid }) => sid)).toEqual([
    'UseKeys',
    'WriteLogs',
    'WriteTraces',
    'AttachToVpc',
    'DenyAttachingToCode',
  ]);
});
