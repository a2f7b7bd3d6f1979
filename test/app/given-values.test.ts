import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { givenValue, projectVariableFiles, type VariableSources } from '../../src/app/given-values';
import { synth } from '../../src/app/main';
import { run } from '../../tools/kit/command-run';
import { newDirectory } from '../../tools/kit/new-directory';

/** A project with these files. @returns how it reads the variable `on_failed_payment` */
function project(files: Readonly<Record<string, string>>) {
  const root = newDirectory();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  return (environment: NodeJS.ProcessEnv = {}, sources: Partial<VariableSources> = {}) => {
    const { variables = [], variableFiles = [] } = sources;
    const given = { variables, variableFiles: variableFiles.map((name) => join(root, name)) };
    return givenValue(
      'on_failed_payment',
      given,
      projectVariableFiles(root, environment.TF_VAR_environment),
      environment,
    );
  };
}

// https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
test('the last source wins, in the order of Terraform', () => {
  const environment = { TF_VAR_on_failed_payment: 'from the environment' };
  const files = {
    'terraform.tfvars': 'on_failed_payment = "from terraform.tfvars"',
    'terraform.tfvars.json': '{"on_failed_payment": "from its JSON"}',
    'z.auto.tfvars': 'on_failed_payment = "from an automatic file"',
    'given.tfvars': 'on_failed_payment = "from -var-file"',
  };
  const upTo = (count: number) => project(Object.fromEntries(Object.entries(files).slice(0, count)))(environment);
  expect([upTo(0), upTo(1), upTo(2), upTo(3), upTo(4)]).toEqual([
    'from the environment',
    'from terraform.tfvars',
    'from its JSON',
    'from an automatic file',
    'from an automatic file',
  ]);
  const all = project(files);
  expect(all({ ...environment, TF_VAR_environment: 'given' })).toBe('from -var-file'); // the file of the environment
  expect(all(environment, { variableFiles: ['given.tfvars'] })).toBe('from -var-file');
  expect(all(environment, { variableFiles: ['given.tfvars'], variables: ['on_failed_payment=hold'] })).toBe('hold');
});

test.each([
  ['on_failed_payment="a, b" # why', 'a, b'],
  ['  "on_failed_payment"   =   "hold"', 'hold'],
  ['# on_failed_payment = "hold"', undefined],
  ['/*\non_failed_payment = "hold"\n*/', undefined],
  ['owner = "a /* b"\non_failed_payment = "https://c/*#" // why', 'https://c/*#'],
  ['on_failed_payment = hold// why', 'hold'],
  ['not_on_failed_payment = "hold"', undefined],
  ['on_failed_payment = null', undefined],
])('%s', (line, value) => {
  expect(project({ 'terraform.tfvars': `alert_email = "a@b.example"\n${line}\n` })()).toBe(value);
});

test.each([
  ['{"a": 1, "on_failed_payment": "a,b", "c": "d"}', 'a,b'],
  ['{"on_failed_payment": "a\\u0026\\"b"}', 'a&"b'],
  ['{"tags": {"on_failed_payment": "of another"}, "owner": "\\"on_failed_payment\\": 1"}', undefined],
  ['{"on_failed_payment": true}', 'true'],
  ['{"on_failed_payment": null}', undefined],
])('JSON: %s', (json, value) => {
  expect(project({ 'a.auto.tfvars.json': json })()).toBe(value);
});

test('a file that is not the JSON of its name is named', () => {
  expect(project({ 'a.auto.tfvars.json': 'on_failed_payment = "hold"' })).toThrow(/a\.auto\.tfvars\.json is not JSON/);
});

describe('npx projen synth', () => {
  const environment = { ...process.env };
  const directory = process.cwd();
  afterEach(() => {
    process.env = { ...environment };
    process.chdir(directory);
  });

  /** In a project whose terraform.tfvars says `hold`. */
  async function synthesize(...options: string[]) {
    const root = newDirectory();
    mkdirSync(join(root, 'out'));
    writeFileSync(join(root, 'terraform.tfvars'), 'on_failed_payment = "hold"\n');
    process.env.CDKTF_OUTDIR = join(root, 'out');
    process.chdir(root);
    const result = await run(synth, ...options);
    if (result.code !== 0) return result.stderr;
    const stack = readFileSync(join(root, 'out/stacks/payment-pipeline/cdk.tf.json'), 'utf8');
    return (JSON.parse(stack) as { variable: Record<string, { default: string }> }).variable.on_failed_payment!.default;
  }

  test('reads the files of the project, and the options', async () => {
    expect(await synthesize()).toBe('hold');
    expect(await synthesize('--var=alert_email=a@b.example', '--var', 'on_failed_payment=continue')).toBe('continue');
    expect(await synthesize('--defaults')).toBe('continue');
  });

  test('refuses a bad value in a sentence', async () => {
    process.env.TF_VAR_fraud_api_key_secret_arn = 'my-key';
    expect(await synthesize()).toContain("- fraud_api_key_secret_arn is 'my-key', but must be");
  });
});
