import { TerraformVariable } from 'cdktf';
import { inspect } from 'node:util';
import { FraudApi, GitHubDeployRoles, GitHubDeployRolesPropsError, PaymentPipeline, PaymentPipelinePropsError } from '../../src/index';
import { RULES as ROLE_RULES } from '../../src/infrastructure/github/validation';
import { RULES } from '../../src/infrastructure/prop-rules';
import { evaluate } from '../../tools/kit/embedded/terraform-values';
import { REPOSITORY, STATE_BUCKET, synthesizeRoles } from '../../tools/kit/stacks/deploy-roles';
import { someProps, synthesizePipeline } from '../../tools/kit/stacks/pipeline-props';
import { synthesize, type Template } from '../../tools/kit/stacks/terraform';

/** What Terraform would read as something else: https://developer.hashicorp.com/terraform/language/expressions/strings */
const ODD = ['${x}', '%{x}', '$${x}', '%%{x}', '$$${x}', '${', '%{', '$%{x}%${x}', '${x', '{x}$', 'a"b', String.raw`a\b`, String.raw`a\"b`, '$"{x}', String.raw`\${x}`, '${"x"}', '&{x}'];

const ACCOUNT = 'arn:aws:iam::123456789012';
const KEY = 'arn:aws:kms:ap-southeast-1:123456789012:key/';
const SECRET = 'arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:';
const URL_OF_API = 'https://fraud.example/check';
const SERVICE = 'com.amazonaws.vpce.ap-southeast-1.vpce-svc-0';

/** A value of each prop that takes a text, an odd one in it. */
const PIPELINE: Record<string, { value: (odd: string) => string; props: (value: string) => object }> = {
  'fraudApi.url': { value: (odd) => `${URL_OF_API}?t=${odd}`, props: (url) => ({ fraudApi: FraudApi.url(url) }) },
  'fraudApi.serviceName': { value: (odd) => `${SERVICE}${odd}`, props: (serviceName) => ({ fraudApi: FraudApi.privateLink({ url: URL_OF_API, serviceName }) }) },
  'fraudApi.apiKeySecretArn': { value: (odd) => `${SECRET}key${odd}`, props: (apiKeySecretArn) => ({ fraudApi: FraudApi.url(URL_OF_API, { apiKeySecretArn }) }) },
  'fraudApi.apiKeyKmsKeyArn': {
    value: (odd) => `${KEY}1${odd}`,
    props: (apiKeyKmsKeyArn) => ({ fraudApi: FraudApi.url(URL_OF_API, { apiKeySecretArn: `${SECRET}key`, apiKeyKmsKeyArn }) }),
  },
  alertEmail: { value: (odd) => `on${odd}call@example.com`, props: (alertEmail) => ({ alertEmail }) },
  environment: { value: (odd) => `dev${odd}`, props: (environment) => ({ environment }) },
  profile: { value: (odd) => `dev${odd}`, props: (profile) => ({ profile }) },
  queueName: { value: (odd) => `queue${odd}`, props: (queueName) => ({ queueName }) },
  onFailedPayment: { value: (odd) => `hold${odd}`, props: (onFailedPayment) => ({ onFailedPayment }) },
  deploymentPrincipalArn: { value: (odd) => `${ACCOUNT}:role/${odd}/deployer`, props: (deploymentPrincipalArn) => ({ deploymentPrincipalArn }) },
  permissionsBoundaryArn: { value: (odd) => `${ACCOUNT}:policy/${odd}/boundary`, props: (permissionsBoundaryArn) => ({ permissionsBoundaryArn }) },
  cidrBlock: { value: (odd) => `10.0.0.0/16${odd}`, props: (cidrBlock) => ({ cidrBlock }) },
};

const ROLES: Record<string, (odd: string) => string | string[]> = {
  repository: (odd) => `${REPOSITORY}${odd}`,
  stateBucket: (odd) => `${STATE_BUCKET}${odd}a`,
  stateKey: (odd) => `states/${odd}.tfstate`,
  stateKmsKeyArn: (odd) => `${KEY}1${odd}`,
  branch: (odd) => `main${odd}`,
  environments: (odd) => [`production${odd}`],
  pipelineEnvironment: (odd) => `dev${odd}`,
  queueName: (odd) => `queue${odd}`,
  apiKeySecretArn: (odd) => `${SECRET}key${odd}`,
  oidcProviderArn: (odd) => `${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com${odd}`,
};

