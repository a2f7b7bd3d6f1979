import { TerraformVariable } from 'cdktf';
import { PaymentPipeline, type PaymentPipelineProps } from '../../src/index';
import { otherProps, sharingProps, someProps } from '../../tools/kit/stacks/pipeline-props';
import { danglingReferences, type StackJson } from '../../tools/kit/stacks/references';
import { readTemplate } from '../../tools/kit/stacks/stacks';
import { stackWithProviders, synthesize, synthesizeApp } from '../../tools/kit/stacks/synthesize';
import { statementOf, statementsOf, type Template } from '../../tools/kit/stacks/template';

const ACCOUNT = '${data.aws_caller_identity.current.account_id}';
const PARTITION = '${element(split(":", data.aws_caller_identity.current.arn), 1)}';
const REGION = '${data.aws_region.current.name}';

function idsOf(template: Template, type: string): string[] {
  return Object.keys(template.json.resource[type] ?? {});
}

/** Resources with a key or a policy of their own, by the ARNs that policies name. */
function guestsOf(template: Template) {
  const named = (type: string, attribute: string, prefix: string) =>
    Object.values(template.json.resource[type] ?? {}).map(
      (resource) => `arn:${PARTITION}:${prefix}:${String(resource[attribute])}`,
    );
  return {
    logGroups: named('aws_cloudwatch_log_group', 'name', `logs:${REGION}:${ACCOUNT}:log-group`),
    alarms: named('aws_cloudwatch_metric_alarm', 'alarm_name', `cloudwatch:${REGION}:${ACCOUNT}:alarm`),
  };
}

/** The values of a statement's condition, as a policy names whom it admits. */
function admitted(template: Template, document: string, sid: string, variable: string): string[] {
  const conditions = statementOf(template, document, sid).condition ?? [];
  return conditions.filter((condition) => condition.variable === variable).flatMap(({ values }) => values);
}

describe('a pipeline that shares all that can be shared', () => {
  const template = readTemplate('sharing');

  test.each([
    { type: 'aws_vpc', ids: ['payments_network_vpc'] },
    { type: 'aws_cloudtrail', ids: ['payments_audit_trail'] },
    { type: 'aws_s3_bucket', ids: ['payments_audit_bucket'] },
    { type: 'aws_sns_topic', ids: ['payments_alerting_key_changes_topic', 'payments_alerting_topic'] },
    {
      type: 'aws_sns_topic_subscription',
      ids: ['payments_alerting_email_subscription', 'payments_alerting_key_changes_email_subscription'],
    },
    {
      type: 'aws_kms_key',
      ids: ['payments_encryption_dynamodb_key', 'payments_encryption_s3_key', 'payments_encryption_sqs_key'],
    },
  ])('adds no $type', ({ type, ids }) => {
    expect(idsOf(template, type)).toEqual(ids);
  });

  test.each([
    { type: 'aws_sqs_queue', own: 2 },
    { type: 'aws_dynamodb_table', own: 1 },
    { type: 'aws_lambda_function', own: 2 },
    { type: 'aws_cloudwatch_dashboard', own: 1 },
    { type: 'aws_cloudwatch_event_rule', own: 1 },
  ])('has $own $type of its own', ({ type, own }) => {
    expect(idsOf(template, type).filter((id) => id.startsWith('payouts_'))).toHaveLength(own);
  });

  test("runs in the other's network and is encrypted with its keys", () => {
    expect(template.resource('aws_lambda_function', 'payouts_payment_processor').vpc_config).toEqual(
      template.resource('aws_lambda_function', 'payments_payment_processor').vpc_config,
    );
    expect(template.resource('aws_sqs_queue', 'payouts_payment_queue').kms_master_key_id).toBe(
      '${aws_kms_key.payments_encryption_sqs_key.arn}',
    );
  });

  test("its log groups and alarms are admitted by the other's keys and topic, and nothing else is", () => {
    const { logGroups, alarms } = guestsOf(template);
    expect([...logGroups, ...alarms].filter((arn) => arn.endsWith('-payouts'))).not.toEqual([]);
    expect(
      admitted(
        template,
        'payments_encryption_dynamodb_key_policy',
        'LogGroups',
        'kms:EncryptionContext:aws:logs:arn',
      ).sort(),
    ).toEqual(logGroups.sort());
    expect(admitted(template, 'payments_encryption_sqs_key_policy', 'Alarms', 'aws:SourceArn').sort()).toEqual(
      alarms.sort(),
    );
    expect(admitted(template, 'payments_alerting_topic_permissions', 'AlarmsPublish', 'aws:SourceArn').sort()).toEqual(
      alarms.sort(),
    );
  });
});

