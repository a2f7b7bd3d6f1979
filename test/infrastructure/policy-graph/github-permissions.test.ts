import { BOUNDARY, STATE_BUCKET } from '../../../tools/kit/stacks/deploy-roles';
import { keyPolicy, Policy, refused } from '../../../tools/kit/stacks/iam-policy';
import {
  API_KEY_SECRET_ARN,
  REGION,
  StackGraph,
  arn,
  globalArn,
  type Resource,
} from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';
import { callsFor } from '../../../tools/kit/stacks/terraform-calls';

const STATE = `arn:aws:s3:::${STATE_BUCKET}/payment-pipeline.tfstate`;
const LOCK = `${STATE}.tflock`;
const HERE = { 'aws:RequestedRegion': REGION };

const graph = readGraph('roles');
const roleNamed = (name: string) => graph.only<Resource & { name: string }>('aws_iam_role', { name });
const plan = Policy.attachedTo(graph, roleNamed('iam-role-github-plan-dev'));
const apply = Policy.attachedTo(graph, roleNamed('iam-role-github-apply-dev'));

const pipeline = readGraph('bounded');
const audited = readGraph('boundedProduction');
/** What the pipeline creates, and what only the production profile adds. */
const managed = [
  ...ofAws(pipeline).map((resource) => ({ ...resource, of: pipeline })),
  ...ofAws(audited)
    .filter(({ address }) => ofAws(pipeline).every((one) => one.address !== address))
    .map((resource) => ({ ...resource, of: audited })),
];

function ofAws(stack: StackGraph): Resource[] {
  return stack.made().filter(({ address }) => address.startsWith('aws_'));
}

describe.each(managed)('$address', (resource) => {
  const { read, write } = callsFor(resource, resource.of);

  test('is read by both roles, and written by the one that applies', () => {
    expect(read.length + write.length).toBeGreaterThan(0);
    expect(refused(plan, read)).toEqual([]);
    expect(refused(apply, [...read, ...write])).toEqual([]);
  });

  test('is not written by the one that plans', () => {
    expect(write.filter((request) => plan.allows(request))).toEqual([]);
  });
});

test('both roles look up what the data sources of the pipeline do', () => {
  const requests = [{ action: 'ec2:DescribeAvailabilityZones', on: '*', context: HERE }];
  expect([refused(plan, requests), refused(apply, requests)]).toEqual([[], []]);
});

test("both roles read Lambda's quota of the AWS account, in this region only", () => {
  const request = { action: 'lambda:GetAccountSettings', on: '*', context: HERE };
  for (const role of [plan, apply]) {
    expect(role.allows(request)).toBe(true);
    expect(role.alsoAllows(request, { context: { 'aws:RequestedRegion': 'eu-west-1' } })).toEqual([]);
  }
});

test("each key's own policy lets the role that applies administer it, if the props name it as the deployer, and the other not", () => {
  const [planner, applier] = ['plan', 'apply'].map((purpose) => roleNamed(`iam-role-github-${purpose}-dev`).arn);
  const deployed = readGraph('boundedOfApplier');
  const administer = [
    'EnableKeyRotation',
    'PutKeyPolicy',
    'UpdateKeyDescription',
    'TagResource',
    'ScheduleKeyDeletion',
    'CreateAlias',
    'DeleteAlias',
  ];
  for (const key of deployed.all('aws_kms_key')) {
    const requests = administer.map((action) => ({ by: applier!, action: `kms:${action}`, on: key.arn }));
    expect(refused(keyPolicy(deployed, key.arn), requests)).toEqual([]);
    expect(requests.filter((request) => keyPolicy(deployed, key.arn).allows({ ...request, by: planner! }))).toEqual([]);
  }
});

describe('the role that plans', () => {
  const rights = plan.grants();

  test('writes nothing, not even the lock of the state', () => {
    expect(rights.filter(({ action }) => !/^[a-z0-9]+:(Get|List|Describe)[A-Z]\w*$/.test(action))).toEqual([]);
  });

  test('reads the content of one object, the state; of everything else the configuration', () => {
    const contents =
      /:(GetObject|GetItem|Query|Scan|ReceiveMessage|GetSecretValue|Decrypt|GetLogEvents|FilterLogEvents|GetRecords|BatchGet\w*|Select\w*)/;
    expect(rights.filter(({ action }) => contents.test(action))).toEqual([{ action: 's3:GetObject', on: STATE }]);
  });

  test("uses the state's key, if it has one, through S3 alone", () => {
    const stateKmsKeyArn = arn('kms', 'key/of-the-state');
    const keyed = readGraph('rolesWithStateKey');
    const policy = Policy.attachedTo(keyed, keyed.only('aws_iam_role', { name: 'iam-role-github-plan-dev' }));
    const request = {
      action: 'kms:Decrypt',
      on: stateKmsKeyArn,
      context: { 'kms:ViaService': `s3.${REGION}.amazonaws.com` },
    };
    expect(policy.allows(request)).toBe(true);
    expect(
      policy.alsoAllows(
        request,
        { context: { 'kms:ViaService': `dynamodb.${REGION}.amazonaws.com` } },
        { on: arn('kms', 'key/another') },
      ),
    ).toEqual([]);
    expect(plan.allows(request)).toBe(false);
  });
});

