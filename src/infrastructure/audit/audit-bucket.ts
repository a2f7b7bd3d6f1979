import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketObjectLockConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { awsEnvironmentOf } from '../aws-environment';
import type { Encryption } from '../encryption';
import type { Names } from '../resource-names';
import { policyJson } from '../policy';
import type { AuditLock, Profile } from '../profile';
import { bucketPolicy } from './bucket-policy';

/** Days after which a log is rarely read. */
export const GLACIER_AFTER_DAYS = 30;

/** Days after which the parts of an incomplete upload are deleted. */
const ABORT_UPLOAD_AFTER_DAYS = 7;

export interface AuditBucket {
  readonly bucket: S3Bucket;
  readonly policy: S3BucketPolicy;
  readonly objectLock: S3BucketObjectLockConfigurationA | undefined;
  /** Settings whose changes ring an alarm. A trail that begins after them does not report their creation. */
  readonly protection: readonly ITerraformDependable[];
}

export interface AuditBucketConfig {
  readonly names: Names;
  readonly profile: Profile;
  readonly encryption: Encryption;
  readonly auditRetentionDays: number;
  readonly auditLock: AuditLock;
}

/** The bucket for logs: versioned, encrypted, private, and emptied by age alone. */
export function createAuditBucket(scope: Construct, config: AuditBucketConfig): AuditBucket {
  const { names, profile, encryption, auditRetentionDays: days } = config;
  const deployment = awsEnvironmentOf(scope);
  const bucket = new S3Bucket(scope, 'bucket', {
    bucket: names.auditBucket(deployment.accountId),
    forceDestroy: profile.forceDestroy,
  });

  const versioning = new S3BucketVersioningA(scope, 'bucket_versioning', {
    bucket: bucket.id,
    versioningConfiguration: { status: 'Enabled' },
  });

  new S3BucketServerSideEncryptionConfigurationA(scope, 'bucket_encryption', {
    bucket: bucket.id,
    rule: [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: encryption.s3Key.arn },
        bucketKeyEnabled: true,
      },
    ],
  });

  const publicAccessBlock = new S3BucketPublicAccessBlock(scope, 'bucket_public_access_block', {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });

  const aged = (id: string, prefix: string) => ({
    id,
    status: 'Enabled',
    filter: [{ prefix }],
    transition: [{ days: GLACIER_AFTER_DAYS, storageClass: 'GLACIER' }],
    expiration: [{ days }],
  });
  const lifecycle = new S3BucketLifecycleConfiguration(scope, 'bucket_lifecycle', {
    bucket: bucket.id,
    // S3's default, since September 2024, leaves objects under 128 KB where they are, and most log files are smaller.
    transitionDefaultMinimumObjectSize: 'varies_by_storage_class',
    rule: [
      aged('flow-logs', `AWSLogs/${deployment.accountId}/vpcflowlogs/`),
      aged('cloudtrail', `AWSLogs/${deployment.accountId}/CloudTrail`), // its digests too
      {
        // Expiring and deleting only add a version: without this rule a versioned bucket keeps everything permanently.
        id: 'superseded',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        noncurrentVersionExpiration: [{ noncurrentDays: days }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: ABORT_UPLOAD_AFTER_DAYS }],
      },
    ],
    dependsOn: [versioning],
  });

  const policy = new S3BucketPolicy(scope, 'bucket_policy', {
    bucket: bucket.id,
    policy: policyJson(scope, 'bucket_permissions', bucketPolicy(bucket, deployment, names.trail, profile)),
    dependsOn: [publicAccessBlock], // S3 refuses two changes of a bucket's access at a time
  });

  const objectLock = profile.forceDestroy ? undefined : lockObjects(scope, bucket, config, versioning);
  const protection = profile.forceDestroy ? [] : [lifecycle, ...(objectLock ? [objectLock] : [])];
  return { bucket, policy, objectLock, protection };
}

/**
 * Locks each new object by default. A resource of its own, so that a bucket that exists is not replaced:
 * https://aws.amazon.com/about-aws/whats-new/2023/11/amazon-s3-enabling-object-lock-buckets/
 */
function lockObjects(
  scope: Construct,
  bucket: S3Bucket,
  { auditRetentionDays: days, auditLock }: AuditBucketConfig,
  versioning: S3BucketVersioningA,
): S3BucketObjectLockConfigurationA | undefined {
  if (auditLock === 'none') return undefined;
  return new S3BucketObjectLockConfigurationA(scope, 'bucket_object_lock', {
    bucket: bucket.id,
    rule: { defaultRetention: { mode: auditLock.toUpperCase(), days } },
    dependsOn: [versioning],
  });
}