describe('a pipeline next to another, with everything of its own', () => {
  const template = synthesize((stack) => {
    new PaymentPipeline(stack, 'payments', someProps());
    new PaymentPipeline(stack, 'payouts', otherProps());
  });

  test('has as many resources of each type as the other', () => {
    for (const resources of Object.values(template.json.resource)) {
      const ids = Object.keys(resources);
      expect(ids.filter((id) => id.startsWith('payments_'))).toHaveLength(ids.length / 2);
    }
  });

  test("does not deploy the other's file", () => {
    const files = Object.values(template.json.data.archive_file ?? {}).map((archive) => archive.output_path);
    expect(new Set(files).size).toBe(4);
  });

  test("its alarms are admitted by its own topic, and not by the other's", () => {
    const names = (id: string) =>
      admitted(template, `${id}_alerting_topic_permissions`, 'AlarmsPublish', 'aws:SourceArn');
    expect(names('payments').filter((name) => !name.endsWith('-dev'))).toEqual([]);
    expect(names('payouts').filter((name) => !name.endsWith('-payouts'))).toEqual([]);
  });
});

test('a pipeline of production protects its own queues, not what it shares of a pipeline of dev', () => {
  const template = synthesize((stack) => {
    const payments = new PaymentPipeline(stack, 'payments', someProps());
    new PaymentPipeline(stack, 'payouts', { ...sharingProps(payments), profile: 'production' });
  });
  const undestroyable = ['aws_sqs_queue', 'aws_dynamodb_table', 'aws_kms_key', 'aws_s3_bucket'].flatMap((type) =>
    idsOf(template, type).filter((id) => template.resource(type, id).lifecycle),
  );
  expect(undestroyable.sort()).toEqual(['payouts_dead_letter_queue', 'payouts_payment_queue', 'payouts_payment_table']);
});

test("who shares nothing but the topic may use the topic's key: without it SNS takes no alert", () => {
  const template = synthesize((stack) => {
    const payments = new PaymentPipeline(stack, 'payments', someProps());
    new PaymentPipeline(stack, 'payouts', sharingProps(payments, ['alerting']));
  });
  const { kms_master_key_id: topicKey } = template.resource('aws_sns_topic', 'payments_alerting_topic');
  const statements = statementsOf(template, 'payouts_dlq_processor_permissions');
  const actionsOn = (resource: unknown) =>
    statements.filter(({ resources }) => resources?.includes(resource as string)).flatMap(({ actions }) => actions);
  expect(actionsOn('${aws_sns_topic.payments_alerting_topic.arn}')).toEqual(['sns:Publish']);
  expect(actionsOn(topicKey)).toEqual(expect.arrayContaining(['kms:GenerateDataKey', 'kms:Decrypt']));
});

