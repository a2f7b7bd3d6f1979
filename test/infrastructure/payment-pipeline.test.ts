import { type TerraformElement, TerraformStack, Testing } from 'cdktf';
import { withoutTraces } from '../../src/app/without-traces';
import { MissingBundleError, packageBundle } from '../../src/infrastructure/functions/bundle';
import { PaymentPipeline } from '../../src/index';
import { someProps } from '../../tools/kit/stacks/pipeline-props';
import { synthesize, synthesizePipeline, testApp } from '../../tools/kit/stacks/synthesize';

test('the construct makes resources and data sources, and leaves providers, state and variables to the stack', () => {
  const stack = new TerraformStack(testApp(), 'test');
  const json = withoutTraces(() => {
    new PaymentPipeline(stack, 'payments', someProps());
    return JSON.parse(Testing.synth(stack)) as object;
  });
  expect(Object.keys(json).sort()).toEqual(['data', 'resource']);
});

test('a prop given as undefined takes its default', () => {
  const absent = { environment: undefined, lambdaMemory: undefined, logRetentionDays: undefined } as unknown as object;
  const template = synthesizePipeline(absent);
  expect(template.resource('aws_lambda_function', 'payments_payment_processor')).toMatchObject({
    function_name: 'lambda-payment-processor-dev',
    memory_size: 256,
  });
  expect(template.resource('aws_cloudwatch_log_group', 'payments_payment_processor_log_group').retention_in_days).toBe(
    1,
  );
});

test('a bundle that was not built is refused with the command that builds it', () => {
  const build = () => synthesize((stack) => packageBundle(stack, 'processor', 'no-such-handler'));

  expect(build).toThrow(MissingBundleError);
  expect(build).toThrow(
    /assets\/no-such-handler\/index\.mjs: install .* again, or, in a clone of it, run "npx projen bundle" first/,
  );
});

test('its properties are the resources', () => {
  const ids: string[] = [];
  synthesize((stack) => {
    const pipeline = new PaymentPipeline(stack, 'payments', someProps());
    const resources: TerraformElement[] = [
      pipeline.paymentQueue,
      pipeline.deadLetterQueue,
      pipeline.paymentTable,
      pipeline.paymentProcessor,
      pipeline.paymentProcessorRole,
      pipeline.paymentProcessorLogGroup,
      pipeline.eventSource,
      pipeline.dlqProcessor,
      pipeline.dlqProcessorRole,
      pipeline.dlqProcessorLogGroup,
      pipeline.release.id,
      pipeline.dashboard,
      pipeline.network.ownVpc!.vpc,
      pipeline.encryption.s3Key,
      pipeline.audit.trail,
      pipeline.alerting.topic,
    ];
    ids.push(...resources.map(({ friendlyUniqueId }) => friendlyUniqueId));
  });

  expect(ids).toEqual([
    'payments_payment_queue',
    'payments_dead_letter_queue',
    'payments_payment_table',
    'payments_payment_processor',
    'payments_payment_processor_role',
    'payments_payment_processor_log_group',
    'payments_payment_processor_event_source',
    'payments_dlq_processor',
    'payments_dlq_processor_role',
    'payments_dlq_processor_log_group',
    'payments_release_id',
    'payments_dashboard',
    'payments_network_vpc',
    'payments_encryption_s3_key',
    'payments_audit_trail',
    'payments_alerting_topic',
  ]);
});

test('its alarms are all of the stack', () => {
  let names: unknown[] = [];
  const template = synthesize((stack) => {
    names = new PaymentPipeline(stack, 'payments', someProps()).alarms.map(({ alarmNameInput }) => alarmNameInput);
  });
  const made = Object.values(template.json.resource.aws_cloudwatch_metric_alarm ?? {}).map(
    ({ alarm_name }) => alarm_name,
  );
  expect(names).toContain('alarm-sqs-dlq-messages-dev');
  expect(names.sort()).toEqual(made.sort());
});
