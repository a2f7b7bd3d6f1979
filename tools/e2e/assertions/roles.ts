import assert from 'node:assert/strict';
import {
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import type { Assertion, Deployed } from './assertion';
import { bucketArn } from './audit-bucket';
import { keyArn } from './keys';
import { type PolicyStatement, sorted, statement, statementsOf } from './policy';
import { DLQ_PROCESSOR_LOG_GROUP, FLOW_LOG_GROUP, PROCESSOR_LOG_GROUP, TOPIC, TRAIL_LOG_GROUP } from './names';

/** Who may take each role on. */
export const ROLES = {
  'payment-processor': 'lambda.amazonaws.com',
  'dlq-processor': 'lambda.amazonaws.com',
  cloudtrail: 'cloudtrail.amazonaws.com',
  'vpc-flow-logs': 'vpc-flow-logs.amazonaws.com',
  'sns-delivery-status': 'sns.amazonaws.com',
} as const;

export type RoleName = keyof typeof ROLES;

const NAMES = Object.keys(ROLES) as RoleName[];

export const roleName = (role: RoleName) => `iam-role-${role}-dev`;
export const policyName = (role: RoleName) => `iam-policy-${role}-dev`;

export async function roleArn({ aws }: Deployed, role: RoleName): Promise<string> {
  const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName: roleName(role) }));
  return Role!.Arn!;
}

export async function permissions({ aws }: Deployed, role: RoleName): Promise<PolicyStatement[]> {
  const { PolicyDocument } = await aws.iam.send(
    new GetRolePolicyCommand({ RoleName: roleName(role), PolicyName: policyName(role) }),
  );
  return statementsOf(PolicyDocument);
}

const roleAssertions = NAMES.flatMap((role): Assertion[] => [
  {
    type: 'aws_iam_role',
    what: `${roleName(role)} is taken on by ${ROLES[role]} alone`,
    check: async ({ aws }) => {
      const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName: roleName(role) }));
      const trust = statementsOf(Role?.AssumeRolePolicyDocument);
      assert.deepEqual(
        trust.map(({ Effect, Principal, Action }) => ({ Effect, Principal, Action })),
        [{ Effect: 'Allow', Principal: { Service: ROLES[role] }, Action: 'sts:AssumeRole' }],
      );
    },
  },
  {
    type: 'aws_iam_role_policy',
    what: `${roleName(role)} has its own inline policy and no other`,
    check: async ({ aws }) => {
      const { PolicyNames } = await aws.iam.send(new ListRolePoliciesCommand({ RoleName: roleName(role) }));
      assert.deepEqual(PolicyNames, [policyName(role)]);
      const { AttachedPolicies } = await aws.iam.send(
        new ListAttachedRolePoliciesCommand({ RoleName: roleName(role) }),
      );
      assert.deepEqual(AttachedPolicies ?? [], []);
    },
  },
]);

type Grant = readonly [
  sid: string,
  actions: readonly string[],
  resources: (deployed: Deployed) => Promise<string[]> | string[],
];

const arn =
  (service: string, resource: string) =>
  ({ region, account }: Deployed) => [`arn:aws:${service}:${region}:${account}:${resource}`];
const queue = arn('sqs', 'payment-processing.fifo');
const deadLetterQueue = arn('sqs', 'payment-processing-dlq.fifo');
const table = arn('dynamodb', 'table/payment-status-dev');
const index = arn('dynamodb', 'table/payment-status-dev/index/status-timestamp-index');
const group = (name: string) => arn('logs', `log-group:${name}:*`);
const allKeys = async (deployed: Deployed) => [
  await keyArn(deployed, 's3'),
  await keyArn(deployed, 'sqs'),
  await keyArn(deployed, 'dynamodb'),
];

const WRITE = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const WORK_OFF = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'];
const USE_KEYS: Grant = ['UseKeys', ['kms:Decrypt', 'kms:GenerateDataKey'], allKeys];