describe('the state', () => {
  const list = (prefix: string) => ({
    action: 's3:ListBucket',
    on: `arn:aws:s3:::${STATE_BUCKET}`,
    context: { 's3:prefix': prefix },
  });
  const read = [
    ...['payment-pipeline.tfstate', 'payment-pipeline.tfstate.tflock', 'env:/'].map(list),
    { action: 's3:GetObject', on: STATE },
  ];
  const write = [
    { action: 's3:PutObject', on: STATE },
    ...['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].map((action) => ({ action, on: LOCK })),
  ];

  test('is read by both, and locked and written by the one that applies', () => {
    expect([refused(plan, read), refused(apply, [...read, ...write])]).toEqual([[], []]);
    expect(write.filter((request) => plan.allows(request))).toEqual([]);
  });

  test('of another pipeline is refused to both', () => {
    const others = ['another.tfstate', 'payment-pipeline.tfstate2', 'payment-pipeline.tfstate.tflock2'];
    const requests = others.flatMap((key) =>
      ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].map((action) => ({
        action,
        on: `arn:aws:s3:::${STATE_BUCKET}/${key}`,
      })),
    );
    expect(
      [...requests, list(''), list('another')].filter((request) => plan.allows(request) || apply.allows(request)),
    ).toEqual([]);
  });
});

describe('the role that applies', () => {
  const ROLE = globalArn('iam', 'role/iam-role-payment-processor-dev');
  const empower = { action: 'iam:PutRolePolicy', on: ROLE, context: { 'iam:PermissionsBoundary': BOUNDARY } };

  test('gives a role nothing that its boundary does not', () => {
    for (const action of ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary']) {
      const request = { ...empower, action };
      expect([action, apply.allows(request)]).toEqual([action, true]);
      expect(
        apply.alsoAllows(request, { context: { 'iam:PermissionsBoundary': globalArn('iam', 'policy/wider') } }),
      ).toEqual([]);
      expect(apply.allows({ action, on: ROLE })).toBe(false);
    }
    const never = [
      'iam:AttachRolePolicy',
      'iam:DeleteRolePermissionsBoundary',
      'iam:CreatePolicy',
      'iam:CreatePolicyVersion',
      'iam:CreateUser',
      'iam:CreateAccessKey',
    ];
    expect(never.filter((action) => apply.allows({ ...empower, action }))).toEqual([]);
  });

  test('changes neither itself, its sibling, their provider nor the boundary, with any other policy attached', () => {
    const itself = [
      ...['iam-role-github-plan-dev', 'iam-role-github-apply-dev'].map((name) => roleNamed(name).arn),
      graph.only('aws_iam_openid_connect_provider').arn,
      BOUNDARY,
    ];
    const actions = [
      'UpdateAssumeRolePolicy',
      'PutRolePolicy',
      'AttachRolePolicy',
      'PassRole',
      'DeleteRole',
      'CreatePolicyVersion',
      'UpdateOpenIDConnectProviderThumbprint',
    ];
    for (const on of itself) {
      for (const action of actions.map((name) => `iam:${name}`))
        expect([on, action, apply.denies({ action, on })]).toEqual([on, action, true]);
    }
  });

  test.each([
    ['iam-role-payment-processor-dev', 'lambda.amazonaws.com'],
    ['iam-role-dlq-processor-dev', 'lambda.amazonaws.com'],
    ['iam-role-vpc-flow-logs-dev', 'vpc-flow-logs.amazonaws.com'],
    ['iam-role-cloudtrail-dev', 'cloudtrail.amazonaws.com'],
    ['iam-role-sns-delivery-status-dev', 'sns.amazonaws.com'],
  ])('passes %s to %s, and to nobody else', (role, service) => {
    const services = ['lambda', 'vpc-flow-logs', 'cloudtrail', 'sns', 'ec2', 'ecs-tasks', 'states'].map(
      (name) => `${name}.amazonaws.com`,
    );
    const pass = (to: string) => ({
      action: 'iam:PassRole',
      on: globalArn('iam', `role/${role}`),
      context: { 'iam:PassedToService': to },
    });
    expect(services.filter((one) => apply.allows(pass(one)))).toEqual([service]);
  });

  test("leaves another environment's pipeline alone", () => {
    const other = readGraph('boundedProd');
    const writes = ofAws(other).flatMap((resource) => callsFor(resource, other).write);
    const allowed = [...new Set(writes.filter((request) => apply.allows(request)).map(({ action }) => action))];
    // What belongs to nobody yet, and what IAM knows no resource for.
    expect(allowed.sort()).toEqual(['kms:CreateKey', 'kms:TagResource', 'sns:Unsubscribe']);
  });

  test('touches no payment, message, log or audit object', () => {
    const contents = [
      ...['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:PurgeQueue'].map((action) => ({
        action,
        on: arn('sqs', 'payment-processing.fifo'),
      })),
      ...['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Scan'].map((action) => ({
        action,
        on: arn('dynamodb', 'table/payment-status-dev'),
      })),
      ...['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'].map((action) => ({
        action,
        on: 'arn:aws:s3:::s3-audit-logs-dev-123456789012/x',
      })),
      {
        action: 'logs:GetLogEvents',
        on: arn('logs', 'log-group:/aws/lambda/lambda-payment-processor-dev:log-stream:1'),
      },
      { action: 'lambda:InvokeFunction', on: arn('lambda', 'function:lambda-payment-processor-dev') },
      { action: 'secretsmanager:GetSecretValue', on: API_KEY_SECRET_ARN },
    ];
    expect(contents.filter((request) => apply.allows({ ...request, context: HERE }))).toEqual([]);
  });

  test('takes over a security group only when it has no name', () => {
    const name = {
      action: 'ec2:CreateTags',
      on: arn('ec2', 'security-group/sg-1'),
      context: { 'aws:RequestTag/Name': 'vpc-default-dev' },
    };
    expect(apply.allows(name)).toBe(true);
    expect(
      apply.alsoAllows(name, { context: { 'aws:ResourceTag/Name': 'theirs' } }, { on: arn('ec2', 'vpc/vpc-1') }),
    ).toEqual([]);
  });
});

