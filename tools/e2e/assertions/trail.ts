import assert from 'node:assert/strict';
import {
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  type Trail,
} from '@aws-sdk/client-cloudtrail';
import { only, type Assertion, type Deployed } from './assertion';
import { bucketName } from './audit-bucket';
import { keyArn } from './keys';
import { roleArn } from './roles';
import { TRAIL } from './names';

export async function trail({ aws }: Deployed): Promise<Trail> {
  const { trailList } = await aws.cloudtrail.send(new DescribeTrailsCommand({ trailNameList: [TRAIL] }));
  return only(trailList, 'trail');
}

function aboutTrail(what: string, check: (trail: Trail, deployed: Deployed) => Promise<void> | void): Assertion {
  return { type: 'aws_cloudtrail', what, check: async (deployed) => check(await trail(deployed), deployed) };
}

export const trailAssertions: readonly Assertion[] = [
  aboutTrail('logs', async ({ TrailARN }, { aws }) => {
    const { IsLogging } = await aws.cloudtrail.send(new GetTrailStatusCommand({ Name: TrailARN }));
    assert.equal(IsLogging, true);
  }),
  aboutTrail('of all regions and global services, with files that can be verified', (found) => {
    const { IsMultiRegionTrail, IncludeGlobalServiceEvents, LogFileValidationEnabled } = found;
    assert.deepEqual([IsMultiRegionTrail, IncludeGlobalServiceEvents, LogFileValidationEnabled], [true, true, true]);
  }),
  aboutTrail(
    "writes to the audit bucket, with the pipeline's own key",
    async ({ S3BucketName, KmsKeyId }, deployed) => {
      assert.equal(S3BucketName, bucketName(deployed));
      assert.equal(KmsKeyId, await keyArn(deployed, 's3'));
    },
  ),
  aboutTrail(
    'writes to its log group, with its own role',
    async ({ CloudWatchLogsLogGroupArn, CloudWatchLogsRoleArn }, deployed) => {
      const group = `arn:aws:logs:${deployed.region}:${deployed.account}:log-group:/aws/cloudtrail/${TRAIL}:*`;
      assert.equal(CloudWatchLogsLogGroupArn, group);
      assert.equal(CloudWatchLogsRoleArn, await roleArn(deployed, 'cloudtrail'));
    },
  ),
  aboutTrail('records what is read and what is written', async ({ TrailARN }, { aws }) => {
    const { EventSelectors } = await aws.cloudtrail.send(new GetEventSelectorsCommand({ TrailName: TrailARN }));
    const { ReadWriteType, IncludeManagementEvents } = only(EventSelectors, 'event selector');
    assert.deepEqual([ReadWriteType, IncludeManagementEvents], ['All', true]);
  }),
];