const GRANTS: Readonly<Record<RoleName, readonly Grant[]>> = {
  'payment-processor': [
    ['ReceivePayments', WORK_OFF, queue],
    ['QuarantinePayments', ['sqs:SendMessage'], deadLetterQueue],
    ['RecordPayments', ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], table],
    USE_KEYS,
    ['WriteLogs', WRITE, group(PROCESSOR_LOG_GROUP)],
  ],
  'dlq-processor': [
    ['WorkOffDeadLetters', WORK_OFF, deadLetterQueue],
    ['RedrivePayments', ['sqs:SendMessage'], queue],
    ['FindPayments', ['dynamodb:Query', 'dynamodb:Scan'], (deployed) => [...table(deployed), ...index(deployed)]],
    ['ChangePayments', ['dynamodb:GetItem', 'dynamodb:UpdateItem'], table],
    ['Alert', ['sns:Publish'], arn('sns', 'sns-payment-alerts-dev')],
    USE_KEYS,
    ['WriteLogs', WRITE, group(DLQ_PROCESSOR_LOG_GROUP)],
  ],
  cloudtrail: [
    ['WriteEncryptedLogs', ['s3:PutObject'], (deployed) => [`${bucketArn(deployed)}/AWSLogs/${deployed.account}/*`]],
    [
      'WriteEvents',
      WRITE,
      ({ region, account }) => [
        `arn:aws:logs:${region}:${account}:log-group:${TRAIL_LOG_GROUP}:log-stream:${account}_CloudTrail_${region}*`,
      ],
    ],
  ],
  'vpc-flow-logs': [
    [
      'WriteFlowLogs',
      [...WRITE, 'logs:CreateLogGroup', 'logs:DescribeLogGroups', 'logs:DescribeLogStreams'],
      (deployed) => [...arn('logs', `log-group:${FLOW_LOG_GROUP}`)(deployed), ...group(FLOW_LOG_GROUP)(deployed)],
    ],
  ],
  'sns-delivery-status': [
    [
      'WriteDeliveryStatus',
      [...WRITE, 'logs:CreateLogGroup', 'logs:PutMetricFilter', 'logs:PutRetentionPolicy'],
      ({ region, account }) =>
        ['', ':*', '/Failure', '/Failure:*'].map(
          (end) => `arn:aws:logs:${region}:${account}:log-group:sns/${region}/${account}/${TOPIC}${end}`,
        ),
    ],
  ],
};

const grantAssertions = NAMES.flatMap((role) =>
  GRANTS[role].map(([sid, actions, resources]): Assertion => ({
    type: 'aws_iam_role_policy',
    what: `${role}: ${sid}, neither more nor less`,
    check: async (deployed) => {
      const { Effect, Action, Resource } = statement(await permissions(deployed, role), sid);
      assert.equal(Effect, 'Allow');
      assert.deepEqual(sorted(Action), sorted(actions));
      assert.deepEqual(sorted(Resource), sorted(await resources(deployed)));
    },
  })),
);

/** Statements about actions that AWS knows on every resource only; each function's role has them. */
const ON_EVERYTHING = ['WriteTraces', 'AttachToVpc', 'DenyAttachingToCode'];

const narrowAssertions = NAMES.map((role): Assertion => ({
  type: 'aws_iam_role_policy',
  what: `${role}: nothing else, nothing on every resource that can be named, and no action by a wildcard`,
  check: async (deployed) => {
    const statements = await permissions(deployed, role);
    const wide = ROLES[role] === 'lambda.amazonaws.com' ? ON_EVERYTHING : [];
    const granted = GRANTS[role].map(([sid]) => sid);
    assert.deepEqual(sorted(statements.map(({ Sid }) => Sid ?? '')), sorted([...granted, ...wide]));
    const onEverything = statements.filter(({ Resource }) => [Resource].flat().includes('*'));
    assert.deepEqual(sorted(onEverything.map(({ Sid }) => Sid ?? '')), sorted(wide));
    assert.deepEqual(
      statements.flatMap(({ Action }) => Action).filter((action) => action.includes('*')),
      [],
    );
  },
}));

const vpcAssertions = (['payment-processor', 'dlq-processor'] as const).map((role): Assertion => ({
  type: 'aws_iam_role_policy',
  what: `${role}: network interfaces are for Lambda, not for the function's code`,
  check: async (deployed) => {
    const statements = await permissions(deployed, role);
    const denied = statement(statements, 'DenyAttachingToCode');
    assert.equal(denied.Effect, 'Deny');
    assert.deepEqual(sorted(denied.Action), sorted(statement(statements, 'AttachToVpc').Action));
    const name = `arn:aws:lambda:${deployed.region}:${deployed.account}:function:lambda-${role}-dev`;
    assert.deepEqual(denied.Condition, { ArnEquals: { 'lambda:SourceFunctionArn': name } });
  },
}));

export const iamAssertions: readonly Assertion[] = [
  ...roleAssertions,
  ...grantAssertions,
  ...narrowAssertions,
  ...vpcAssertions,
];
