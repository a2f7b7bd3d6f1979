import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { PaymentPipeline } from '../../src';
import { someProps } from '../../tools/kit/stacks/pipeline-props';
import { synthesize } from '../../tools/kit/stacks/synthesize';

const ENVIRONMENT = 'e'.repeat(32);

/** The pipeline with the longest names, and everything that it can make. */
const template = synthesize((stack) => {
  const pipeline = new PaymentPipeline(
    stack,
    'payments',
    someProps({ environment: ENVIRONMENT, queueName: 'q'.repeat(71) }),
  );
  const role = new IamRole(stack, 'producer', { namePrefix: 'producer', assumeRolePolicy: '{}' });
  pipeline.grantSendPayments(role);
  pipeline.grantReadPayments(role);
});

/** Every name of a resource type, with account and region as long as they are in AWS. */
function namesOf(type: string, attribute: string): string[] {
  const names = Object.values(template.json.resource[type] ?? {}).flatMap(
    (resource) => (resource[attribute] as string | undefined) ?? [],
  );
  return names.map((name) =>
    name
      .replaceAll('${data.aws_caller_identity.current.account_id}', '123456789012')
      .replaceAll('${data.aws_region.current.name}', 'ap-southeast-1'),
  );
}

/** Names that AWS accepts, from its API references. */
const NAMES = [
  { type: 'aws_s3_bucket', attribute: 'bucket', takes: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/ },
  { type: 'aws_iam_role', attribute: 'name', takes: /^[\w+=,.@-]{1,64}$/ },
  { type: 'aws_iam_role_policy', attribute: 'name', takes: /^[\w+=,.@-]{1,128}$/ },
  { type: 'aws_lambda_function', attribute: 'function_name', takes: /^[A-Za-z0-9_-]{1,64}$/ },
  { type: 'aws_cloudwatch_metric_alarm', attribute: 'alarm_name', takes: /^[ -~]{1,255}$/ },
  { type: 'aws_cloudwatch_dashboard', attribute: 'dashboard_name', takes: /^[A-Za-z0-9_-]{1,255}$/ },
  { type: 'aws_cloudwatch_log_group', attribute: 'name', takes: /^[\w./#-]{1,512}$/ },
  { type: 'aws_cloudtrail', attribute: 'name', takes: /^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$/ },
  { type: 'aws_cloudwatch_event_rule', attribute: 'name', takes: /^[.\-_A-Za-z0-9]{1,64}$/ },
  { type: 'aws_sns_topic', attribute: 'name', takes: /^[A-Za-z0-9_-]{1,256}$/ },
  { type: 'aws_sqs_queue', attribute: 'name', takes: /^[A-Za-z0-9_-]{1,75}\.fifo$/ },
  { type: 'aws_kms_alias', attribute: 'name', takes: /^alias\/(?!aws\/)[\w/-]{1,250}$/ },
  { type: 'aws_dynamodb_table', attribute: 'name', takes: /^[\w.-]{3,255}$/ },
  { type: 'aws_security_group', attribute: 'name', takes: /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/ },
];

test.each(NAMES)(
  'with the longest environment AWS takes the $attribute of each $type',
  ({ type, attribute, takes }) => {
    const names = namesOf(type, attribute);
    expect(names).not.toEqual([]);
    expect(names.filter((name) => !takes.test(name))).toEqual([]);
  },
);

test('the environment is part of every name but the queues', () => {
  const attributes = new Set(NAMES.map(({ attribute }) => attribute));
  const names = Object.keys(template.json.resource)
    .filter((type) => type !== 'aws_sqs_queue')
    .flatMap((type) =>
      [...attributes].filter((attribute) => isName(type, attribute)).flatMap((attribute) => namesOf(type, attribute)),
    );
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !name.includes(ENVIRONMENT))).toEqual([]);
});

/** Some resources have another's bucket or function as an argument of the same name. */
function isName(type: string, attribute: string): boolean {
  if (attribute === 'bucket') return type === 'aws_s3_bucket';
  if (attribute === 'function_name') return type === 'aws_lambda_function';
  return true;
}
