import { GitHubDeployRoles, PaymentPipeline } from '../../../src/index';
import { rolesStack, STATE_BUCKET } from '../../support/deploy-roles';
import { type Ask, Policy } from '../../support/iam-policy';
import { someProps } from '../../support/pipeline-props';
import { arn, globalArn, REGION, type Resource, StackGraph } from '../../support/stack-graph';
import { API_KEY_SECRET_ARN } from '../../support/stacks';
import { callsFor } from '../../support/terraform-calls';
import { synthesize } from '../../support/terraform';

const BOUNDARY = globalArn('iam', 'policy/iam-policy-permissions-boundary-dev');
const STATE = `arn:aws:s3:::${STATE_BUCKET}/payment-pipeline.tfstate`;
const LOCK = `${STATE}.tflock`;
const HERE = { 'aws:RequestedRegion': REGION };

const graph = rolesStack();
const roleNamed = (name: string) => graph.only<Resource & { name: string }>('aws_iam_role', { name });
const plan = Policy.attachedTo(graph, roleNamed('iam-role-github-plan-dev'));
const apply = Policy.attachedTo(graph, roleNamed('iam-role-github-apply-dev'));
const boundary = Policy.of(graph, graph.only<{ policy: string }>('aws_iam_policy', { arn: BOUNDARY }).policy);

/** The pipeline that the roles are for, its own roles bounded. */
const pipeline = new StackGraph(
  synthesize((stack) => new PaymentPipeline(stack, 'payments', someProps({ permissionsBoundaryArn: BOUNDARY }))).json,
);

const managed = ofAws(pipeline);

function ofAws(stack: StackGraph): Resource[] {
  return stack.made().filter(({ address }) => address.startsWith('aws_'));
}

/** Those of the asks that a policy refuses, in words. */
function refused(policy: Policy, asks: readonly Ask[]): string[] {
  return asks.filter((ask) => !policy.allows(ask)).map(({ action, on }) => `${action} on ${on}`);
}

describe.each(managed)('$address', (resource) => {
  const { read, write } = callsFor(resource, pipeline);

  test('is read by both roles, and written by the one that applies', () => {
    expect(read.length + write.length).toBeGreaterThan(0);
    expect(refused(plan, read)).toEqual([]);
    expect(refused(apply, [...read, ...write])).toEqual([]);
  });

  test('is not written by the one that plans', () => {
    expect(write.filter((ask) => plan.allows(ask))).toEqual([]);
  });
});

describe('the role that plans', () => {
  const rights = plan.grants();

  test('writes the lock of the state, and nothing else', () => {
    const writing = rights.filter(({ action }) => !/^[a-z0-9]+:(Get|List|Describe)[A-Z]\w*$/.test(action));
    expect(writing).toEqual([
      { action: 's3:PutObject', on: LOCK },
      { action: 's3:DeleteObject', on: LOCK },
    ]);
  });

  test('reads what is in one object, the state; and otherwise how things are set up', () => {
    const contents = /:(GetObject|GetItem|Query|Scan|ReceiveMessage|GetSecretValue|Decrypt|GetLogEvents|FilterLogEvents|GetRecords|BatchGet\w*|Select\w*)/;
    expect(rights.filter(({ action }) => contents.test(action))).toEqual([
      { action: 's3:GetObject', on: STATE },
      { action: 's3:GetObject', on: LOCK },
    ]);
  });

  test("uses the state's key, if it has one, through S3 alone", () => {
    const stateKmsKeyArn = arn('kms', 'key/of-the-state');
    const keyed = rolesStack({ stateKmsKeyArn });
    const policy = Policy.attachedTo(keyed, keyed.only('aws_iam_role', { name: 'iam-role-github-plan-dev' }));
    const ask = { action: 'kms:Decrypt', on: stateKmsKeyArn, context: { 'kms:ViaService': `s3.${REGION}.amazonaws.com` } };
    expect(policy.allows(ask)).toBe(true);
    expect(policy.alsoAllows(ask, { context: { 'kms:ViaService': `dynamodb.${REGION}.amazonaws.com` } }, { on: arn('kms', 'key/another') })).toEqual([]);
    expect(plan.allows(ask)).toBe(false);
  });
});

