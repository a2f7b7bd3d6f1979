import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { Cloudtrail } from '@cdktf/provider-aws/lib/cloudtrail';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import type { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { Construct } from 'constructs';
import { type AuditBucketConfig, createAuditBucket } from './audit-bucket';
import { createTrail, type TrailConfig } from './trail';

export type AuditConfig = AuditBucketConfig & Pick<TrailConfig, 'logRetentionDays'>;

/** The audit trail of the AWS account, and the bucket that stores it. */
export class Audit extends Construct {
  /** Keeps the trail's logs and the flow logs. */
  readonly bucket: S3Bucket;
  /** Bucket policy. Log deliveries depend on it. */
  readonly bucketPolicy: S3BucketPolicy;
  /** Management events of all regions. */
  readonly trail: Cloudtrail;
  /** Log group with the trail's recent events. */
  readonly trailLogGroup: CloudwatchLogGroup;
  /** The role with which CloudTrail writes to the log group. */
  readonly trailRole: IamRole;

  constructor(scope: Construct, id: string, config: AuditConfig) {
    super(scope, id);

    const { bucket, policy } = createAuditBucket(this, config);
    const { trail, logGroup, role } = createTrail(this, { ...config, bucket, bucketPolicy: policy });

    this.bucket = bucket;
    this.bucketPolicy = policy;
    this.trail = trail;
    this.trailLogGroup = logGroup;
    this.trailRole = role;
  }
}
