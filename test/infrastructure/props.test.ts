import { TerraformVariable } from 'cdktf';
import { FraudApi, PaymentPipeline } from '../../src/index';
import { sharingProps, someProps } from '../../tools/kit/stacks/pipeline-props';
import { API_KEY_SECRET_ARN } from '../../tools/kit/stacks/stack-graph';
import { readTemplate } from '../../tools/kit/stacks/stacks';
import { synthesize, synthesizePipeline } from '../../tools/kit/stacks/synthesize';
import type { Template } from '../../tools/kit/stacks/template';

const processorOf = (template: Template) => template.resource('aws_lambda_function', 'payments_payment_processor');

/** An attribute of each resource of a type, each value once. */
function valuesOf(template: Template, type: string, attribute: string): unknown[] {
  return [...new Set(Object.values(template.json.resource[type] ?? {}).map((resource) => resource[attribute]))];
}

describe('a prop with another value than its default', () => {
  const template = synthesizePipeline({
    environment: 'payouts',
    queueName: 'wires',
    lambdaMemory: 512,
    visibilityTimeout: 600,
    dlqRetentionDays: 7,
    maxReceiveCount: 5,
    maxConcurrency: 20,
    reserveConcurrency: false,
    groupConcurrency: 2,
    maxPaymentAgeHours: 72,
    logRetentionDays: 30,
    alertEmail: 'wires@example.com',
    cidrBlock: '172.20.0.0/20',
  });

  test('reaches the queues', () => {
    expect(template.resource('aws_sqs_queue', 'payments_payment_queue')).toMatchObject({
      name: 'wires.fifo',
      visibility_timeout_seconds: 600,
      redrive_policy: expect.stringContaining('"maxReceiveCount" = 5') as string,
    });
    expect(template.resource('aws_sqs_queue', 'payments_dead_letter_queue')).toMatchObject({
      name: 'wires-dlq.fifo',
      message_retention_seconds: 7 * 86_400,
    });
  });

  test('reaches the functions', () => {
    expect(processorOf(template)).toMatchObject({
      function_name: 'lambda-payment-processor-payouts',
      memory_size: 512,
      reserved_concurrent_executions: -1,
      environment: { variables: { MAX_RECEIVE_COUNT: '5', GROUP_CONCURRENCY: '2', MAX_PAYMENT_AGE_HOURS: '72' } },
    });
    expect(
      template.resource('aws_lambda_event_source_mapping', 'payments_payment_processor_event_source').scaling_config,
    ).toEqual({ maximum_concurrency: 20 });
  });

  test('reaches the alarms: they ring before concurrency or the retention ends', () => {
    const thresholdOf = (alarm: string) =>
      template.resource('aws_cloudwatch_metric_alarm', `payments_alarm_${alarm}`).threshold;
    expect(thresholdOf('lambda_concurrency')).toBe(18);
    expect(thresholdOf('sqs_dlq_oldest_message_age')).toBe(7 * 86_400 * 0.8);
    expect(valuesOf(template, 'aws_sns_topic_subscription', 'endpoint')).toEqual(['wires@example.com']);
  });

  test('reaches network and log groups', () => {
    expect(valuesOf(template, 'aws_vpc', 'cidr_block')).toEqual(['172.20.0.0/20']);
    expect(valuesOf(template, 'aws_subnet', 'cidr_block')).toEqual([
      '172.20.0.16/28',
      '172.20.0.32/28',
      '172.20.0.48/28',
    ]);
    expect(valuesOf(template, 'aws_cloudwatch_log_group', 'retention_in_days')).toEqual([30]);
  });

  test('maxConcurrency alone is reserved, and is the most that run', () => {
    const { reserved_concurrent_executions } = processorOf(synthesizePipeline({ maxConcurrency: 7 }));
    expect(reserved_concurrent_executions).toBe(7);
  });
});