describe('the state', () => {
  const list = (prefix: string) => ({ action: 's3:ListBucket', on: `arn:aws:s3:::${STATE_BUCKET}`, context: { 's3:prefix': prefix } });
  const common = [
    ...['payment-pipeline.tfstate', 'payment-pipeline.tfstate.tflock', 'env:/'].map(list),
    { action: 's3:GetObject', on: STATE },
    ...['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].map((action) => ({ action, on: LOCK })),
  ];

  test('is read and locked by both, and written by the one that applies', () => {
    expect([refused(plan, common), refused(apply, common)]).toEqual([[], []]);
    const write = { action: 's3:PutObject', on: STATE };
    expect([plan.allows(write), apply.allows(write)]).toEqual([false, true]);
  });

  test('of another is none of their business', () => {
    const others = ['another.tfstate', 'payment-pipeline.tfstate2', 'payment-pipeline.tfstate.tflock2'];
    const asks = others.flatMap((key) => ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].map((action) => ({ action, on: `arn:aws:s3:::${STATE_BUCKET}/${key}` })));
    expect([...asks, list(''), list('another')].filter((ask) => plan.allows(ask) || apply.allows(ask))).toEqual([]);
  });
});

describe('the role that applies', () => {
  const ROLE = globalArn('iam', 'role/iam-role-payment-processor-dev');
  const empower = { action: 'iam:PutRolePolicy', on: ROLE, context: { 'iam:PermissionsBoundary': BOUNDARY } };

  test('gives a role nothing that its boundary does not', () => {
    for (const action of ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary']) {
      const ask = { ...empower, action };
      expect([action, apply.allows(ask)]).toEqual([action, true]);
      expect(apply.alsoAllows(ask, { context: { 'iam:PermissionsBoundary': globalArn('iam', 'policy/wider') } })).toEqual([]);
      expect(apply.allows({ action, on: ROLE })).toBe(false);
    }
    const never = ['iam:AttachRolePolicy', 'iam:DeleteRolePermissionsBoundary', 'iam:CreatePolicy', 'iam:CreatePolicyVersion', 'iam:CreateUser', 'iam:CreateAccessKey'];
    expect(never.filter((action) => apply.allows({ ...empower, action }))).toEqual([]);
  });

  test('does nothing about itself, its sibling, their provider and the boundary, whatever else is attached', () => {
    const itself = [
      ...['iam-role-github-plan-dev', 'iam-role-github-apply-dev'].map((name) => roleNamed(name).arn),
      graph.only('aws_iam_openid_connect_provider').arn,
      BOUNDARY,
    ];
    const actions = ['UpdateAssumeRolePolicy', 'PutRolePolicy', 'AttachRolePolicy', 'PassRole', 'DeleteRole', 'CreatePolicyVersion', 'UpdateOpenIDConnectProviderThumbprint'];
    for (const on of itself) {
      for (const action of actions.map((name) => `iam:${name}`)) expect([on, action, apply.denies({ action, on })]).toEqual([on, action, true]);
    }
  });

  test.each([
    ['iam-role-payment-processor-dev', 'lambda.amazonaws.com'],
    ['iam-role-dlq-processor-dev', 'lambda.amazonaws.com'],
    ['iam-role-vpc-flow-logs-dev', 'vpc-flow-logs.amazonaws.com'],
    ['iam-role-cloudtrail-dev', 'cloudtrail.amazonaws.com'],
    ['iam-role-sns-delivery-status-dev', 'sns.amazonaws.com'],
  ])('passes %s to %s, and to nobody else', (role, service) => {
    const services = ['lambda', 'vpc-flow-logs', 'cloudtrail', 'sns', 'ec2', 'ecs-tasks', 'states'].map((name) => `${name}.amazonaws.com`);
    const pass = (to: string) => ({ action: 'iam:PassRole', on: globalArn('iam', `role/${role}`), context: { 'iam:PassedToService': to } });
    expect(services.filter((one) => apply.allows(pass(one)))).toEqual([service]);
  });

  test("leaves another environment's pipeline alone", () => {
    const other = new StackGraph(
      synthesize((stack) => new PaymentPipeline(stack, 'payments', someProps({ environment: 'prod', queueName: 'prod', permissionsBoundaryArn: BOUNDARY }))).json,
    );
    const writes = ofAws(other).flatMap((resource) => callsFor(resource, other).write);
    const allowed = [...new Set(writes.filter((ask) => apply.allows(ask)).map(({ action }) => action))];
    // What belongs to nobody yet, and what IAM knows no resource for.
    expect(allowed.sort()).toEqual(['kms:CreateKey', 'kms:TagResource', 'sns:Unsubscribe']);
  });

  test('touches no payment, message, log or audit object', () => {
    const contents = [
      ...['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:PurgeQueue'].map((action) => ({ action, on: arn('sqs', 'payment-processing.fifo') })),
      ...['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Scan'].map((action) => ({ action, on: arn('dynamodb', 'table/payment-status-dev') })),
      ...['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'].map((action) => ({ action, on: 'arn:aws:s3:::s3-audit-logs-dev-123456789012/x' })),
      { action: 'logs:GetLogEvents', on: arn('logs', 'log-group:/aws/lambda/lambda-payment-processor-dev:log-stream:1') },
      { action: 'lambda:InvokeFunction', on: arn('lambda', 'function:lambda-payment-processor-dev') },
      { action: 'secretsmanager:GetSecretValue', on: API_KEY_SECRET_ARN },
    ];
    expect(contents.filter((ask) => apply.allows({ ...ask, context: HERE }))).toEqual([]);
  });

  test('takes over a security group only when it has no name', () => {
    const name = { action: 'ec2:CreateTags', on: arn('ec2', 'security-group/sg-1'), context: { 'aws:RequestTag/Name': 'vpc-default-dev' } };
    expect(apply.allows(name)).toBe(true);
    expect(apply.alsoAllows(name, { context: { 'aws:ResourceTag/Name': 'theirs' } }, { on: arn('ec2', 'vpc/vpc-1') })).toEqual([]);
  });
});

