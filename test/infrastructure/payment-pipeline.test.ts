import { TerraformElement, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { FraudApi, PaymentPipeline } from '../../src/index';
import { synthesize, testApp } from '../support/terraform';

const fraudApi = FraudApi.url('https://fraud.example/check');

test('the construct makes resources and data sources, and leaves providers, state and variables to the stack', () => {
  const stack = new TerraformStack(testApp(), 'test');
  new PaymentPipeline(stack, 'payments', { fraudApi });
  const json = JSON.parse(Testing.synth(stack)) as object;
  expect(Object.keys(json).sort()).toEqual(['data', 'resource']);
});

test('a prop given as undefined takes its default', () => {
  const template = synthesize((stack) => {
    const absent = { environment: undefined, lambdaMemory: undefined } as unknown as object;
    new PaymentPipeline(stack, 'payments', { fraudApi, ...absent });
  });
  expect(template.resource('aws_lambda_function', 'payments_payment_processor')).toMatchObject({
    function_name: 'lambda-payment-processor-dev',
    memory_size: 256,
  });
});

test('the environment is part of every name but the queues', () => {
  const template = synthesize((stack) => new PaymentPipeline(stack, 'payments', { fraudApi, environment: 'staging' }));
  const names = Object.values(template.json.resource)
    .flatMap((resources) => Object.values(resources))
    .flatMap(({ name, role, function_name }) => name ?? (role === undefined ? [] : function_name));
  expect(names.sort()).toEqual([
    '/aws/lambda/lambda-payment-processor-staging',
    'iam-policy-payment-processor-staging',
    'iam-role-payment-processor-staging',
    'lambda-payment-processor-staging',
    'payment-processing-dlq.fifo',
    'payment-processing.fifo',
    'payment-status-staging',
  ]);
});

test('a Terraform variable may stand for every prop', () => {
  const template = synthesize((stack) => {
    const variable = (name: string) => new TerraformVariable(stack, name, {});
    new PaymentPipeline(stack, 'payments', {
      environment: variable('environment').stringValue,
      queueName: variable('queue').stringValue,
      lambdaMemory: variable('memory').numberValue,
      visibilityTimeout: variable('visibility').numberValue,
      dlqRetentionDays: variable('days').numberValue,
      maxReceiveCount: variable('receives').numberValue,
      maxConcurrency: variable('batches').numberValue,
      reserveConcurrency: variable('reserve').booleanValue,
      groupConcurrency: variable('groups').numberValue,
      fraudApi: FraudApi.url(`https://${variable('host').stringValue}/check`),
    });
  });

  expect(template.resource('aws_sqs_queue', 'payments_payment_queue')).toMatchObject({
    name: '${var.queue}.fifo',
    visibility_timeout_seconds: '${var.visibility}',
    redrive_policy: expect.stringContaining('"maxReceiveCount" = var.receives') as string,
  });
  expect(template.resource('aws_sqs_queue', 'payments_dead_letter_queue')).toMatchObject({
    name: '${var.queue}-dlq.fifo',
    message_retention_seconds: '${(var.days * 86400)}',
  });
  expect(template.resource('aws_dynamodb_table', 'payments_payment_table')).toMatchObject({
    name: 'payment-status-${var.environment}',
  });
  expect(template.resource('aws_lambda_function', 'payments_payment_processor')).toMatchObject({
    function_name: 'lambda-payment-processor-${var.environment}',
    memory_size: '${var.memory}',
    reserved_concurrent_executions: '${var.reserve ? var.batches : -1}',
    environment: {
      variables: {
        POWERTOOLS_SERVICE_NAME: 'payment-processor-${var.environment}',
        FRAUD_API_URL: 'https://${var.host}/check',
        MAX_RECEIVE_COUNT: '${var.receives}',
        GROUP_CONCURRENCY: '${var.groups}',
      },
    },
  });
  expect(
    template.resource('aws_lambda_event_source_mapping', 'payments_payment_processor_event_source'),
  ).toMatchObject({ scaling_config: { maximum_concurrency: '${var.batches}' } });
});

test('its properties are the resources', () => {
  synthesize((stack) => {
    const pipeline = new PaymentPipeline(stack, 'payments', { fraudApi });
    const { paymentQueue, deadLetterQueue, paymentTable, paymentProcessor } = pipeline;
    const resources: TerraformElement[] = [paymentQueue, deadLetterQueue, paymentTable, paymentProcessor];
    expect(resources.map(({ friendlyUniqueId }) => friendlyUniqueId)).toEqual([
      'payments_payment_queue',
      'payments_dead_letter_queue',
      'payments_payment_table',
      'payments_payment_processor',
    ]);
  });
});

test('two pipelines share a stack without sharing a resource or a file', () => {
  const template = synthesize((stack) => {
    new PaymentPipeline(stack, 'payments', { fraudApi });
    new PaymentPipeline(stack, 'payouts', { fraudApi, environment: 'payouts', queueName: 'payouts' });
  });
  expect(Object.keys(template.json.resource.aws_sqs_queue ?? {})).toHaveLength(4);
  const archives = Object.values(template.json.data.archive_file ?? {});
  expect(new Set(archives.map((archive) => archive.output_path)).size).toBe(2);
});
