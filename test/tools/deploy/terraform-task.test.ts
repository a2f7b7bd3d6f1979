import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { REQUIRED_PROVIDERS } from '../../../src/app/settings';
import { deployForEachTest, runTask } from '../../../tools/deploy/fixtures/each-test';
import type { FakeDeployment } from '../../../tools/deploy/fixtures/fake-deployment';

let deployment: FakeDeployment;

deployForEachTest((fresh) => {
  deployment = fresh;
});

test('the help comes before any work', async () => {
  process.env.TERRAFORM_BINARY = '/no/such/terraform';
  for (const help of ['--help', '-h', '-help'])
    expect(await runTask(deployment, 'deploy', '--', help)).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Usage: npx projen deploy /),
      stderr: '',
    });
});

test('bundle, synthesis, init and the verb, in this order, after the account and the region', async () => {
  const { code, stderr } = await runTask(deployment, 'deploy', '--', '--profile', 'production');

  expect({ code, calls: deployment.calls }).toEqual({
    code: 0,
    calls: ['bundle', 'synthesize production', 'init', 'apply'],
  });
  expect(stderr).toBe(
    'Terraform 1.11.4, account 123456789012 in ap-southeast-1, as arn:aws:iam::123456789012:user/deployer; profile production\n',
  );
});

test('a stack that is synthesized is planned as it is, and has to be there', async () => {
  expect(await runTask(deployment, 'plan', '--', '--synthesized')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/There is no stack in .*npx projen synth/),
  });
  mkdirSync(deployment.stack, { recursive: true });
  writeFileSync(join(deployment.stack, 'cdk.tf.json'), '{}');

  const { code, stderr } = await runTask(deployment, 'plan', '--', '--synthesized', '-input=false');

  expect({ code, calls: deployment.calls }).toEqual({ code: 0, calls: ['init -input=false', 'plan -input=false'] });
  expect(stderr).toContain('; as synthesized\n');
});

test('the providers are those of the project, whatever an earlier run left', async () => {
  const lock = join(deployment.stack, '.terraform.lock.hcl');
  writeFileSync(lock, 'of an earlier run');
  writeFileSync(join(deployment.root, '.terraform.lock.hcl'), 'of the project');

  await runTask(deployment, 'plan');

  expect(readFileSync(lock, 'utf8')).toBe('of the project');
});

test('the project has a lock file with the hashes of all platforms of its three providers', () => {
  const text = readFileSync(join(__dirname, '../../../.terraform.lock.hcl'), 'utf8');
  const blocks = text.split('\nprovider ').slice(1);

  expect(blocks.map((block) => /^"registry\.terraform\.io\/(.+?)"/.exec(block)?.[1]).sort()).toEqual(
    Object.values(REQUIRED_PROVIDERS)
      .map(({ source }) => source)
      .sort(),
  );
  // HashiCorp signs a list of zips for at least twelve platforms: https://developer.hashicorp.com/terraform/language/files/dependency-lock
  for (const block of blocks) expect(block.match(/"zh:[0-9a-f]{64}"/g)!.length).toBeGreaterThanOrEqual(12);
});

test('everything else is passed on, its paths from where the user stands', async () => {
  process.env.INIT_CWD = deployment.root;
  deployment.write('x.tfvars', '');

  await runTask(
    deployment,
    'plan',
    '--',
    '-var',
    'environment=a b',
    '--var-file=x.tfvars',
    '-var-file',
    'x.tfvars',
    '-out',
    'my.tfplan',
    '-target=aws_vpc.v',
    '-input=false',
    '-destroy',
  );

  const root = deployment.root;
  expect(deployment.calls.slice(-2)).toEqual([
    'init -input=false',
    `plan -var=environment=a b -var-file=${root}/x.tfvars -var-file=${root}/x.tfvars -out=${root}/my.tfplan -target=aws_vpc.v -input=false -destroy`,
  ]);
});

test("the project's variable files are passed in Terraform's order, before what the command line says", async () => {
  delete process.env.TF_VAR_alert_email;
  delete process.env.TF_VAR_fraud_api_url;
  deployment.write('b.auto.tfvars', 'fraud_api_url="https://fraud.example.internal/check"');
  deployment.write('terraform.tfvars.json', '{"alert_email": "x@example.com"}');
  deployment.write('a.auto.tfvars.json', '{}');
  deployment.write('other.tfvars', '');

  const { code } = await runTask(deployment, 'plan', '-var=environment=x');

  const files = ['terraform.tfvars.json', 'a.auto.tfvars.json', 'b.auto.tfvars'].map(
    (name) => `-var-file=${join(deployment.root, name)}`,
  );
  expect(code).toBe(0);
  expect(deployment.calls.at(-1)).toBe(['plan', ...files, '-var=environment=x'].join(' '));
});

