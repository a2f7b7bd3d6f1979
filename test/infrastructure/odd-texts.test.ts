import { TerraformVariable } from 'cdktf';
import { inspect } from 'node:util';
import {
  FraudApi,
  GitHubDeployRoles,
  GitHubDeployRolesPropsError,
  PaymentPipeline,
  PaymentPipelinePropsError,
} from '../../src/index';
import { PROPS as ROLE_PROPS } from '../../src/infrastructure/github/validation';
import { FRAUD_API_PROPS } from '../../src/infrastructure/fraud-api-props';
import { type PipelineRow, PROPS } from '../../src/infrastructure/prop-definitions';
import { withDefaults } from '../../src/infrastructure/prop-table';
import { evaluate } from '../../tools/kit/stacks/evaluate';
import { REPOSITORY, STATE_BUCKET } from '../../tools/kit/stacks/deploy-roles';
import { someProps } from '../../tools/kit/stacks/pipeline-props';
import { synthesize, synthesizePipeline, synthesizeRoles } from '../../tools/kit/stacks/synthesize';
import type { Template } from '../../tools/kit/stacks/template';

/** Texts that Terraform would read as something else: https://developer.hashicorp.com/terraform/language/expressions/strings */
const ODD = [
  '${x}',
  '%{x}',
  '$${x}',
  '%%{x}',
  '$$${x}',
  '${',
  '%{',
  '$%{x}%${x}',
  '${x',
  '{x}$',
  'a"b',
  String.raw`a\b`,
  String.raw`a\"b`,
  '$"{x}',
  String.raw`\${x}`,
  '${"x"}',
  '&{x}',
];

const ACCOUNT = 'arn:aws:iam::123456789012';
const KEY = 'arn:aws:kms:ap-southeast-1:123456789012:key/';
const SECRET = 'arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:';
const URL_OF_API = 'https://fraud.example/check';
const SERVICE = 'com.amazonaws.vpce.ap-southeast-1.vpce-svc-0';

/** A value of each prop that takes a text, an odd one in it. */
const PIPELINE: Record<string, (odd: string) => string | string[]> = {
  'fraudApi.url': (odd) => `${URL_OF_API}?t=${odd}`,
  'fraudApi.serviceName': (odd) => `${SERVICE}${odd}`,
  'fraudApi.availabilityZones': (odd) => [`ap-southeast-1a${odd}`],
  'fraudApi.apiKeySecretArn': (odd) => `${SECRET}key${odd}`,
  'fraudApi.apiKeyKmsKeyArn': (odd) => `${KEY}1${odd}`,
  alertEmail: (odd) => `on${odd}call@example.com`,
  environment: (odd) => `dev${odd}`,
  profile: (odd) => `dev${odd}`,
  queueName: (odd) => `queue${odd}`,
  lambdaRuntime: (odd) => `nodejs22.x${odd}`,
  auditLock: (odd) => `none${odd}`,
  onFailedPayment: (odd) => `hold${odd}`,
  outcomes: (odd) => `topic${odd}`,
  deploymentPrincipalArn: (odd) => `${ACCOUNT}:role/${odd}/deployer`,
  permissionsBoundaryArn: (odd) => `${ACCOUNT}:policy/${odd}/boundary`,
  cidrBlock: (odd) => `10.0.0.0/16${odd}`,
};

const ROLES: Record<string, (odd: string) => string | string[]> = {
  repository: (odd) => `${REPOSITORY}${odd}`,
  stateBucket: (odd) => `${STATE_BUCKET}${odd}a`,
  stateKey: (odd) => `states/${odd}.tfstate`,
  stateKmsKeyArn: (odd) => `${KEY}1${odd}`,
  branch: (odd) => `main${odd}`,
  environments: (odd) => [`production${odd}`],
  planWorkflows: (odd) => [`plan${odd}.yml`],
  applyWorkflows: (odd) => [`apply${odd}.yml`],
  pipelineEnvironment: (odd) => `dev${odd}`,
  queueName: (odd) => `queue${odd}`,
  apiKeySecretArn: (odd) => `${SECRET}key${odd}`,
  vpcId: (odd) => `vpc-1${odd}`,
  privateLinkHost: (odd) => `fraud${odd}.example`,
  oidcProviderArn: (odd) => `${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com${odd}`,
};

const PARTITION = '${element(split(":", data.aws_caller_identity.current.arn), 1)}';

