import { readProcessorEnvironment } from '../../src/contract/environment';
import { FraudApi, PaymentPipeline, type PaymentPipelineProps } from '../../src/index';
import { synthesize, type Template } from '../support/terraform';

function pipeline(props: Partial<PaymentPipelineProps> = {}): Template {
  const fraudApi = FraudApi.url('https://fraud.example/check');
  return synthesize((stack) => new PaymentPipeline(stack, 'payments', { fraudApi, ...props }));
}

function processorOf(template: Template) {
  return template.resource('aws_lambda_function', 'payments_payment_processor');
}

function environmentOf(template: Template): Record<string, string> {
  return (processorOf(template).environment as { variables: Record<string, string> }).variables;
}

test('the payment processor runs the bundle', () => {
  expect(processorOf(pipeline())).toMatchObject({
    function_name: 'lambda-payment-processor-dev',
    runtime: 'nodejs22.x',
    architectures: ['arm64'],
    handler: 'index.handler',
    memory_size: 256,
    timeout: 60,
    tracing_config: { mode: 'Active' },
    role: '${aws_iam_role.payments_payment_processor_role.arn}',
    filename: '${data.archive_file.payments_payment_processor_archive.output_path}',
    source_code_hash: '${data.archive_file.payments_payment_processor_archive.output_base64sha256}',
  });
});

test('the function waits for its role, its permissions and its log group', () => {
  expect(processorOf(pipeline()).depends_on).toEqual([
    'aws_iam_role.payments_payment_processor_role',
    'aws_iam_role_policy.payments_payment_processor_policy',
    'aws_cloudwatch_log_group.payments_payment_processor_log_group',
  ]);
});

test('the log group is the one that Lambda writes to', () => {
  const template = pipeline();
  const group = template.resource('aws_cloudwatch_log_group', 'payments_payment_processor_log_group');
  expect(group).toEqual({ name: '/aws/lambda/lambda-payment-processor-dev', retention_in_days: 1 });
  expect(group.name).toBe(`/aws/lambda/${String(processorOf(template).function_name)}`);
});

test('the environment is one that the processor accepts, defaults included', () => {
  const variables = environmentOf(pipeline());
  expect(variables).toEqual({
    PAYMENT_TABLE_NAME: '${aws_dynamodb_table.payments_payment_table.name}',
    PAYMENT_QUEUE_URL: '${aws_sqs_queue.payments_payment_queue.url}',
    PAYMENT_DLQ_URL: '${aws_sqs_queue.payments_dead_letter_queue.url}',
    RELEASE_ID: '${random_uuid.payments_release_id.result}',
    POWERTOOLS_SERVICE_NAME: 'payment-processor-dev',
    POWERTOOLS_METRICS_NAMESPACE: 'PaymentPipeline',
    POWERTOOLS_LOG_LEVEL: 'INFO',
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

test('a prop that the queue and the handler share reaches both', () => {
  const template = pipeline({ maxReceiveCount: 5, groupConcurrency: 2 });
  expect(environmentOf(template)).toMatchObject({ MAX_RECEIVE_COUNT: '5', GROUP_CONCURRENCY: '2' });
  expect(template.resource('aws_sqs_queue', 'payments_payment_queue').redrive_policy).toContain(
    '"maxReceiveCount" = 5',
  );
});

test('the queue feeds the function in batches that may fail in part, without a batching window', () => {
  const mapping = pipeline().resource('aws_lambda_event_source_mapping', 'payments_payment_processor_event_source');
  expect(mapping).toEqual({
    event_source_arn: '${aws_sqs_queue.payments_payment_queue.arn}',
    function_name: '${aws_lambda_function.payments_payment_processor.arn}',
    batch_size: 10,
    function_response_types: ['ReportBatchItemFailures'],
    scaling_config: { maximum_concurrency: 50 },
    depends_on: ['aws_iam_role_policy.payments_payment_processor_policy'],
  });
});

test.each([
  { props: {}, reserved: 50, maximum: 50 },
  { props: { maxConcurrency: 7 }, reserved: 7, maximum: 7 },
  { props: { maxConcurrency: 7, reserveConcurrency: false }, reserved: -1, maximum: 7 },
])('$props reserves $reserved of at most $maximum', ({ props, reserved, maximum }) => {
  const template = pipeline(props);
  const mapping = template.resource('aws_lambda_event_source_mapping', 'payments_payment_processor_event_source');
  expect(processorOf(template).reserved_concurrent_executions).toBe(reserved);
  expect(mapping.scaling_config).toEqual({ maximum_concurrency: maximum });
});

test('the role may do what the handler does, and nothing else', () => {
  const template = pipeline();
  expect(template.data('aws_iam_policy_document', 'payments_payment_processor_permissions').statement).toEqual([
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
    {
      sid: 'WriteLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: ['${aws_cloudwatch_log_group.payments_payment_processor_log_group.arn}:*'],
    },
    { sid: 'WriteTraces', actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] },
  ]);
  expect(template.resource('aws_iam_role_policy', 'payments_payment_processor_policy')).toEqual({
    name: 'iam-policy-payment-processor-dev',
    role: '${aws_iam_role.payments_payment_processor_role.id}',
    policy: '${data.aws_iam_policy_document.payments_payment_processor_permissions.json}',
    depends_on: ['aws_iam_role.payments_payment_processor_role'],
  });
});

test('only Lambda may take the role', () => {
  const template = pipeline();
  expect(template.resource('aws_iam_role', 'payments_payment_processor_role')).toEqual({
    name: 'iam-role-payment-processor-dev',
    assume_role_policy: '${data.aws_iam_policy_document.payments_payment_processor_trust.json}',
  });
  expect(template.data('aws_iam_policy_document', 'payments_payment_processor_trust').statement).toEqual([
    { actions: ['sts:AssumeRole'], principals: [{ type: 'Service', identifiers: ['lambda.amazonaws.com'] }] },
  ]);
});

test("the release id changes with the handler's code and with nothing else", () => {
  expect(pipeline().resource('random_uuid', 'payments_release_id')).toEqual({
    keepers: { payment_processor: '${data.archive_file.payments_payment_processor_archive.output_base64sha256}' },
  });
});
