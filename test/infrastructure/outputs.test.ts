import { Construct } from 'constructs';
import { TerraformStack, Testing } from 'cdktf';
import { withoutTraces } from '../../src/app/without-traces';
import { exportOutputs, PaymentPipeline } from '../../src/index';
import type { ProfileName } from '../../src/infrastructure/profile';
import { otherProps, sharingProps, someProps } from '../../tools/kit/stacks/pipeline-props';
import { addressesOf, referencesOf, type StackJson } from '../../tools/kit/stacks/references';
import { readTemplate } from '../../tools/kit/stacks/stacks';
import { synthesize, testApp } from '../../tools/kit/stacks/synthesize';
import type { Template } from '../../tools/kit/stacks/template';

interface Output {
  readonly value: unknown;
}

function outputsOf(template: Template): Record<string, Output> {
  return template.json.output as Record<string, Output>;
}

const template = readTemplate('deployed');
const outputs = Object.entries(outputsOf(template));

test('each names something of the stack, and no two the same', () => {
  const addresses = addressesOf(template.json as unknown as StackJson);
  const references = outputs.map(([, { value }]) => referencesOf(value)).filter((found) => found.length > 0);
  expect(references.length).toBe(outputs.length - 1); // the index has no address: it is a part of the table
  expect(references.flat().filter((reference) => !addresses.has(reference))).toEqual([]);
  const values = outputs.map(([, { value }]) => value);
  expect(new Set(values).size).toBe(values.length);
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

test('of production, the settings have the lock of the audit bucket; of dev, which has none, they lack it', () => {
  const settingsOf = (profile: ProfileName) => {
    const template = synthesize((stack) => {
      exportOutputs(new PaymentPipeline(stack, 'payments', { ...someProps(), profile }));
    });
    return outputsOf(template).payments_settings!.value as Record<string, unknown>;
  };
  const retention =
    '${aws_s3_bucket_object_lock_configuration.payments_audit_bucket_object_lock.rule[0].default_retention[0]';
  expect(settingsOf('production').audit_lock).toEqual({ mode: `${retention}.mode}`, days: `${retention}.days}` });
  expect(settingsOf('dev')).not.toHaveProperty('audit_lock');
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

test('Terraform takes the names of a pipeline whose id has a hyphen or a dot', () => {
  const both = synthesize((stack) => {
    exportOutputs(new PaymentPipeline(stack, 'card-payments', someProps()));
    exportOutputs(new PaymentPipeline(stack, 'payments.v2', otherProps()));
  });
  expect(Object.keys(outputsOf(both)).filter((name) => !/^[A-Za-z_][\w-]*$/.test(name))).toEqual([]);
});
