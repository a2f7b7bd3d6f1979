import { TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { GitHubDeployRoles, type GitHubDeployRolesProps, GitHubDeployRolesPropsError } from '../../../src/index';
import { addBackend } from '../../../src/app/backend';
import { PROPS } from '../../../src/infrastructure/github/validation';
import { REPOSITORY, STATE_BUCKET } from '../../../tools/kit/stacks/deploy-roles';
import { readTemplate } from '../../../tools/kit/stacks/stacks';
import { synthesize, templateOf, testApp } from '../../../tools/kit/stacks/synthesize';
import { statementsOf } from '../../../tools/kit/stacks/template';
import { ReadableIdStack } from '../../../src/app/readable-id-stack';

const PROVIDER = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com';

function faultsOf(props: Readonly<Record<string, unknown>>, scope?: Construct): string[] {
  try {
    const make = (stack: Construct) =>
      new GitHubDeployRoles(stack, 'github', props as unknown as GitHubDeployRolesProps);
    if (scope === undefined) synthesize(make);
    else make(scope);
    return [];
  } catch (error) {
    if (error instanceof GitHubDeployRolesPropsError) return error.message.split('\n- ').slice(1);
    throw error;
  }
}

/** Names of the props that are refused. */
function refused(props: Readonly<Record<string, unknown>>): string[] {
  return faultsOf({ repository: REPOSITORY, stateBucket: STATE_BUCKET, ...props, noSuchProp: true })
    .map((fault) => fault.replace(/ .*/s, ''))
    .filter((prop) => prop !== 'noSuchProp');
}

test('every bad prop is reported at once, with its value and the rule', () => {
  const wrong = {
    repository: 'example/*',
    stateBucket: 'States',
    stateKey: '*',
    stateKmsKeyArn: 'alias/states',
    branch: 'feature/*',
    environments: [],
    planWorkflows: ['.github/workflows/plan.yml'],
    applyWorkflows: ['apply*.yml'],
    pipelineEnvironment: 'Dev',
    queueName: 'payments.fifo',
    apiKeySecretArn: 'fraud-api-key',
    privateLinkHost: 'https://fraud.example',
    vpcId: 'payments',
    compositeAlarms: 'yes',
    tablePolicy: 'no',
    protectEvidence: 'yes',
    oidcProviderArn: 'arn:aws:iam::123456789012:oidc-provider/token.example.com',
    branches: ['main'],
  };
  const faults = faultsOf(wrong);
  expect(faults).toContain(
    "repository is 'example/*', but must be one repository, as OWNER/NAME, or OWNER@ID/NAME@ID with the numbers that GitHub gave them",
  );
  expect(faults).toContain(
    "environments is [], but must be one or more names of GitHub's environments, of letters, digits and ._-",
  );
  expect(faults).toContain("branches is [ 'main' ], but must be left out: the deploy roles have no such prop");
  expect(faults.map((fault) => fault.replace(/ .*/s, '')).sort()).toEqual(Object.keys(wrong).sort());
  expect(Object.keys(wrong)).toEqual(expect.arrayContaining(Object.keys(PROPS)));
});

test('a required prop that is missing is reported as undefined', () => {
  expect(faultsOf({}).map((fault) => fault.replace(/, but.*/, ''))).toEqual([
    'repository is undefined',
    'stateBucket is undefined',
  ]);
});

test.each<{ prop: keyof GitHubDeployRolesProps; allowed: unknown[]; refuses: unknown[] }>([
  {
    prop: 'repository',
    allowed: ['a/b', 'example/pay.ments_2', 'example@12/payments@34'],
    refuses: [
      '',
      'payments',
      'a/b/c',
      '*/payments',
      'example/*',
      'example/pay?',
      'example@12/payments',
      'example/payments@34',
      'https://github.com/a/b',
      'a/b:ref',
      7,
    ],
  },
  { prop: 'branch', allowed: ['main', 'release/2.1'], refuses: ['', '*', 'refs/*', 'a b', '-main', '/main', 'main:x'] },
  {
    prop: 'environments',
    allowed: [['prod'], ['a', 'b.c_d-e']],
    refuses: [[], 'production', ['*'], [''], ['a b'], ['a:b'], [7], null],
  },
  {
    prop: 'planWorkflows',
    allowed: [['plan.yml'], ['a.yaml', 'b-c_d.e.yml']],
    refuses: [[], 'plan.yml', ['*.yml'], ['plan'], ['a/plan.yml'], [7]],
  },
  {
    prop: 'stateKey',
    allowed: ['a', 'payments/prod.tfstate'],
    refuses: ['', '*', 'a/*', 'a?', '/a', '${aws:username}'],
  },
  {
    prop: 'oidcProviderArn',
    allowed: [PROVIDER],
    refuses: ['', `${PROVIDER}/other`, PROVIDER.replace('githubusercontent', 'example')],
  },
])('$prop: the limits', ({ prop, allowed, refuses }) => {
  for (const value of allowed) expect([value, ...refused({ [prop]: value })]).toEqual([value]);
  for (const value of refuses) expect([value, ...refused({ [prop]: value })]).toEqual([value, prop]);
});

test('a value that only Terraform knows is passed over, and Terraform takes the numbers off the name', () => {
  const template = synthesize((stack) => {
    const text = new TerraformVariable(stack, 'anything', {}).stringValue;
    const valueOf = (prop: string) => (/^environments$|Workflows$/.test(prop) ? [text] : text);
    const props = Object.fromEntries(Object.keys(PROPS).map((prop) => [prop, valueOf(prop)]));
    expect(faultsOf(props, stack)).toEqual([]);
  });
  const [trust] = statementsOf(template, 'github_plan_trust');
  const repository = trust!.condition!.find(({ variable }) => variable.endsWith(':repository'));
  expect(repository!.values).toEqual(['${replace(var.anything, "/@[0-9]+/", "")}']);
});

test('the state is by default where the stack of this project keeps it', () => {
  const stack = new ReadableIdStack(testApp(), 'test');
  addBackend(stack, { TF_STATE_BUCKET: STATE_BUCKET });
  const { backend } = templateOf(stack).json.terraform as { backend: { s3: { key: string; use_lockfile: boolean } } };
  expect(backend.s3).toMatchObject({
    key: PROPS.stateKey.default,
    use_lockfile: true,
  });
});

test('makes no provider, backend, variable or output', () => {
  const template = readTemplate('roles');
  expect(Object.keys(template.json.provider as object).sort()).toEqual(['archive', 'aws', 'random']); // the test's own
  expect(template.json).not.toHaveProperty('variable');
  expect(template.json).not.toHaveProperty('output');
});
