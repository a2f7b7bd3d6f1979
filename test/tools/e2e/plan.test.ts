import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPlan } from '../../../tools/e2e/stack/plan';
import { planDifferences } from '../../../tools/e2e/stack/plan-differences';
import { readAsHcl } from '../../../tools/e2e/stack/read-as-hcl';
import { newDirectory } from '../../../tools/kit/new-directory';

interface Said {
  readonly name?: unknown;
  readonly expression?: unknown;
  readonly region?: string;
  readonly output?: string;
  readonly address?: string;
}

/** A plan of one queue, one data source and one output, in the form of `terraform show -json`. */
function plan({
  name = 'main',
  expression = { constant_value: 'main' },
  region = 'eu-west-1',
  output = 'main',
  address = 'aws_sqs_queue.main',
}: Said = {}) {
  return readPlan(
    JSON.stringify({
      resource_changes: [{ address, change: { actions: ['create'], after: { name } } }],
      output_changes: { queue: { after: output } },
      prior_state: {
        values: { root_module: { resources: [{ address: 'data.aws_region.here', values: { name: region } }] } },
      },
      configuration: {
        root_module: { resources: [{ address: 'aws_sqs_queue.main', expressions: { name: expression } }], outputs: {} },
      },
    }),
  );
}

test('plans that say the same do not differ, however their syntax says it', () => {
  const json = plan({ expression: { constant_value: '${a.b}', references: ['a.b', 'a'] } });
  const hcl = plan({ expression: { references: ['a', 'a.b'] } });

  expect(planDifferences({ JSON: json, HCL: hcl })).toEqual([]);
});

test.each<[string, Said, string]>([
  ['an argument', { name: 'other' }, 'aws_sqs_queue.main.after.name: "main" in JSON, "other" in HCL'],
  ['a list for a value', { name: ['main'] }, 'aws_sqs_queue.main.after.name: "main" in JSON, ["main"] in HCL'],
  [
    'an expression',
    { expression: { references: ['var.name'] } },
    'aws_sqs_queue.main, as it is configured.expressions.name: "main" in JSON, ["var.name"] in HCL',
  ],
  [
    'what was read',
    { region: 'us-east-1' },
    'data.aws_region.here, as it was read.values.name: "eu-west-1" in JSON, "us-east-1" in HCL',
  ],
  ['an output', { output: 'other' }, 'output queue.after: "main" in JSON, "other" in HCL'],
])('%s that differs is named, with both values', (_what, said, difference) => {
  expect(planDifferences({ JSON: plan(), HCL: plan(said) })).toEqual([difference]);
});

test('a resource of one plan alone is named', () => {
  const differences = planDifferences({ JSON: plan(), HCL: plan({ address: 'aws_sqs_queue.other' }) });

  expect(differences.map((line) => line.slice(0, 60))).toEqual([
    expect.stringMatching(/^aws_sqs_queue\.main: \{/),
    expect.stringMatching(/^aws_sqs_queue\.other: nothing in JSON, \{/),
  ]);
});

describe('the stack read as HCL', () => {
  const stack = (...providers: string[]) =>
    JSON.stringify({
      terraform: {
        required_providers: Object.fromEntries(providers.map((name) => [name, { source: `hashicorp/${name}` }])),
      },
      locals: { archive_file_code: {} },
      resource: { terraform_data: {} },
    });

  function forms(...initialised: string[]) {
    const [directory, json, hcl] = [newDirectory(), newDirectory(), newDirectory()];
    writeFileSync(join(directory, 'cdk.tf.json'), stack(...initialised));
    writeFileSync(join(json, 'cdk.tf.json'), stack('aws', 'archive'));
    writeFileSync(join(hcl, 'cdk.tf'), 'provider "archive" {\n}\n');
    const read = (file: string) => readFileSync(join(directory, file), 'utf8');
    return { directory, read, given: { json, hcl } };
  }

  test('stands where the JSON stood, as long as the work takes, even if that fails', async () => {
    const { directory, read, given } = forms('aws', 'archive');
    const before = read('cdk.tf.json');

    const failing = readAsHcl(directory, given, () => {
      expect([existsSync(join(directory, 'cdk.tf.json')), read('cdk.tf'), read('stand-ins.tf.json')]).toEqual([
        false,
        'provider "archive" {\n}\n',
        '{}',
      ]);
      return Promise.reject(new Error('no plan'));
    });

    await expect(failing).rejects.toThrow('no plan');
    expect(readdirSync(directory)).toEqual(['cdk.tf.json']);
    expect(read('cdk.tf.json')).toBe(before);
  });

  test('does without the providers that the JSON there does without', async () => {
    const { directory, read, given } = forms('aws');

    const [hcl, standIns] = await readAsHcl(directory, given, () =>
      Promise.resolve([read('cdk.tf'), read('stand-ins.tf.json')]),
    );

    expect([hcl, JSON.parse(standIns!)]).toEqual([
      '',
      { locals: { archive_file_code: {} }, resource: { terraform_data: {} } },
    ]);
  });
});