/** Every text of a stack, as Terraform reads it; references stay as they are, in angle brackets. */
function textsOf(template: Template): string[] {
  const texts = (value: unknown): string[] => {
    if (typeof value === 'string') return [value];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, item]) => (key === '//' ? [] : texts(item)));
  };
  return texts(template.json)
    .filter((text) => !/\$\{(?:jsonencode|coalesce|element)\(/.test(text))
    .map((text) => String(evaluate(text, (path) => `<${path.join('.')}>`)));
}

/** Either nothing was made of it and the message names it, or Terraform reads it as it was given. */
function isRefusedOrRead(refusal: typeof PaymentPipelinePropsError | typeof GitHubDeployRolesPropsError, prop: string, value: string | string[], build: () => Template) {
  let template: Template;
  try {
    template = build();
  } catch (error) {
    expect(error).toBeInstanceOf(refusal);
    expect((error as Error).message).toContain(`\n- ${prop} is ${inspect(value)}, but must `);
    return 'refused';
  }
  expect(textsOf(template)).toEqual(expect.arrayContaining([expect.stringContaining([value].flat()[0]!)]));
  return 'read';
}

describe.each(Object.entries(PIPELINE))('%s of a pipeline', (prop, { value, props }) => {
  test.each(ODD)('%s is refused, or read as it was given', (odd) => {
    isRefusedOrRead(PaymentPipelinePropsError, prop, value(odd), () => synthesizePipeline(props(value(odd))));
  });
});

describe.each(Object.entries(ROLES))('%s of the deploy roles', (prop, value) => {
  test.each(ODD)('%s is refused, or read as it was given', (odd) => {
    isRefusedOrRead(GitHubDeployRolesPropsError, prop, value(odd), () => synthesizeRoles({ [prop]: value(odd) }));
  });
});

test('every prop that takes a text was tried', () => {
  const takesNoText = ['lambdaMemory', 'visibilityTimeout', 'dlqRetentionDays', 'maxReceiveCount', 'maxConcurrency', 'reserveConcurrency', 'groupConcurrency', 'logRetentionDays'];
  expect([...Object.keys(PIPELINE), ...takesNoText].sort()).toEqual(Object.keys(RULES).sort());
  expect(Object.keys(ROLES).sort()).toEqual(Object.keys(ROLE_RULES).sort());
});

test('a policy variable of IAM in the key of the state is refused: the provider makes "${" of "&{", which would open other states', () => {
  expect(() => synthesizeRoles({ stateKey: 'states/&{aws:username}' })).toThrow(GitHubDeployRolesPropsError);
});

const urlOf = (template: Template) =>
  (template.resource('aws_lambda_function', 'payments_payment_processor').environment as { variables: Record<string, string> }).variables.FRAUD_API_URL;

test('the URL is escaped as Terraform documents it', () => {
  const url = (given: string) => urlOf(synthesizePipeline({ fraudApi: FraudApi.url(given) }));
  expect(url('https://h/check?t=${tenant}')).toBe('https://h/check?t=$${tenant}');
  expect(url('https://h/check?t=%{tenant}')).toBe('https://h/check?t=%%{tenant}');
  expect(url('https://h/100%/$5?t={x}')).toBe('https://h/100%/$5?t={x}');
});

test.each(ODD)('%s beside a variable is read as it was given, and the variable as a variable', (odd) => {
  const template = synthesize((stack) => {
    const [host, tenant] = ['host', 'tenant'].map((name) => new TerraformVariable(stack, name, {}).stringValue) as [string, string];
    new PaymentPipeline(stack, 'payments', someProps({ fraudApi: FraudApi.privateLink({ url: `https://${host}/${odd}${tenant}${odd}`, serviceName: SERVICE }) }));
  });
  expect(evaluate(urlOf(template), (path) => `<${path.join('.')}>`)).toBe(`https://<var.host>/${odd}<var.tenant>${odd}`);
});

test('a variable in one prop and an odd text in another, of the deploy roles', () => {
  const template = synthesize((stack) => {
    const stateBucket = new TerraformVariable(stack, 'bucket', {}).stringValue;
    new GitHubDeployRoles(stack, 'github', { repository: REPOSITORY, stateBucket, stateKey: 'a%{b}' });
  });
  expect(textsOf(template)).toContain('arn:aws:s3:::<var.bucket>/a%{b}');
});

test("the host of a private API is that of the URL, whatever follows it", () => {
  const fraudApi = FraudApi.privateLink({ url: 'https://fraud.example:443/a"${b}', serviceName: SERVICE });
  expect(synthesizePipeline({ fraudApi }).resource('aws_route53_zone', 'payments_network_fraud_api_zone').name).toBe('fraud.example');
});
