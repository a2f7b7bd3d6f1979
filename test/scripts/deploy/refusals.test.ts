import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { terraformTask, type Verb } from '../../../scripts/deploy/terraform-task';
import { run } from '../command-run';
import { EXPIRED_TOKEN, FakeDeployment, isolateEnvironment } from './fake-deployment';

const environment = { ...process.env };
let deployment: FakeDeployment;

beforeEach(async () => {
  isolateEnvironment();
  deployment = new FakeDeployment();
  await deployment.start();
});

afterEach(async () => {
  await deployment.sts.stop();
  process.env = { ...environment };
});

/** The one sentence of a command that did not touch anything. */
async function refusal(verb: Verb, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(terraformTask(verb, 'help', deployment.project), '--', ...args);
  expect({ code, stdout, calls: deployment.calls }).toEqual({ code: 2, stdout: '', calls: [] });
  expect(stderr.trim().split('\n')).toHaveLength(1);
  return stderr;
}

test('Terraform is missing', async () => {
  process.env.TERRAFORM_BINARY = '/no/such/terraform';
  expect(await refusal('apply')).toMatch(/"\/no\/such\/terraform".*install Terraform 1\.5 or newer/);
});

test.each([
  ['1.4.7', undefined, /1\.4\.7 is too old for this stack: install Terraform 1\.5/],
  ['0.15.5', undefined, /0\.15\.5 is too old/],
  ['1.9.8', 'states', /1\.9\.8 is too old to lock a state in S3: install Terraform 1\.10/],
])('Terraform %s is too old for a state in %p', async (version, bucket, sentence) => {
  if (bucket !== undefined) process.env.TF_STATE_BUCKET = bucket;
  deployment.terraform({ version });
  expect(await refusal('plan')).toMatch(sentence);
});

test.each([['1.5.0', undefined], ['1.10.0', 'states'], ['2.0.0-alpha1', 'states']])('Terraform %s is new enough for a state in %p', async (version, bucket) => {
  if (bucket !== undefined) process.env.TF_STATE_BUCKET = bucket;
  deployment.terraform({ version });
  expect((await run(terraformTask('plan', '', deployment.project))).code).toBe(0);
});

test('Terraform does not tell its version', async () => {
  deployment.terraform({ version: 'unknown' });
  expect(await refusal('plan')).toMatch(/does not tell its version/);
});

test('there are no credentials', async () => {
  delete process.env.AWS_ACCESS_KEY_ID;
  expect(await refusal('apply')).toMatch(/no AWS credentials.*set AWS_PROFILE/);
});

