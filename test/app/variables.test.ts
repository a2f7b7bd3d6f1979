import { runInNewContext } from 'node:vm';
import {
  alertEmailRule,
  deploymentPrincipalArnRule,
  dlqRetentionDaysRule,
  environmentRule,
  fraudApiUrlRule,
  lambdaMemoryRule,
  permissionsBoundaryArnRule,
  visibilityTimeoutRule,
} from '../../src/infrastructure/prop-rules';
import { readTemplate } from '../../tools/kit/stacks/stacks';

interface Variable {
  readonly type: string;
  readonly default?: unknown;
  readonly description: string;
  readonly validation?: readonly { readonly condition: string; readonly error_message: string }[];
}

const template = readTemplate('deployed');
const variables = template.json.variable as Record<string, Variable>;

const NO_FRAUD_API = 'https://fraud.invalid/check';

/** What Terraform would say to a value: the messages of the validations that it fails. */
function refusals(name: string, value: unknown): string[] {
  const failed = (variables[name]?.validation ?? []).filter(({ condition }) => {
    const expression = /^\$\{(.*)\}$/s.exec(condition)![1]!.replaceAll(`var.${name}`, 'value');
    return !runInNewContext(expression, { value, ...TERRAFORM_FUNCTIONS });
  });
  return failed.map(({ error_message }) => error_message);
}

/** Those that the conditions call. `regex` fails where it finds nothing, and `can` is whether something did not fail. */
const TERRAFORM_FUNCTIONS = {
  floor: Math.floor,
  can: (found: boolean) => found,
  regex: (pattern: string, text: string) => new RegExp(pattern).test(text),
};

test.each([
  'environment',
  'lambda_memory',
  'sqs_visibility_timeout',
  'dlq_retention_days',
  'deployment_principal_arn',
  'permissions_boundary_arn',
])('the default of %s is accepted', (name) => {
  expect(refusals(name, variables[name]?.default)).toEqual([]);
});

test('the fraud API has to be named: the default is refused, and says so', () => {
  expect(refusals('fraud_api_url', NO_FRAUD_API)).toEqual([
    'fraud_api_url has to be set to the URL of your fraud API.',
  ]);
});

const DEPLOYER = 'arn:aws:iam::123456789012:role/deployer';

test.each([
  {
    name: 'environment',
    rule: environmentRule,
    accepts: ['d', 'prod-2', 'a'.repeat(32)],
    refuses: ['', 'Dev', '2dev', 'a'.repeat(33), 'dev\n'],
  },
  {
    name: 'alert_email',
    rule: alertEmailRule,
    accepts: ['oncall@example.com'],
    refuses: ['', 'oncall', 'oncall@example', 'a b@example.com'],
  },
  { name: 'lambda_memory', rule: lambdaMemoryRule, accepts: [128, 10_240], refuses: [127, 10_241, 256.5] },
  {
    name: 'sqs_visibility_timeout',
    rule: visibilityTimeoutRule,
    accepts: [360, 43_200],
    refuses: [359, 43_201, 400.5],
  },
  { name: 'dlq_retention_days', rule: dlqRetentionDaysRule, accepts: [5, 14], refuses: [4, 15, 7.5] },
  {
    name: 'fraud_api_url',
    rule: fraudApiUrlRule,
    accepts: ['https://fraud.example:443/a?b#c'],
    refuses: ['', 'http://fraud.example', 'https://a:b@fraud.example', 'https://fraud.example:8443'],
  },
  {
    name: 'deployment_principal_arn',
    rule: deploymentPrincipalArnRule,
    accepts: [DEPLOYER],
    refuses: ['deployer', `${DEPLOYER} `, 'arn:aws:sts::123456789012:assumed-role/x/y'],
  },
  {
    name: 'permissions_boundary_arn',
    rule: permissionsBoundaryArnRule,
    accepts: ['arn:aws:iam::123456789012:policy/boundary'],
    refuses: ['boundary', 'arn:aws:iam::123456789012:role/boundary'],
  },
])('$name: Terraform accepts and refuses what the construct does', ({ name, rule, accepts, refuses }) => {
  for (const value of accepts) expect([value, rule.allows(value), refusals(name, value)]).toEqual([value, true, []]);
  const refusal = expect.stringMatching(`^${name} must be .+\\.$`) as string;
  for (const value of refuses)
    expect([value, rule.allows(value), refusals(name, value)]).toEqual([value, false, [refusal]]);
});

test('there may be said to be no boundary', () => {
  expect(refusals('permissions_boundary_arn', 'none')).toEqual([]);
  const roles = Object.values(template.json.resource.aws_iam_role!);
  const boundaries = new Set(roles.map(({ permissions_boundary }) => permissions_boundary));
  expect([...boundaries]).toEqual([
    '${(var.permissions_boundary_arn == "none") ? null : var.permissions_boundary_arn}',
  ]);
});

test('who deploys may be said to be the root, without its ARN', () => {
  expect(refusals('deployment_principal_arn', 'root')).toEqual([]);
  expect(refusals('deployment_principal_arn', 'deployer')).toEqual([
    expect.stringContaining('must be "root", or the ARN of an IAM role or user'),
  ]);
});
