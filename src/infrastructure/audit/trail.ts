import { Cloudtrail } from '@cdktf/provider-aws/lib/cloudtrail';
import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { awsEnvironmentOf } from '../aws-environment';
import type { Encryption } from '../encryption';
import { createLogGroup } from '../log-group';
import type { Names } from '../resource-names';
import { condition, createServiceRole, type Statement } from '../policy';

export interface TrailConfig {
  readonly names: Names;
  readonly logRetentionDays: number;
  readonly encryption: Encryption;
  readonly bucket: S3Bucket;
  /** What has to exist before the trail. */
  readonly dependsOn: readonly ITerraformDependable[];
}

export interface Trail {
  readonly trail: Cloudtrail;
  readonly logGroup: CloudwatchLogGroup;
  readonly role: IamRole;
}

/** Management events of all regions, to the bucket and to a log group. */
export function createTrail(scope: Construct, config: TrailConfig): Trail {
  const { names, encryption, bucket } = config;
  encryption.allowServiceUse('trail', names.trail);

  const logGroup = createLogGroup(scope, 'trail_log_group', { ...config, name: names.trailLogGroup });
  const { role, policy } = createServiceRole(scope, 'trail', {
    ...names.cloudTrail,
    service: 'cloudtrail.amazonaws.com',
    permissions: trailPermissions(scope, bucket, logGroup),
  });

  const trail = new Cloudtrail(scope, 'trail', {
    name: names.trail,
    s3BucketName: bucket.id,
    kmsKeyId: encryption.s3Key.arn,
    enableLogFileValidation: true,
    includeGlobalServiceEvents: true,
    isMultiRegionTrail: true,
    eventSelector: [{ readWriteType: 'All', includeManagementEvents: true }],
    cloudWatchLogsGroupArn: `${logGroup.arn}:*`,
    cloudWatchLogsRoleArn: role.arn,
    dependsOn: [...config.dependsOn, role, policy],
  });

  return { trail, logGroup, role };
}

function trailPermissions(scope: Construct, bucket: S3Bucket, logGroup: CloudwatchLogGroup): Statement[] {
  const { accountId, region } = awsEnvironmentOf(scope);
  return [
    {
      sid: 'WriteEncryptedLogs',
      actions: ['s3:PutObject'],
      resources: [`${bucket.arn}/AWSLogs/${accountId}/*`],
      condition: [condition('StringEquals', 's3:x-amz-server-side-encryption', 'aws:kms')],
    },
    {
      sid: 'WriteEvents',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`${logGroup.arn}:log-stream:${accountId}_CloudTrail_${region}*`],
    },
  ];
}