test('AWS refuses the credentials', async () => {
  deployment.sts.answers(EXPIRED_TOKEN);
  expect(await refusal('apply')).toMatch(/refuses the credentials \(ExpiredToken.*renew them/);
});

test('AWS cannot be reached', async () => {
  process.env.AWS_ENDPOINT_URL_STS = 'http://127.0.0.1:9';
  expect(await refusal('apply')).toMatch(/cannot be reached in ap-southeast-1.*AWS_ENDPOINT_URL/);
});

test('the credentials are for another account than was meant', async () => {
  process.env.AWS_ACCOUNT_ID = '999999999999';
  expect(await refusal('apply')).toMatch(/for account 123456789012 \(arn:aws:iam::123456789012:user\/deployer\), but AWS_ACCOUNT_ID is 999999999999/);
});

test.each(['plan', 'apply'] as const)('%s without the variables that have no default', async (verb) => {
  delete process.env.TF_VAR_alert_email;
  process.env.TF_VAR_fraud_api_url = ''; // as a workflow leaves it
  deployment.write('terraform.tfvars', '# alert_email = "commented@example.com"\nalert_email_2 = "x"\n');
  expect(await refusal(verb, '-var=environment=dev')).toMatch(/^alert_email and fraud_api_url have no value: .*terraform\.tfvars/);
});

test('one of the two is said to be missing alone', async () => {
  expect(await refusal('plan', '-var-file=x').catch(String)).toMatch(/no x where -var-file looks/);
  delete process.env.TF_VAR_alert_email;
  expect(await refusal('plan')).toMatch(/^alert_email has no value/);
});

test.each([[['a.tfplan', 'b.tfplan'], /One saved plan/], [['-var-file'], /-var-file needs a value/]])('the command line %p', async (args, sentence) => {
  expect(await refusal('apply', ...args)).toMatch(sentence);
});

describe('a saved plan', () => {
  const ZIP = '{"data": {"archive_file": {"code": {"output_path": "assets/code.zip"}}}}'; // and the stack's own file, too

  const bring = (...files: string[]) => {
    for (const file of files) {
      mkdirSync(join(deployment.stack, file, '..'), { recursive: true });
      writeFileSync(join(deployment.stack, file), ZIP);
    }
  };

  test('that is not there', async () => {
    expect(await refusal('apply', 'none.tfplan')).toMatch(/There is no plan .*none\.tfplan.*npx projen plan -- -out=FILE/);
  });

  test('is for deploy alone', async () => {
    expect(await refusal('destroy', 'my.tfplan')).toMatch(/Only deploy takes a saved plan/);
  });

  test.each([
    [[], /without cdk\.tf\.json:/],
    [['cdk.tf.json'], /without \.terraform\.lock\.hcl, assets\/code\.zip: bring the whole directory/],
    [['cdk.tf.json', '.terraform.lock.hcl'], /without assets\/code\.zip:/],
  ])('that came with no more than %p', async (files, sentence) => {
    bring(...files);
    expect(await refusal('apply', deployment.write('my.tfplan', ''))).toMatch(sentence);
  });

  /** As Terraform shows a plan that uploads a zip, or leaves it. */
  const planOf = (zip: string, action = 'update') => {
    const after = { filename: 'assets/code.zip', source_code_hash: createHash('sha256').update(zip).digest('base64') };
    return JSON.stringify({ resource_changes: [{ type: 'aws_lambda_function', change: { actions: [action], after } }] });
  };

  test('that was made for other code than there is now is not applied', async () => {
    bring('cdk.tf.json', '.terraform.lock.hcl', 'assets/code.zip');
    deployment.terraform({ show: `echo '${planOf('other code')}'` });

    const { code, stderr } = await run(terraformTask('apply', '', deployment.project), deployment.write('my.tfplan', ''));

    expect({ code, calls: deployment.calls }).toEqual({ code: 2, calls: ['init -lockfile=readonly'] });
    expect(stderr).toMatch(/code has changed since the plan was made \(assets\/code\.zip\).*npx projen plan -- -out=FILE/);
  });

  test.each([
    ['uploads what there is now', `echo '${planOf(ZIP)}'`],
    ['uploads nothing', `echo '${planOf('other code', 'no-op')}'`],
    ['Terraform cannot show, which says best why', 'exit 1'],
  ])('that %s is applied', async (_what, show) => {
    bring('cdk.tf.json', '.terraform.lock.hcl', 'assets/code.zip');
    deployment.terraform({ show });
    const plan = deployment.write('my.tfplan', '');

    expect((await run(terraformTask('apply', '', deployment.project), plan)).code).toBe(0);
    expect(deployment.calls.at(-1)).toBe(`apply ${plan}`);
  });

  test('with all that it needs is applied as it is, without anything built and without variables', async () => {
    bring('cdk.tf.json', '.terraform.lock.hcl', 'assets/code.zip');
    deployment.write('terraform.tfvars', 'alert_email = "x@example.com"');
    const plan = deployment.write('my.tfplan', '');

    const { code, stderr } = await run(terraformTask('apply', '', deployment.project), '-input=false', plan);

    expect({ code, calls: deployment.calls }).toEqual({ code: 0, calls: ['init -input=false -lockfile=readonly', `apply -input=false ${plan}`] });
    expect(stderr).toContain('as planned');
  });
});
