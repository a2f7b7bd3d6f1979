import { GitHubDeployRoles } from '../../../src';
import { BOUNDARY } from '../../../tools/kit/stacks/deploy-roles';
import { Policy, refused } from '../../../tools/kit/stacks/iam-policy';
import { API_KEY_SECRET_ARN, StackGraph, arn, type Resource } from '../../../tools/kit/stacks/stack-graph';
import { readGraph } from '../../../tools/kit/stacks/stacks';
import { synthesize } from '../../../tools/kit/stacks/synthesize';

const pipeline = readGraph('bounded');
const boundary = boundaryOf(readGraph('roles'));

function boundaryOf(graph: StackGraph): Policy {
  return Policy.of(graph, graph.only<{ policy: string }>('aws_iam_policy', { arn: BOUNDARY }).policy);
}

describe('the boundary', () => {
  const widest = boundaryOf(readGraph('rolesWithApiKey'));
  const roles = pipeline.all<Resource & { permissions_boundary: string }>('aws_iam_role');

  test.each(roles)('is on $address, and takes nothing from it that it was granted', (role) => {
    expect(role.permissions_boundary).toBe(BOUNDARY);
    const granted = Policy.ofRole(pipeline, role).grants();
    const requests = granted.map(({ action, on }) => ({
      action,
      on: on.startsWith('<aws_kms_key.') ? arn('kms', 'key/1') : on,
    }));
    expect(requests).not.toEqual([]);
    expect(refused(boundary, requests)).toEqual([]);
  });

  test("lets the fraud API's key be read if there is one, and no other secret", () => {
    const request = { action: 'secretsmanager:GetSecretValue', on: API_KEY_SECRET_ARN };
    expect([
      boundary.allows(request),
      widest.allows(request),
      widest.allows({ ...request, on: `${API_KEY_SECRET_ARN}-2` }),
    ]).toEqual([false, true, false]);
  });

  test('leaves nothing of IAM, of other roles, or of what the pipeline does not work on', () => {
    const services = [...new Set(widest.grants().map(({ action }) => action.split(':')[0]!))];
    expect(services.sort()).toEqual(['dynamodb', 'ec2', 'kms', 'logs', 's3', 'secretsmanager', 'sns', 'sqs', 'xray']);
    expect(widest.grants().filter(({ action }) => action.includes('*'))).toEqual([]);
    const beyond = [
      { action: 'sts:AssumeRole', on: '*' },
      { action: 'sqs:ReceiveMessage', on: arn('sqs', 'theirs') },
      { action: 's3:GetObject', on: 'arn:aws:s3:::s3-audit-logs-dev-123456789012/x' },
    ];
    expect(beyond.filter((request) => widest.allows(request))).toEqual([]);
  });
});

test('no role within the boundary can shorten the retention of the trail, the flow logs or the functions', () => {
  const groups = [
    '/aws/lambda/lambda-payment-processor-dev',
    '/aws/lambda/lambda-dlq-processor-dev',
    '/aws/cloudtrail/cloudtrail-payment-processing-dev',
    '/aws/vpc-flow-logs/vpc-payment-processing-dev',
  ];
  const evidence = [
    ...groups.flatMap((name) =>
      ['PutRetentionPolicy', 'DeleteLogGroup', 'DeleteLogStream', 'DeleteMetricFilter', 'PutMetricFilter'].map(
        (action) => ({ action: `logs:${action}`, on: arn('logs', `log-group:${name}`) }),
      ),
    ),
    ...['StopLogging', 'PutEventSelectors', 'DeleteTrail'].map((action) => ({
      action: `cloudtrail:${action}`,
      on: '*',
    })),
    ...['DeleteItem', 'UpdateContinuousBackups', 'DeleteTable'].map((action) => ({
      action: `dynamodb:${action}`,
      on: arn('dynamodb', 'table/payment-status-dev'),
    })),
    ...['DeleteObjectVersion', 'PutLifecycleConfiguration', 'BypassGovernanceRetention'].map((action) => ({
      action: `s3:${action}`,
      on: 'arn:aws:s3:::s3-audit-logs-dev-123456789012/x',
    })),
  ];
  expect(evidence.filter((request) => boundary.allows(request))).toEqual([]);
});

test('with any names, no policy is longer than IAM accepts, and no role has more policies than it accepts', () => {
  const longest = synthesize(
    (stack) =>
      new GitHubDeployRoles(stack, 'github', {
        repository: `${'o'.repeat(39)}@1234567890/${'n'.repeat(100)}@1234567890`,
        stateBucket: 'b'.repeat(63),
        stateKey: 'k'.repeat(400),
        stateKmsKeyArn: arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab'),
        pipelineEnvironment: 'e'.repeat(32),
        queueName: 'q'.repeat(71),
        apiKeySecretArn: API_KEY_SECRET_ARN,
        protectEvidence: true,
      }),
  );
  const stack = new StackGraph(longest.json);
  const lengths = stack
    .all<{ policy: string }>('aws_iam_policy')
    .map(({ policy }) => Policy.of(stack, policy).length());
  expect(Math.max(...lengths)).toBeLessThan(6_144);
  for (const { name } of stack.all<{ name: string }>('aws_iam_role')) {
    expect(name.length).toBeLessThanOrEqual(64);
    expect(stack.find('aws_iam_role_policy_attachment', { role: name }).length).toBeLessThanOrEqual(10);
  }
});