describe('the profile', () => {
  interface LifecycleRule {
    readonly expiration?: readonly { readonly days: number }[];
    readonly noncurrent_version_expiration?: readonly { readonly noncurrent_days: number }[];
  }

  function decided(template: Template) {
    const rules = valuesOf(template, 'aws_s3_bucket_lifecycle_configuration', 'rule').flat() as LifecycleRule[];
    const ages = rules.flatMap(({ expiration = [], noncurrent_version_expiration = [] }) => [
      ...expiration.map(({ days }) => days),
      ...noncurrent_version_expiration.map(({ noncurrent_days }) => noncurrent_days),
    ]);
    return {
      logDays: valuesOf(template, 'aws_cloudwatch_log_group', 'retention_in_days'),
      auditDays: [...new Set(ages)],
      bucketIsEmptied: valuesOf(template, 'aws_s3_bucket', 'force_destroy'),
      tableIsProtected: valuesOf(template, 'aws_dynamodb_table', 'deletion_protection_enabled'),
      keyDays: valuesOf(template, 'aws_kms_key', 'deletion_window_in_days'),
      locks: valuesOf(template, 'aws_s3_bucket_object_lock_configuration', 'rule'),
      undestroyable: Object.values(template.json.resource)
        .flatMap((byId) => Object.entries(byId))
        .filter(([, { lifecycle }]) => (lifecycle as { prevent_destroy?: boolean } | undefined)?.prevent_destroy)
        .map(([id]) => id.replace('payments_', ''))
        .sort(),
    };
  }

  const PRODUCTION = {
    logDays: [365],
    auditDays: [400],
    bucketIsEmptied: [false],
    tableIsProtected: [true],
    keyDays: [30],
    locks: [{ default_retention: { mode: 'GOVERNANCE', days: 400 } }],
    undestroyable: [
      'account_hash_key',
      'alerting_delivery_failure_log_group',
      'alerting_delivery_log_group',
      'audit_bucket',
      'audit_bucket_object_lock',
      'audit_bucket_policy',
      'audit_trail',
      'audit_trail_log_group',
      'dead_letter_queue',
      'dlq_processor_log_group',
      'encryption_dynamodb_key',
      'encryption_s3_key',
      'encryption_sqs_key',
      'network_flow_log_group',
      'payment_processor_log_group',
      'payment_queue',
      'payment_table',
    ],
  };

  test('production keeps and protects what dev lets go', () => {
    const dev = {
      logDays: [1],
      auditDays: [90],
      bucketIsEmptied: [true],
      tableIsProtected: [false],
      keyDays: [7],
      locks: [],
      undestroyable: [],
    };
    expect(decided(readTemplate('pipeline'))).toEqual(dev);
    expect(decided(readTemplate('production'))).toEqual(PRODUCTION);
  });

  test('auditRetentionDays and auditLock take precedence; one number of days keeps and locks', () => {
    const audit = { auditRetentionDays: 2_557, auditLock: 'compliance' } as const;
    expect(decided(synthesizePipeline({ profile: 'production', ...audit }))).toEqual({
      ...PRODUCTION,
      auditDays: [2_557],
      locks: [{ default_retention: { mode: 'COMPLIANCE', days: 2_557 } }],
    });
    expect(decided(synthesizePipeline({ profile: 'production', auditLock: 'none' })).locks).toEqual([]);
  });

  test('logRetentionDays takes precedence', () => {
    const template = synthesizePipeline({ profile: 'production', logRetentionDays: 731 });
    expect(decided(template)).toEqual({ ...PRODUCTION, logDays: [731] });
  });
});

describe('onFailedPayment', () => {
  const parkedAlarms = (template: Template) =>
    Object.values(template.json.resource.aws_cloudwatch_metric_alarm ?? {}).filter(({ alarm_name }) =>
      String(alarm_name).startsWith('alarm-payments-parked-'),
    );

  test('hold reaches the processor, and there is an alarm on parked payments', () => {
    const template = readTemplate('hold');
    expect(processorOf(template)).toHaveProperty('environment.variables.ON_FAILED_PAYMENT', 'hold');
    expect(parkedAlarms(template)).toEqual([
      expect.objectContaining({
        namespace: 'PaymentPipeline',
        metric_name: 'PaymentsParked',
        statistic: 'Sum',
        comparison_operator: 'GreaterThanThreshold',
        threshold: 0,
        period: 300,
        evaluation_periods: 1,
      }),
    ]);
  });

  test('continue has no such alarm', () => {
    expect(parkedAlarms(readTemplate('pipeline'))).toEqual([]);
  });

  test('a value that only Terraform knows may be hold', () => {
    const template = synthesize((stack) => {
      const setting = new TerraformVariable(stack, 'on_failed_payment', { type: 'string' });
      new PaymentPipeline(stack, 'payments', someProps({ onFailedPayment: setting.stringValue as never }));
    });
    expect(parkedAlarms(template)).toHaveLength(1);
  });
});

describe("the fraud API's key", () => {
  const services = (template: Template) =>
    valuesOf(template, 'aws_vpc_endpoint', 'service_name').map((name) => String(name).split('.').at(-1));

  test('the processor gets its address, and reaches it as it reaches the other services', () => {
    const template = readTemplate('apiKey');
    expect(processorOf(template)).toHaveProperty('environment.variables.FRAUD_API_KEY_SECRET_ARN', API_KEY_SECRET_ARN);
    expect(template.resource('aws_vpc_endpoint', 'payments_network_secretsmanager_endpoint')).toEqual({
      ...template.resource('aws_vpc_endpoint', 'payments_network_sqs_endpoint'),
      policy: expect.stringContaining('secretsmanager_endpoint_policy'),
      service_name: 'com.amazonaws.${data.aws_region.current.name}.secretsmanager',
      tags: { Name: 'vpce-secretsmanager-dev' },
    });
  });

  test('two pipelines in one network share the endpoint of Secrets Manager', () => {
    const template = synthesize((stack) => {
      const fraudApi = FraudApi.url('https://fraud.example/check', { apiKeySecretArn: API_KEY_SECRET_ARN });
      const payments = new PaymentPipeline(stack, 'payments', someProps({ fraudApi }));
      new PaymentPipeline(stack, 'payouts', { ...sharingProps(payments), fraudApi });
    });
    expect(services(template).filter((service) => service === 'secretsmanager')).toHaveLength(1);
  });
});