describe('pipelines of two stacks', () => {
  /** A pipeline in the first stack, and others in stacks of their own, each with what it shares of the first. */
  function stacksOf(others: Record<string, (first: PaymentPipeline, variable: () => string) => PaymentPipelineProps>) {
    return synthesizeApp((app) => {
      const payments = new PaymentPipeline(stackWithProviders(app, 'first'), 'payments', someProps());
      for (const [id, propsOf] of Object.entries(others)) {
        const stack = stackWithProviders(app, id);
        const props = propsOf(payments, () => new TerraformVariable(stack, 'environment', {}).stringValue);
        new PaymentPipeline(stack, 'payouts', props);
      }
    });
  }

  function count({ resource }: StackJson, type: string): number {
    return Object.keys(resource[type] ?? {}).length;
  }

  function remoteStates({ data = {} }: StackJson): string[] {
    return Object.keys(data.terraform_remote_state ?? {});
  }

  describe("with all that can be shared from another stack's pipeline", () => {
    const stacks = stacksOf({ second: (payments) => sharingProps(payments) });
    const [first, second] = [stacks.first!, stacks.second!];

    test('only the first stack has it; the second reads it from its state', () => {
      const types = ['aws_vpc', 'aws_cloudtrail', 'aws_kms_key', 'aws_sns_topic'];
      expect(types.map((type) => count(first, type))).toEqual([1, 1, 3, 2]);
      expect(types.map((type) => count(second, type))).toEqual([0, 0, 0, 0]);
      expect(remoteStates(second)).toEqual(['cross_stack_reference_input_first']);
      expect(remoteStates(first)).toEqual([]);
    });

    test('both refer to nothing that they do not have', () => {
      expect(danglingReferences(first)).toEqual([]);
      expect(danglingReferences(second)).toEqual([]);
    });

    test("the first stack's key admits the second's log groups", () => {
      const policy = JSON.stringify(first.data!.aws_iam_policy_document!.payments_encryption_dynamodb_key_policy);
      for (const { name } of Object.values(second.resource.aws_cloudwatch_log_group!))
        expect(policy).toContain(`:log-group:${String(name)}"`);
    });
  });

  test('an audited trail names the pipeline of the other stack, and does not wait for it', () => {
    const audited = { profile: 'production' } as const;
    const { first, second } = synthesizeApp((app) => {
      const payments = new PaymentPipeline(stackWithProviders(app, 'first'), 'payments', someProps(audited));
      const props = { ...sharingProps(payments), ...audited };
      new PaymentPipeline(stackWithProviders(app, 'second'), 'payouts', props);
    });
    expect(JSON.stringify(first!.resource.aws_cloudtrail)).toContain(':table/payment-status-payouts"');
    expect(remoteStates(first!)).toEqual([]);
    expect(danglingReferences(second!)).toEqual([]);
    expect(Object.keys(second!.resource.aws_cloudwatch_log_metric_filter!).sort()).toEqual([
      'payouts_security_evidence_change_logs',
      'payouts_security_evidence_change_table',
    ]);
  });

  describe('with some of another stack, or nothing', () => {
    const named = (id: string, props: PaymentPipelineProps) => ({ ...props, environment: id, queueName: id });
    const { first, own, ...sharing } = stacksOf({
      own: () => named('own', otherProps()),
      encryption: (payments) => named('encryption', sharingProps(payments, ['encryption'])),
      audit: (payments) => named('audit', sharingProps(payments, ['audit'])),
      network: (payments) => named('network', sharingProps(payments, ['network', 'alerting'])),
    });

    test('with everything of its own each stack stands alone', () => {
      for (const stack of [first!, own!]) {
        expect(remoteStates(stack)).toEqual([]);
        expect(danglingReferences(stack)).toEqual([]);
        expect(['aws_vpc', 'aws_cloudtrail', 'aws_kms_key'].map((type) => count(stack, type))).toEqual([1, 1, 3]);
      }
    });

    test.each(Object.entries(sharing))('with %s alone nothing is missing', (_shared, stack) => {
      expect(remoteStates(stack)).toEqual(['cross_stack_reference_input_first']);
      expect(danglingReferences(stack)).toEqual([]);
    });
  });

  test("a name that only the second stack's Terraform knows cannot be admitted by the first's key: each would wait for the other", () => {
    const build = () =>
      stacksOf({ second: (payments, variable) => ({ ...sharingProps(payments), environment: variable() }) });
    expect(build).toThrow(/circular dependency/);
  });
});