describe('the boundary', () => {
  const withApiKey = rolesStack({ apiKeySecretArn: API_KEY_SECRET_ARN });
  const widest = Policy.of(withApiKey, withApiKey.only<{ policy: string }>('aws_iam_policy', { arn: BOUNDARY }).policy);
  const roles = pipeline.all<Resource & { permissions_boundary: string }>('aws_iam_role');

  test.each(roles)('is on $address, and takes nothing from it that it was granted', (role) => {
    expect(role.permissions_boundary).toBe(BOUNDARY);
    const granted = Policy.ofRole(pipeline, role).grants();
    const asks = granted.map(({ action, on }) => ({ action, on: on.startsWith('<aws_kms_key.') ? arn('kms', 'key/1') : on }));
    expect(asks).not.toEqual([]);
    expect(refused(boundary, asks)).toEqual([]);
  });

  test("lets the fraud API's key be read if there is one, and no other secret", () => {
    const ask = { action: 'secretsmanager:GetSecretValue', on: API_KEY_SECRET_ARN };
    expect([boundary.allows(ask), widest.allows(ask), widest.allows({ ...ask, on: `${API_KEY_SECRET_ARN}-2` })]).toEqual([false, true, false]);
  });

  test('leaves nothing of IAM, of other roles, or of what the pipeline does not work on', () => {
    const services = [...new Set(widest.grants().map(({ action }) => action.split(':')[0]!))];
    expect(services.sort()).toEqual(['dynamodb', 'ec2', 'kms', 'logs', 's3', 'secretsmanager', 'sns', 'sqs', 'xray']);
    expect(widest.grants().filter(({ action }) => action.includes('*'))).toEqual([]);
    const beyond = [{ action: 'sts:AssumeRole', on: '*' }, { action: 'sqs:ReceiveMessage', on: arn('sqs', 'theirs') }, { action: 's3:GetObject', on: STATE }];
    expect(beyond.filter((ask) => widest.allows(ask))).toEqual([]);
  });
});

test('no policy is longer than IAM takes, nor are there more of them on a role, whatever the names', () => {
  const longest = synthesize((stack) =>
    new GitHubDeployRoles(stack, 'github', {
      repository: `${'o'.repeat(39)}@1234567890/${'n'.repeat(100)}@1234567890`,
      stateBucket: 'b'.repeat(63),
      stateKey: 'k'.repeat(400),
      stateKmsKeyArn: arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab'),
      pipelineEnvironment: 'e'.repeat(32),
      queueName: 'q'.repeat(71),
      apiKeySecretArn: API_KEY_SECRET_ARN,
    }),
  );
  const stack = new StackGraph(longest.json);
  const lengths = stack.all<{ policy: string }>('aws_iam_policy').map(({ policy }) => Policy.of(stack, policy).length());
  expect(Math.max(...lengths)).toBeLessThan(6_144);
  for (const { name } of stack.all<{ name: string }>('aws_iam_role')) {
    expect(name.length).toBeLessThanOrEqual(64);
    expect(stack.find('aws_iam_role_policy_attachment', { role: name }).length).toBeLessThanOrEqual(10);
  }
});
