import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { Cloudtrail } from '@cdktf/provider-aws/lib/cloudtrail';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import type { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { Construct } from 'constructs';
import type { Encryption } from '../encryption';
import type { Names } from '../names';
import type { Profile } from '../profile';
import { createAuditBucket } from './audit-bucket';
import { createTrail } from './trail';

export interface AuditConfig {
  readonly names: Names;
  readonly profile: Profile;
  readonly logRetentionDays: number;
  readonly encryption: Encryption;
}

/** Who did what in the account, and where it is kept. */
export class Audit extends Construct {
  /** Keeps the trail's logs and the flow logs. */
  readonly bucket: S3Bucket;
  /** What is delivered to the bucket waits for it. */
  readonly bucketPolicy: S3BucketPolicy;
  /** Management events of all regions. */
  readonly trail: Cloudtrail;
  /** The trail's events while they are new. */
  readonly trailLogGroup: CloudwatchLogGroup;
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
