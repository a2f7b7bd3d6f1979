import { CHECKS, runChecks } from '../../../src/ops/verify/checks';
import type { CheckResult } from '../../../src/ops/verify/check';
import { fakeDeployment } from '../../../tools/kit/ops/fake-deployment';
import { type DeploymentState, soundState } from '../../../tools/kit/ops/sound-deployment';

type Change = (state: DeploymentState) => void;

async function othersWith(change: Change): Promise<readonly CheckResult[]> {
  const state = soundState();
  change(state);
  return (await runChecks(fakeDeployment(state))).filter(({ result }) => result !== 'passed');
}

describe('a permission that the operator lacks', () => {
  // Only names leave the alarms to the topic's policy.
  const reads = [...new Set(CHECKS.flatMap(({ actions }) => actions))].filter(
    (one) => one !== 'sns:GetTopicAttributes',
  );

  test.each(reads)('%s: its checks are neither passed nor failed, and name it', async (action) => {
    const others = await othersWith((state) => (state.denied[action] = 'AccessDeniedException'));
    const needing = CHECKS.filter(({ actions }) => actions.includes(action)).map(({ name }) => name);
    expect(others.map(({ name }) => name)).toEqual(needing);
    for (const { result, missingPermissions } of others)
      expect([result, missingPermissions]).toEqual(['unknown', [action]]);
  });

  test.each(['UnauthorizedOperation', 'AuthorizationErrorException'])(
    'in the words of EC2 and SNS: %s',
    async (code) => {
      const [check] = await othersWith((state) => (state.denied['ec2:DescribeFlowLogs'] = code));
      expect(check).toMatchObject({ result: 'unknown', missingPermissions: ['ec2:DescribeFlowLogs'] });
    },
  );

  test('several are named together', async () => {
    const denied: Change = (state) => {
      for (const action of ['kms:DescribeKey', 'kms:GetKeyRotationStatus']) state.denied[action] = 'AccessDenied';
    };
    const check = (await othersWith(denied)).find(({ name }) => name.startsWith('Key of queues'));
    expect(check!.missingPermissions).toEqual(['kms:DescribeKey', 'kms:GetKeyRotationStatus']);
  });
});

test.each(['TrailNotFoundException', 'ResourceNotFoundException', 'NoSuchEntityException'])(
  'a resource that does not exist is a fault: %s',
  async (code) => {
    const failed = await othersWith((state) => (state.missing['cloudtrail:GetTrailStatus'] = code));
    expect(failed).toMatchObject([
      { result: 'failed', findings: [{ found: expect.stringMatching(/^There is no trail /) as string }] },
    ]);
  },
);

test('so it is for an audit bucket that was deleted', async () => {
  const failed = await othersWith((state) => (state.missing['s3:GetBucketObjectLockConfiguration'] = 'NoSuchBucket'));
  expect(failed).toMatchObject([{ result: 'failed', findings: [{ found: 'There is no audit bucket.' }] }]);
});

test.each(['ThrottlingException', 'ENOTFOUND', 'UnknownOperationException'])(
  'a service that does not answer leaves the other checks: %s',
  async (code) => {
    const others = await othersWith((state) => (state.denied['cloudtrail:GetTrailStatus'] = code));
    expect(others).toMatchObject([
      { result: 'unknown', missingPermissions: [], findings: [{ whatToDo: 'Then verify again.' }] },
    ]);
  },
);

test('no service that answers ends the command', async () => {
  const answer = othersWith((state) => {
    for (const action of CHECKS.flatMap(({ actions }) => actions)) state.denied[action] = 'ENOTFOUND';
  });
  await expect(answer).rejects.toThrow(/cannot be reached \(ENOTFOUND\)/);
});

test('credentials that AWS does not take end the command: nothing is judged', async () => {
  await expect(othersWith((state) => (state.denied['kms:DescribeKey'] = 'ExpiredToken'))).rejects.toThrow(
    'The AWS credentials have expired',
  );
});

test('each call is made once', async () => {
  const state = soundState();
  await runChecks(fakeDeployment(state));
  const repeated = state.called.filter((action, index) => state.called.indexOf(action) !== index);
  // Once for each queue, function, topic, key, log group and resource of a role.
  const each = ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes', 'lambda:GetFunctionConfiguration', 'kms:DescribeKey'];
  const more = [
    'sns:ListSubscriptionsByTopic',
    'kms:GetKeyRotationStatus',
    'iam:SimulatePrincipalPolicy',
    'logs:DescribeLogGroups',
  ];
  expect([...new Set(repeated)].sort()).toEqual([...each, ...more].sort());
});
