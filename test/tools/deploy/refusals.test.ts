import { deployForEachTest, refusal, runTask } from '../../../tools/deploy/fixtures/each-test';
import { EXPIRED_TOKEN, type FakeDeployment } from '../../../tools/deploy/fixtures/fake-deployment';

let deployment: FakeDeployment;

deployForEachTest((fresh) => {
  deployment = fresh;
});

test('Terraform is missing', async () => {
  process.env.TERRAFORM_BINARY = '/no/such/terraform';
  expect(await refusal(deployment, 'deploy')).toMatch(/"\/no\/such\/terraform".*install Terraform 1\.5 or newer/);
});

test.each([
  ['1.4.7', undefined, /1\.4\.7 is too old for this stack: install Terraform 1\.5/],
  ['0.15.5', undefined, /0\.15\.5 is too old/],
  ['1.9.8', 'states', /1\.9\.8 is too old to lock a state in S3: install Terraform 1\.10/],
])('Terraform %s is too old for a state in %p', async (version, bucket, sentence) => {
  if (bucket !== undefined) process.env.TF_STATE_BUCKET = bucket;
  deployment.terraform({ version });
  expect(await refusal(deployment, 'plan')).toMatch(sentence);
});

test.each([
  ['1.5.0', undefined],
  ['1.10.0', 'states'],
  ['2.0.0-alpha1', 'states'],
])('Terraform %s is new enough for a state in %p', async (version, bucket) => {
  if (bucket !== undefined) process.env.TF_STATE_BUCKET = bucket;
  deployment.terraform({ version });
  expect((await runTask(deployment, 'plan')).code).toBe(0);
});

test('Terraform does not tell its version', async () => {
  deployment.terraform({ version: 'unknown' });
  expect(await refusal(deployment, 'plan')).toMatch(/does not tell its version/);
});

test('there are no credentials', async () => {
  delete process.env.AWS_ACCESS_KEY_ID;
  delete process.env.AWS_SECRET_ACCESS_KEY;
  expect(await refusal(deployment, 'deploy')).toMatch(/No AWS credentials.*set AWS_PROFILE/);
});

test('AWS refuses the credentials', async () => {
  deployment.sts.answers(EXPIRED_TOKEN);
  expect(await refusal(deployment, 'deploy')).toMatch(/refuses the credentials \(ExpiredToken.*renew them/);
});

test('AWS cannot be reached', async () => {
  process.env.AWS_ENDPOINT_URL_STS = 'http://127.0.0.1:9';
  expect(await refusal(deployment, 'deploy')).toMatch(/cannot be reached in ap-southeast-1.*AWS_ENDPOINT_URL/);
});

test('the credentials are for another account than was meant', async () => {
  process.env.AWS_ACCOUNT_ID = '999999999999';
  expect(await refusal(deployment, 'deploy')).toMatch(
    /for account 123456789012 \(arn:aws:iam::123456789012:user\/deployer\), but AWS_ACCOUNT_ID is 999999999999/,
  );
});

test('an unknown profile is refused before Terraform or AWS is called, or a variable is read', async () => {
  process.env.TERRAFORM_BINARY = '/no/such/terraform';
  delete process.env.TF_VAR_alert_email;
  expect(await refusal(deployment, 'plan', '--profile', 'prod')).toMatch(
    /^Option '--profile <name>' argument 'prod' is invalid\. Allowed choices are dev, production\. Try --help\.\n$/,
  );
});

test.each(['plan', 'deploy'] as const)('%s without the variables that have no default', async (verb) => {
  delete process.env.TF_VAR_alert_email;
  process.env.TF_VAR_fraud_api_url = ''; // as a workflow leaves it
  deployment.write('terraform.tfvars', '# alert_email = "commented@example.com"\nalert_email_2 = "x"\n');
  expect(await refusal(deployment, verb, '-var=environment=dev')).toMatch(
    /^alert_email and fraud_api_url have no value: .*terraform\.tfvars/,
  );
});

test('only the missing one of the two is named', async () => {
  expect(await refusal(deployment, 'plan', '-var-file=x').catch(String)).toMatch(/no x where -var-file looks/);
  delete process.env.TF_VAR_alert_email;
  expect(await refusal(deployment, 'plan')).toMatch(/^alert_email has no value/);
});

test.each([
  [['a.tfplan', 'b.tfplan'], /One saved plan/],
  [['-var-file'], /-var-file needs a value/],
])('the command line %p', async (args, sentence) => {
  expect(await refusal(deployment, 'deploy', ...args)).toMatch(sentence);
});