test('the stack is synthesized with the variables of the command line', async () => {
  const file = deployment.write('hold.tfvars', 'on_failed_payment = "hold"');
  await runTask(deployment, 'plan', '--', '-var', 'fraud_api_service_name=none', `-var-file=${file}`);
  expect(deployment.calls).toContain(`synthesize dev fraud_api_service_name=none ${file}`);
});

test('the providers come from a mirror, if there is one', async () => {
  process.env.TF_PLUGIN_MIRROR = '/some/mirror';
  await runTask(deployment, 'plan');
  expect(deployment.calls).toContain('init -plugin-dir=/some/mirror');
});

test('destroy takes the bundle that is there, and needs no variables', async () => {
  delete process.env.TF_VAR_alert_email;
  deployment.isBundled = true;

  await runTask(deployment, 'destroy', '--', '-auto-approve');

  expect(deployment.calls).toEqual([
    'synthesize dev',
    'init',
    'destroy -var=alert_email=nobody@example.invalid -auto-approve',
  ]);
});

test.each([
  ['1', 1],
  ['2', 2],
])("Terraform's exit code %s is kept", async (exit, code) => {
  deployment.terraform({ verb: `exit ${exit}` });
  expect((await runTask(deployment, 'plan', '-detailed-exitcode')).code).toBe(code);
});

test('after an init that failed nothing is applied', async () => {
  deployment.terraform({ init: 'echo "Error: Backend configuration changed" >&2; exit 1' });

  const { code, stdout, stderr } = await runTask(deployment, 'deploy');

  expect({ code, stdout, last: deployment.calls.at(-1) }).toEqual({ code: 1, stdout: '', last: 'init' });
  expect(stderr).toMatch(/Backend configuration changed\n.*TF_CLI_ARGS_init=-migrate-state/);
});

test("advice follows Terraform's own words", async () => {
  deployment.terraform({ verb: 'echo "Error: creating SQS Queue" >&2; exit 1' });

  const { code, stdout, stderr } = await runTask(deployment, 'deploy');

  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    /Error: creating SQS Queue\nWhat was made until then is in the state.*run the same command again/,
  );
});

test('after an interrupt nothing more is begun, even if Terraform got ready first', async () => {
  deployment.terraform({ init: 'trap : TERM; sleep 0.5' });
  const running = runTask(deployment, 'deploy');
  while (!deployment.calls.includes('init')) await setTimeout(10);
  process.emit('SIGTERM');

  expect({ ...(await running), calls: deployment.calls }).toMatchObject({
    code: 130,
    stdout: '',
    calls: ['bundle', 'synthesize dev', 'init'],
  });
});

test('what has succeeded needs no advice', async () => {
  deployment.terraform({ verb: 'echo "Warning: deletion protection" >&2' });
  expect((await runTask(deployment, 'deploy')).stderr).toMatch(/deletion protection\n$/);
});

test('a plan that is saved: how to apply it', async () => {
  process.env.INIT_CWD = '/somewhere';
  expect((await runTask(deployment, 'plan', '-out=x.tfplan')).stderr).toMatch(
    /npx projen deploy -- \/somewhere\/x\.tfplan\n$/,
  );
});

test('the outputs end a deploy, the sensitive ones masked', async () => {
  const { stdout } = await runTask(deployment, 'deploy');

  expect(stdout).toMatch(/queue_url +│ \(sensitive\)[^]*vpc_id +│ vpc-1[^]*output -raw queue_url\n$/);
  expect(stdout).not.toContain('sqs.example');
});

test.each([
  ['with -json: that is for programs', ['-json'], {}],
  ['after everything was destroyed', ['-destroy'], { output: "echo '{}'" }],
])('no table %s', async (_when, args, terraform) => {
  deployment.terraform(terraform);
  expect(await runTask(deployment, 'deploy', ...args)).toMatchObject({ code: 0, stdout: '' });
});

test('an apply has succeeded even if its outputs cannot be read', async () => {
  deployment.terraform({ output: 'echo gone >&2; exit 1' });
  expect(await runTask(deployment, 'deploy')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('outputs cannot be shown: gone'),
  });
});
