import { Construct } from 'constructs';
import { TerraformStack, Testing } from 'cdktf';
import { exportOutputs, PaymentPipeline } from '../../src/index';
import { otherProps, sharingProps, someProps } from '../../tools/kit/stacks/pipeline-props';
import { addressesOf, referencesOf, type StackJson } from '../../tools/kit/stacks/references';
import { synthesize, testApp, withoutTraces } from '../../tools/kit/stacks/synthesize';
import type { Template } from '../../tools/kit/stacks/template';

interface Output {
  readonly value: unknown;
  readonly description: string;
  readonly sensitive?: boolean;
}

function outputsOf(template: Template): Record<string, Output> {
  return template.json.output as Record<string, Output>;
}

const template = synthesize((stack) => {
  exportOutputs(new PaymentPipeline(stack, 'payments', someProps()));
});
const outputs = Object.entries(outputsOf(template));

test('there is one for everything that a person or a test asks for', () => {
  expect(outputs.length).toBeGreaterThanOrEqual(50);
  expect(outputs.map(([name]) => name.replace(/^payments_/, ''))).toEqual(
    expect.arrayContaining([
      ...[
        'vpc_id',
        'private_subnet_3_id',
        'private_subnet_3_availability_zone',
        'sqs_endpoint_dns_name',
        'dynamodb_endpoint_prefix_list_id',
      ],
      ...[
        's3_key_arn',
        'sqs_key_id',
        'dynamodb_key_alias',
        'audit_bucket_name',
        'trail_arn',
        'payment_queue_url',
        'dead_letter_queue_arn',
      ],
      ...[
        'payment_processor_arn',
        'dlq_processor_log_group_name',
        'release_id',
        'payment_table_name',
        'dashboard_name',
        'alert_topic_arn',
      ],
      ...[
        'alarm_sqs_dlq_messages_arn',
        'alarm_payments_failed_name',
        'payment_processor_role_arn',
        'flow_logs_role_name',
      ],
    ]),
  );
});

test('each is described in words of its own, from a capital to a period', () => {
  const descriptions = outputs.map(([, { description }]) => description);
  expect(descriptions.filter((description) => !/^[A-Z]\S* .+[^.]\.$/.test(description))).toEqual([]);
  expect(new Set(descriptions).size).toBe(descriptions.length);
});

test('those are sensitive that say where payments are sent and stored, and no others', () => {
  const sensitive = outputs.filter(([, output]) => output.sensitive).map(([name]) => name);
  expect(sensitive.sort()).toEqual([
    'payments_dead_letter_queue_url',
    'payments_payment_queue_url',
    'payments_payment_table_arn',
    'payments_payment_table_name',
    'payments_status_index_name',
  ]);
});

test('each names something of the stack, and no two the same', () => {
  const addresses = addressesOf(template.json as unknown as StackJson);
  const references = outputs.map(([, { value }]) => referencesOf(value)).filter((found) => found.length > 0);
  expect(references.length).toBe(outputs.length - 1); // the index has no address: it is a part of the table
  expect(references.flat().filter((reference) => !addresses.has(reference))).toEqual([]);
  const values = outputs.map(([, { value }]) => value);
  expect(new Set(values).size).toBe(values.length);
});

test('the index is named as the table names it', () => {
  const { global_secondary_index: indexes } = template.resource('aws_dynamodb_table', 'payments_payment_table');
  expect(outputsOf(template).payments_status_index_name?.value).toBe((indexes as { name: string }[])[0]?.name);
});

test('a stack of the ordinary kind, whose ids end in a hash, has them under the same names', () => {
  const stack = new TerraformStack(testApp(), 'test');
  const { output, resource } = withoutTraces(() => {
    exportOutputs(new PaymentPipeline(stack, 'payments', someProps()));
    return JSON.parse(Testing.synth(stack)) as StackJson;
  });
  expect(Object.keys(output!)).toEqual(outputs.map(([name]) => name));
  expect(Object.keys(resource.aws_vpc!)).toEqual([expect.stringMatching(/^payments_network_vpc_[0-9A-F]{8}$/)]);
});

test.each([
  { sharing: 'nothing', propsOfOther: () => otherProps() },
  { sharing: 'all that can be shared', propsOfOther: sharingProps },
])('two pipelines sharing $sharing have all of them, each under its own names', ({ propsOfOther }) => {
  const both = synthesize((stack) => {
    const pipeline = new PaymentPipeline(stack, 'payments', someProps());
    const other = new PaymentPipeline(stack, 'payouts', propsOfOther(pipeline));
    exportOutputs(pipeline);
    exportOutputs(other);
  });
  const names = Object.keys(outputsOf(both));
  const ofPayments = names.filter((name) => name.startsWith('payments_'));
  const ofPayouts = names
    .filter((name) => name.startsWith('payouts_'))
    .map((name) => name.replace('payouts_', 'payments_'));
  expect(ofPayments).toEqual(outputs.map(([name]) => name));
  // The alarms on the audit trail are those of whose it is.
  expect(
    ofPayments.filter((name) => !ofPayouts.includes(name) && !name.startsWith('payments_alarm_security_')),
  ).toEqual([]);
});

test("pipelines of one id in two scopes do not take each other's names", () => {
  const both = synthesize((stack) => {
    exportOutputs(new PaymentPipeline(new Construct(stack, 'cards'), 'payments', someProps()));
    exportOutputs(new PaymentPipeline(new Construct(stack, 'wires'), 'payments', otherProps()));
  });
  expect(Object.keys(outputsOf(both))).toHaveLength(2 * outputs.length);
});

test.each(['card-payments', 'payments.v2'])('Terraform takes the names of a pipeline with the id "%s"', (id) => {
  const names = Object.keys(
    outputsOf(
      synthesize((stack) => {
        exportOutputs(new PaymentPipeline(stack, id, someProps()));
      }),
    ),
  );
  expect(names.filter((name) => !/^[A-Za-z_][\w-]*$/.test(name)).slice(0, 3)).toEqual([]);
});