describe('the role that applies and keeps evidence', () => {
  const protecting = readGraph('rolesThatKeepEvidence');
  const policy = Policy.attachedTo(protecting, protecting.only('aws_iam_role', { name: 'iam-role-github-apply-dev' }));
  const bucket = 'arn:aws:s3:::s3-audit-logs-dev-123456789012';
  const table = arn('dynamodb', 'table/payment-status-dev');
  const logs = [
    '/aws/lambda/lambda-payment-processor-dev',
    '/aws/lambda/lambda-dlq-processor-dev',
    '/aws/cloudtrail/cloudtrail-payment-processing-dev',
    '/aws/vpc-flow-logs/vpc-payment-processing-dev',
  ].map((name) => arn('logs', `log-group:${name}`));

  test.each([
    ...[
      'cloudtrail:StopLogging',
      'cloudtrail:DeleteTrail',
      'cloudtrail:UpdateTrail',
      'cloudtrail:PutEventSelectors',
    ].map((action) => [action, arn('cloudtrail', 'trail/cloudtrail-payment-processing-dev')]),
    ...logs.flatMap((on) => ['logs:PutRetentionPolicy', 'logs:DeleteLogGroup'].map((action) => [action, on])),
    ['logs:DeleteLogStream', `${logs[0]!}:log-stream:1`],
    ...['dynamodb:UpdateContinuousBackups', 'dynamodb:DeleteTable', 'dynamodb:PutItem'].map((action) => [
      action,
      table,
    ]),
    ...[
      ...['PutLifecycleConfiguration', 'PutBucketObjectLockConfiguration', 'PutBucketVersioning', 'PutBucketPolicy'],
      ...['DeleteBucketPolicy', 'DeleteBucket'],
    ].map((action) => [`s3:${action}`, bucket]),
    ...['DeleteObject', 'DeleteObjectVersion', 'BypassGovernanceRetention'].map((action) => [
      `s3:${action}`,
      `${bucket}/AWSLogs/log.gz`,
    ]),
    ...['kms:ScheduleKeyDeletion', 'kms:DisableKey'].map((action) => [action, arn('kms', 'key/1')]),
  ])('is denied %s on %s, whatever else allows it', (action, on) => {
    expect(policy.denies({ action: action!, on: on! })).toBe(true);
    expect(apply.denies({ action: action!, on: on! })).toBe(false);
  });

  test('deploys a new release and changes alarms as before', () => {
    const denied = ofAws(pipeline)
      .filter(({ address }) => !/_(cloudtrail|log_group|table|kms_key)\.|_s3_bucket/.test(address))
      .flatMap((resource) => refused(policy, callsFor(resource, pipeline).write));
    expect(denied).toEqual([]);
  });
});
