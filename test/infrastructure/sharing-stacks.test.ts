import { TerraformVariable } from 'cdktf';
import { PaymentPipeline, type PaymentPipelineProps } from '../../src/index';
import { otherProps, sharingProps, someProps } from '../../tools/kit/stacks/pipeline-props';
import { danglingReferences, type StackJson } from '../../tools/kit/stacks/references';
import { stackWithProviders, synthesizeApp } from '../../tools/kit/stacks/synthesize';

/** Two pipelines, each in a stack of its own. */
function twoStacks(propsOfSecond: (first: PaymentPipeline, variable: () => string) => PaymentPipelineProps) {
  const { first, second } = synthesizeApp((app) => {
    const payments = new PaymentPipeline(stackWithProviders(app, 'first'), 'payments', someProps());
    const stack = stackWithProviders(app, 'second');
    new PaymentPipeline(
      stack,
      'payouts',
      propsOfSecond(payments, () => new TerraformVariable(stack, 'environment', {}).stringValue),
    );
  });
  return { first: first!, second: second! };
}

function count({ resource }: StackJson, type: string): number {
  return Object.keys(resource[type] ?? {}).length;
}

function remoteStates({ data = {} }: StackJson): string[] {
  return Object.keys(data.terraform_remote_state ?? {});
}

describe('with everything of its own', () => {
  const { first, second } = twoStacks(() => otherProps());

  test('each stack stands alone', () => {
    for (const stack of [first, second]) {
      expect(remoteStates(stack)).toEqual([]);
      expect(danglingReferences(stack)).toEqual([]);
      expect(['aws_vpc', 'aws_cloudtrail', 'aws_kms_key'].map((type) => count(stack, type))).toEqual([1, 1, 3]);
    }
  });
});

describe("with all that can be shared from another stack's pipeline", () => {
  const { first, second } = twoStacks((payments) => sharingProps(payments));

  test('only the first stack has it; the second reads it from its state', () => {
    const types = ['aws_vpc', 'aws_cloudtrail', 'aws_kms_key', 'aws_sns_topic'];
    expect(types.map((type) => count(first, type))).toEqual([1, 1, 3, 1]);
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

test.each([
  { shared: ['encryption'] as const },
  { shared: ['audit'] as const },
  { shared: ['network', 'alerting'] as const },
])("with another stack's $shared alone nothing is missing", ({ shared }) => {
  const { first, second } = twoStacks((payments) => sharingProps(payments, shared));
  expect([danglingReferences(first), danglingReferences(second)]).toEqual([[], []]);
});

test("a name that only the second stack's Terraform knows cannot be admitted by the first's key: each would wait for the other", () => {
  const build = () => twoStacks((payments, variable) => ({ ...sharingProps(payments), environment: variable() }));
  expect(build).toThrow(/circular dependency/);
});
