import assert from 'node:assert/strict';
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type LifecycleRule,
} from '@aws-sdk/client-s3';
import type { Assertion, Deployed } from './assertion';
import { keyArn } from './keys';
import { type PolicyStatement, sorted, statement, statementsOf } from './policy';
import { TRAIL } from './names';

export const bucketName = ({ account }: Deployed) => `s3-audit-logs-dev-${account}`;
export const bucketArn = (deployed: Deployed) => `arn:aws:s3:::${bucketName(deployed)}`;

async function rules(deployed: Deployed): Promise<LifecycleRule[]> {
  const { Rules = [] } = await deployed.aws.s3.send(
    new GetBucketLifecycleConfigurationCommand({ Bucket: bucketName(deployed) }),
  );
  return Rules;
}

async function policy(deployed: Deployed): Promise<PolicyStatement[]> {
  const { Policy } = await deployed.aws.s3.send(new GetBucketPolicyCommand({ Bucket: bucketName(deployed) }));
  return statementsOf(Policy);
}

function keptFor90Days(rule: string, prefix: (account: string) => string): Assertion {
  return {
    type: 'aws_s3_bucket_lifecycle_configuration',
    what: `${rule} go to Glacier after 30 days, and away after 90`,
    check: async (deployed) => {
      const found = (await rules(deployed)).find(({ ID }) => ID === rule);
      assert.equal(found?.Status, 'Enabled');
      assert.equal(found.Filter?.Prefix, prefix(deployed.account));
      assert.equal(found.Expiration?.Days, 90);
      assert.deepEqual(found.Transitions, [{ Days: 30, StorageClass: 'GLACIER' }]);
    },
  };
}

function denies(sid: string, what: string, action: string, condition: PolicyStatement['Condition']): Assertion {
  return {
    type: 'aws_s3_bucket_policy',
    what: `refuses ${what}`,
    check: async (deployed) => {
      const { Effect, Principal, Action, Condition } = statement(await policy(deployed), sid);
      assert.deepEqual(
        { Effect, Principal, Action, Condition },
        { Effect: 'Deny', Principal: '*', Action: action, Condition: condition },
      );
    },
  };
}

function admits(sid: string, services: readonly string[], actions: readonly string[]): Assertion {
  return {
    type: 'aws_s3_bucket_policy',
    what: `${sid}: ${services.join(' and ')}, for this account only`,
    check: async (deployed) => {
      const { Effect, Principal, Action, Condition } = statement(await policy(deployed), sid);
      assert.equal(Effect, 'Allow');
      assert.deepEqual(sorted(Principal?.Service), sorted(services));
      assert.deepEqual(sorted(Action), sorted(actions));
      assert.match(
        JSON.stringify(Condition),
        new RegExp(services.includes('cloudtrail.amazonaws.com') ? `trail/${TRAIL}"` : deployed.account),
      );
    },
  };
}

const FLOW_LOGS = ['vpc-flow-logs.amazonaws.com', 'delivery.logs.amazonaws.com'];

export const auditBucketAssertions: readonly Assertion[] = [
  {
    type: 'aws_s3_bucket',
    what: 'stands in the region of the pipeline',
    check: async (deployed) => {
      const { LocationConstraint } = await deployed.aws.s3.send(
        new GetBucketLocationCommand({ Bucket: bucketName(deployed) }),
      );
      assert.equal(LocationConstraint, deployed.region);
    },
  },
  {
    type: 'aws_s3_bucket_versioning',
    what: 'keeps what is overwritten',
    check: async (deployed) => {
      const { Status } = await deployed.aws.s3.send(new GetBucketVersioningCommand({ Bucket: bucketName(deployed) }));
      assert.equal(Status, 'Enabled');
    },
  },
  {
    type: 'aws_s3_bucket_server_side_encryption_configuration',
    what: "is encrypted with the pipeline's own key, by a bucket key",
    check: async (deployed) => {
      const answer = await deployed.aws.s3.send(new GetBucketEncryptionCommand({ Bucket: bucketName(deployed) }));
      const [rule] = answer.ServerSideEncryptionConfiguration?.Rules ?? [];
      assert.deepEqual(rule?.ApplyServerSideEncryptionByDefault, {
        SSEAlgorithm: 'aws:kms',
        KMSMasterKeyID: await keyArn(deployed, 's3'),
      });
      assert.equal(rule.BucketKeyEnabled, true);
    },
  },
  {
    type: 'aws_s3_bucket_public_access_block',
    what: 'cannot be made public in any way',
    check: async (deployed) => {
      const answer = await deployed.aws.s3.send(new GetPublicAccessBlockCommand({ Bucket: bucketName(deployed) }));
      assert.deepEqual(answer.PublicAccessBlockConfiguration, {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      });
    },
  },
  keptFor90Days('flow-logs', (account) => `AWSLogs/${account}/vpcflowlogs/`),
  keptFor90Days('cloudtrail', (account) => `AWSLogs/${account}/CloudTrail`),
  {
    type: 'aws_s3_bucket_lifecycle_configuration',
    what: 'superseded versions go after 90 days, unfinished uploads after 7',
    check: async (deployed) => {
      const found = (await rules(deployed)).find(({ ID }) => ID === 'superseded');
      assert.equal(found?.Status, 'Enabled');
      assert.equal(found.NoncurrentVersionExpiration?.NoncurrentDays, 90);
      assert.equal(found.AbortIncompleteMultipartUpload?.DaysAfterInitiation, 7);
    },
  },
  denies('DenyPlainHttp', 'plain HTTP', 's3:*', { Bool: { 'aws:SecureTransport': 'false' } }),
  denies('DenyOtherEncryption', 'an encryption that is none of AWS', 's3:PutObject', {
    Null: { 's3:x-amz-server-side-encryption': 'false' },
    StringNotEquals: { 's3:x-amz-server-side-encryption': ['aws:kms', 'AES256'] },
  }),
  {
    type: 'aws_s3_bucket_policy',
    what: 'refuses an upload without encryption, unless an AWS service makes it',
    check: async (deployed) => {
      const { Effect, Condition } = statement(await policy(deployed), 'DenyUnencryptedUploads');
      assert.equal(Effect, 'Deny');
      assert.deepEqual(Condition?.Bool, { 'aws:PrincipalIsAWSService': 'false' });
    },
  },
  admits('TrailChecksBucket', ['cloudtrail.amazonaws.com'], ['s3:GetBucketAcl']),
  admits('TrailWritesLogs', ['cloudtrail.amazonaws.com'], ['s3:PutObject']),
  admits('FlowLogsCheckBucket', FLOW_LOGS, ['s3:GetBucketAcl', 's3:ListBucket']),
  admits('FlowLogsWriteLogs', FLOW_LOGS, ['s3:PutObject']),
];
