import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import type { Cloudtrail } from '@cdktf/provider-aws/lib/cloudtrail';
import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import type { S3BucketObjectLockConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration';
import type { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { Construct } from 'constructs';
import { DATA_EVENTS } from '../../contract/deployed-settings';
import { awsEnvironmentOf } from '../aws-environment';
import type { Names } from '../resource-names';
import { type AuditBucketConfig, createAuditBucket } from './audit-bucket';
import { type DataEvents, eventSelectors } from './data-events';
import { createTrail, type TrailConfig } from './trail';

export type AuditConfig = AuditBucketConfig &
  Pick<TrailConfig, 'logRetentionDays'> & {
    /** The data events that the trail records. */
    readonly dataEvents: DataEvents;
  };

/** The audit trail of the AWS account, and the bucket that stores it. */
export class Audit extends Construct {
  /** Keeps the trail's logs and the flow logs. */
  readonly bucket: S3Bucket;
  /** Bucket policy. Log deliveries depend on it. */
  readonly bucketPolicy: S3BucketPolicy;
  /** Locks each new object of the bucket. Undefined without a lock. */
  readonly objectLock: S3BucketObjectLockConfigurationA | undefined;
  /** Management events of all regions, and data events of the pipelines that use it. */
  readonly trail: Cloudtrail;
  /** The data events that the trail records, as options of the prop `dataEvents`. */
  readonly dataEvents: readonly (keyof DataEvents)[];
  /** Log group with the trail's recent events. */
  readonly trailLogGroup: CloudwatchLogGroup;
  /** The role with which CloudTrail writes to the log group. */
  readonly trailRole: IamRole;

  private readonly pipelines: Names[] = [];

  constructor(scope: Construct, id: string, config: AuditConfig) {
    super(scope, id);

    const { bucket, policy, objectLock, protection } = createAuditBucket(this, config);
    const { trail, logGroup, role } = createTrail(this, { ...config, bucket, dependsOn: [policy, ...protection] });

    this.bucket = bucket;
    this.bucketPolicy = policy;
    this.objectLock = objectLock;
    this.trail = trail;
    this.dataEvents = DATA_EVENTS.filter((event) => config.dataEvents[event]);
    this.trailLogGroup = logGroup;
    this.trailRole = role;
  }

  /** Lets the trail record the data events of a pipeline. Takes names, as the trail's stack must not wait for the pipeline's. */
  record(pipeline: Names): void {
    if (this.dataEvents.length === 0) return;
    this.pipelines.push(pipeline);
    const { trail, dataEvents: events, bucket, pipelines } = this;
    trail.resetEventSelector();
    trail.putAdvancedEventSelector(
      eventSelectors({ events, bucketArn: bucket.arn, deployment: awsEnvironmentOf(this), pipelines }),
    );
  }
}
