import { TerraformVariable } from 'cdktf';
import { FraudApi, PaymentPipeline } from '../../src/index';
import { synthesize } from '../../tools/kit/stacks/synthesize';
import { statementOf } from '../../tools/kit/stacks/template';

/** A token is not validated, and reaches every resource that uses it. */
const template = synthesize((stack) => {
  const variable = (name: string) => new TerraformVariable(stack, name, {});
  const text = (name: string) => variable(name).stringValue;
  const number = (name: string) => variable(name).numberValue;
  new PaymentPipeline(stack, 'payments', {
    environment: text('environment'),
    queueName: text('queue'),
    lambdaMemory: number('memory'),
    visibilityTimeout: number('visibility'),
    dlqRetentionDays: number('days'),
    maxReceiveCount: number('receives'),
    maxConcurrency: number('batches'),
    reserveConcurrency: variable('reserve').booleanValue,
    groupConcurrency: number('groups'),
    maxPaymentAgeHours: number('age'),
    logRetentionDays: number('log_days'),
    alertEmail: text('email'),
    deploymentPrincipalArn: text('deployer'),
    permissionsBoundaryArn: text('boundary'),
    cidrBlock: text('range'),
    fraudApi: FraudApi.privateLink({
      url: text('url'),
      serviceName: text('service'),
      apiKeySecretArn: text('secret'),
      apiKeyKmsKeyArn: text('secret_key'),
    }),
  });
});

test('the queues', () => {
  expect(template.resource('aws_sqs_queue', 'payments_payment_queue')).toMatchObject({
    name: '${var.queue}.fifo',
    visibility_timeout_seconds: '${var.visibility}',
    redrive_policy: expect.stringContaining('"maxReceiveCount" = var.receives') as string,
  });
  expect(template.resource('aws_sqs_queue', 'payments_dead_letter_queue')).toMatchObject({
    name: '${var.queue}-dlq.fifo',
    message_retention_seconds: '${(var.days * 86400)}',
  });
});

test('the table', () => {
  expect(template.resource('aws_dynamodb_table', 'payments_payment_table').name).toBe(
    'payment-status-${var.environment}',
  );
});

test('the processor', () => {
  expect(template.resource('aws_lambda_function', 'payments_payment_processor')).toMatchObject({
    function_name: 'lambda-payment-processor-${var.environment}',
    memory_size: '${var.memory}',
    reserved_concurrent_executions: '${var.reserve ? var.batches : -1}',
    environment: {
      variables: {
        POWERTOOLS_SERVICE_NAME: 'payment-processor-${var.environment}',
        FRAUD_API_URL: '${var.url}',
        FRAUD_API_KEY_SECRET_ARN: '${var.secret}',
        MAX_RECEIVE_COUNT: '${tostring(var.receives)}',
        GROUP_CONCURRENCY: '${tostring(var.groups)}',
      },
    },
  });
  expect(template.resource('aws_lambda_event_source_mapping', 'payments_payment_processor_event_source')).toMatchObject(
    {
      scaling_config: { maximum_concurrency: '${var.batches}' },
    },
  );
  expect(statementOf(template, 'payments_payment_processor_permissions', 'ReadFraudApiKey').resources).toEqual([
    '${var.secret}',
  ]);
  expect(statementOf(template, 'payments_payment_processor_permissions', 'DecryptFraudApiKey').resources).toEqual([
    '${var.secret_key}',
  ]);
});

test('the network, its subnets cut by Terraform', () => {
  expect(template.resource('aws_vpc', 'payments_network_vpc').cidr_block).toBe('${var.range}');
  const subnets = Object.values(template.json.resource.aws_subnet ?? {}).map((subnet) => subnet.cidr_block);
  expect(subnets).toEqual([1, 2, 3].map((n) => `\${cidrsubnet(var.range, 8, ${n})}`));
  expect(template.resource('aws_vpc_endpoint', 'payments_network_fraud_api_endpoint').service_name).toBe(
    '${var.service}',
  );
});

test('keys, logs and alerts', () => {
  const deployer = statementOf(template, 'payments_encryption_sqs_key_policy', 'DeploymentUser');
  expect(deployer.principals).toEqual([{ type: 'AWS', identifiers: ['${var.deployer}'] }]);
  expect(template.resource('aws_sns_topic_subscription', 'payments_alerting_email_subscription').endpoint).toBe(
    '${var.email}',
  );
  expect(template.resource('aws_cloudwatch_metric_alarm', 'payments_alarm_lambda_concurrency').threshold).toBe(
    '${((var.batches * 90) / 100)}',
  );
  expect(template.resource('aws_cloudwatch_metric_alarm', 'payments_alarm_sqs_dlq_oldest_message_age').threshold).toBe(
    '${(((var.days * 86400) * 80) / 100)}',
  );
  const retentions = Object.values(template.json.resource.aws_cloudwatch_log_group ?? {}).map(
    (group) => group.retention_in_days,
  );
  expect(new Set(retentions)).toEqual(new Set(['${var.log_days}']));
});
