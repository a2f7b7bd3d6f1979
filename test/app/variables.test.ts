import { runInNewContext } from 'node:vm';
import { PROVIDER_SETTINGS } from '../../src/app/variables';
import { FRAUD_API_PROPS } from '../../src/infrastructure/fraud-api-props';
import { type PipelineRow, PROPS } from '../../src/infrastructure/prop-definitions';
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

/** Terraform's messages for a value: those of the validations that it fails. */
function refusals(name: string, value: unknown): string[] {
  const failed = (variables[name]?.validation ?? []).filter(({ condition }) => {
    const expression = /^\$\{(.*)\}$/s.exec(condition)![1]!.replaceAll(`var.${name}`, 'value');
    return !runInNewContext(expression, { value, ...TERRAFORM_FUNCTIONS });
  });
  return failed.map(({ error_message }) => error_message);
}

/** The functions that the conditions call. `regex` fails without a match, and `can` is whether its argument did not fail. */
const TERRAFORM_FUNCTIONS = {
  floor: Math.floor,
  can: (found: boolean) => found,
  regex: (pattern: string, text: string) => new RegExp(pattern).test(text),
  contains: (values: readonly unknown[], value: unknown) => values.includes(value),
};

const ALL_ROWS = Object.values<PipelineRow>({ ...PROPS, ...FRAUD_API_PROPS, ...PROVIDER_SETTINGS }).filter(
  ({ variable }) => variable,
);
/** Those whose values only Terraform knows. */
const ROWS = ALL_ROWS.filter(({ variable }) => variable!.atSynthesis !== true);

test('there are those of the table of props, and no others', () => {
  expect(Object.keys(variables).sort()).toEqual(ALL_ROWS.map(({ variable }) => variable!.name).sort());
});

test.each(ALL_ROWS.filter((row) => !ROWS.includes(row)).map(({ variable }) => variable!.name))(
  '%s is read at synthesis: Terraform takes the value that was read, and no other',
  (name) => {
    expect(refusals(name, variables[name]!.default)).toEqual([]);
    expect(refusals(name, 'another')).toEqual([
      `${name} is read at synthesis, and the stack has another value: synthesize it again.`,
    ]);
  },
);

test.each([
  'environment',
  'lambda_memory',
  'sqs_visibility_timeout',
  'dlq_retention_days',
  'max_concurrency',
  'group_concurrency',
  'region',
  'owner',
  'compliance',
  'data_classification',
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

/** Values at the edges of one rule or another. */
const EDGES = {
  number: [
    ...[0, 1, 2, 4, 5, 7.5, 14, 15, 127, 128, 256.5, 359, 360, 400.5, 1_000, 1_001, 10_240, 10_241, 43_200, 43_201],
  ],
  string: [
    ...[
      '',
      'd',
      'prod-2',
      'a'.repeat(32),
      'a'.repeat(33),
      'Dev',
      '2dev',
      'dev\n',
      'oncall@example.com',
      'oncall@example',
    ],
    ...['a b@example.com', 'https://fraud.example:443/a?b#c', 'http://fraud.example', 'https://a:b@fraud.example'],
    ...['https://fraud.example:8443', DEPLOYER, `${DEPLOYER} `, 'arn:aws:sts::123456789012:assumed-role/x/y'],
    ...['eu-west-1', 'us-gov-west-1', 'eu-west', 'Team Payments', 'a'.repeat(256), 'a'.repeat(257)],
    ...['arn:aws:iam::123456789012:policy/boundary', 'arn:aws:iam::123456789012:role/boundary'],
  ],
};

test.each(ROWS.map(({ rule, variable }) => ({ name: variable!.name, rule: rule! })))(
  '$name: Terraform accepts and refuses what the construct does',
  ({ name, rule }) => {
    const { type } = variables[name]!;
    if (type === 'bool') return;
    const values = EDGES[type as keyof typeof EDGES];
    const refused = values.filter((value) => !rule.allows(value));
    expect(values.filter((value) => refusals(name, value).length > 0)).toEqual(refused);
    expect([refused.length > 0, refused.length < values.length]).toEqual([true, true]);
    for (const value of refused)
      expect(refusals(name, value)).toEqual([expect.stringMatching(`^${name} must be .+\\.$`) as string]);
  },
);

test('region and tags are those of the provider', () => {
  expect(template.json.provider).toMatchObject({
    aws: [
      {
        region: '${var.region}',
        default_tags: [
          {
            tags: {
              Owner: '${var.owner}',
              Compliance: '${var.compliance}',
              DataClassification: '${var.data_classification}',
            },
          },
        ],
      },
    ],
  });
});

test('the mapping, the reservation and the alarm at 90 % follow max_concurrency', () => {
  const of = (type: string, id: string) => template.resource(type, `payments_${id}`);
  expect(of('aws_lambda_event_source_mapping', 'payment_processor_event_source').scaling_config).toEqual({
    maximum_concurrency: '${var.max_concurrency}',
  });
  expect(of('aws_lambda_function', 'payment_processor').reserved_concurrent_executions).toContain(
    '? var.max_concurrency :',
  );
  expect(of('aws_cloudwatch_metric_alarm', 'alarm_lambda_concurrency').threshold).toContain('var.max_concurrency');
  expect(of('aws_lambda_function', 'payment_processor').environment).toMatchObject({
    variables: { GROUP_CONCURRENCY: '${tostring(var.group_concurrency)}' },
  });
});

test('an empty value means no boundary', () => {
  expect(refusals('permissions_boundary_arn', 'none')).toEqual([]);
  const roles = Object.values(template.json.resource.aws_iam_role!);
  const boundaries = new Set(roles.map(({ permissions_boundary }) => permissions_boundary));
  expect([...boundaries]).toEqual([
    '${(var.permissions_boundary_arn == "none") ? null : var.permissions_boundary_arn}',
  ]);
});

test('the deploying principal may be the root, without its ARN', () => {
  expect(refusals('deployment_principal_arn', 'root')).toEqual([]);
  expect(refusals('deployment_principal_arn', 'deployer')).toEqual([
    expect.stringContaining('must be "root", or the ARN of an IAM role or user'),
  ]);
});