/** Every text of a stack, as Terraform reads it; references stay as they are, in angle brackets. */
function textsOf(template: Template): string[] {
  const texts = (value: unknown): string[] => {
    if (typeof value === 'string') return [value];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([key, item]) => (key === '//' ? [] : texts(item)));
  };
  return texts(template.json)
    .map((text) => text.replaceAll(PARTITION, 'aws'))
    .filter((text) => !/\$\{(?:jsonencode|coalesce|compact|element|\(?length|join\(", ", setsubtract)\(/.test(text))
    .map((text) => String(evaluate(text, (path) => `<${path.join('.')}>`)));
}

type Texts = Readonly<Record<string, string | string[]>>;

function pipelineOf(texts: Texts): Template {
  const {
    'fraudApi.url': url = URL_OF_API,
    'fraudApi.serviceName': serviceName = SERVICE,
    'fraudApi.availabilityZones': availabilityZones = ['ap-southeast-1a'],
    'fraudApi.apiKeySecretArn': apiKeySecretArn = `${SECRET}key`,
    'fraudApi.apiKeyKmsKeyArn': apiKeyKmsKeyArn = `${KEY}1`,
    ...props
  } = texts as Record<string, string> & { 'fraudApi.availabilityZones'?: string[] };
  return synthesizePipeline({
    fraudApi: FraudApi.privateLink({ url, serviceName, availabilityZones, apiKeySecretArn, apiKeyKmsKeyArn }),
    ...props,
  });
}

/** Props whose text is refused when all are given at once: the error names them with their values. */
function refusedOf(
  texts: Texts,
  Refusal: typeof PaymentPipelinePropsError | typeof GitHubDeployRolesPropsError,
  build: (texts: Texts) => Template,
): string[] {
  try {
    build(texts);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(Refusal);
    const named = (error as Error).message.split('\n- ').slice(1);
    return Object.keys(texts).filter((prop) =>
      named.some((fault) => fault.startsWith(`${prop} is ${inspect(texts[prop])}, but must `)),
    );
  }
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe.each([
  ['a pipeline', PIPELINE, PaymentPipelinePropsError, pipelineOf],
  ['the deploy roles', ROLES, GitHubDeployRolesPropsError, (texts: Texts) => synthesizeRoles(texts)],
] as const)('in each prop of %s', (_of, values, Refusal, build) => {
  /** The odd texts that each prop accepts. */
  const accepted = new Map<string, string[]>(Object.keys(values).map((prop) => [prop, []]));

  test.each(ODD)('%s is refused with its value, or accepted', (odd) => {
    const texts = Object.fromEntries(Object.entries(values).map(([prop, value]) => [prop, value(odd)]));
    const refused = refusedOf(texts, Refusal, build);
    for (const prop of Object.keys(texts)) if (!refused.includes(prop)) accepted.get(prop)!.push(odd);
  });

  test('what is accepted is read as it was given', () => {
    const given = [...accepted].filter(([, odds]) => odds.length > 0);
    expect(given.length).toBeGreaterThan(0);
    const texts = Object.fromEntries(given.map(([prop, odds]) => [prop, values[prop]!(odds.join('/'))]));
    const read = textsOf(build(texts));
    expect(
      Object.values(texts)
        .flat()
        .filter((text) => !read.some((one) => one.includes(text))),
    ).toEqual([]);
  });
});

test('every prop that takes a text was tested', () => {
  const defaults = new Map(Object.entries(withDefaults(PROPS, {})));
  const takeText = Object.entries<PipelineRow>(PROPS)
    .filter(
      ([prop, { rule }]) =>
        rule !== undefined &&
        !('classes' in rule) &&
        !rule.wanted.startsWith('a whole number') &&
        !['number', 'boolean', 'object'].includes(typeof defaults.get(prop)),
    )
    .map(([prop]) => prop);
  const { 'fraudApi.adapter': _path, ...textsOfApi } = FRAUD_API_PROPS; // Terraform gets no path of the machine
  expect(Object.keys(PIPELINE).sort()).toEqual([...takeText, ...Object.keys(textsOfApi)].sort());
  const { compositeAlarms: _, tablePolicy: __, protectEvidence: ___, ...textsOfRoles } = ROLE_PROPS;
  expect(Object.keys(ROLES).sort()).toEqual(Object.keys(textsOfRoles).sort());
});

test('a policy variable of IAM in the key of the state is refused: the provider makes "${" of "&{", which would open other states', () => {
  expect(() => synthesizeRoles({ stateKey: 'states/&{aws:username}' })).toThrow(GitHubDeployRolesPropsError);
});

const urlOf = (template: Template) =>
  (
    template.resource('aws_lambda_function', 'payments_payment_processor').environment as {
      variables: Record<string, string>;
    }
  ).variables.FRAUD_API_URL;

test('the URL is escaped as Terraform documents it', () => {
  const fraudApi = FraudApi.url('https://h/${tenant}/%{tenant}/100%/$5?t={x}');
  expect(urlOf(synthesizePipeline({ fraudApi }))).toBe('https://h/$${tenant}/%%{tenant}/100%/$5?t={x}');
});

test('odd texts beside variables are read as they were given, and the variables as variables', () => {
  jest.spyOn(console, 'warn').mockReturnValue(); // cdktf doubts that it escapes such a text rightly
  const pathOf = (tenant: string) => ODD.map((odd) => `${odd}${tenant}${odd}`).join('/');
  const template = synthesize((stack) => {
    const variable = (name: string) => new TerraformVariable(stack, name, {}).stringValue;
    const url = `https://${variable('host')}/${pathOf(variable('tenant'))}`;
    new PaymentPipeline(
      stack,
      'payments',
      someProps({ fraudApi: FraudApi.privateLink({ url, serviceName: SERVICE }) }),
    );
  });
  expect(evaluate(urlOf(template), (path) => `<${path.join('.')}>`)).toBe(
    `https://<var.host>/${pathOf('<var.tenant>')}`,
  );
});

test('a variable in one prop and an odd text in another, of the deploy roles', () => {
  const template = synthesize((stack) => {
    const stateBucket = new TerraformVariable(stack, 'bucket', {}).stringValue;
    new GitHubDeployRoles(stack, 'github', { repository: REPOSITORY, stateBucket, stateKey: 'a%{b}' });
  });
  expect(textsOf(template)).toContain('arn:aws:s3:::<var.bucket>/a%{b}');
});

test('the host of a private API is that of the URL, with any path behind it', () => {
  const fraudApi = FraudApi.privateLink({ url: 'https://fraud.example:443/a"${b}', serviceName: SERVICE });
  expect(synthesizePipeline({ fraudApi }).resource('aws_route53_zone', 'payments_network_fraud_api_zone').name).toBe(
    'fraud.example',
  );
});
