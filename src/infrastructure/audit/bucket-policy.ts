import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import type { AwsEnvironment } from '../aws-environment';
import type { Profile } from '../profile';
import { account, condition, EVERYBODY, service, type Statement } from '../policy';

const ENCRYPTION_HEADER = 's3:x-amz-server-side-encryption';

/** The bucket policy of the audit bucket. AWS services may write below `AWSLogs/<account>/` only. */
export function bucketPolicy(
  bucket: S3Bucket,
  deployment: AwsEnvironment,
  trail: string,
  { forceDestroy }: Profile,
): Statement[] {
  const objects = `${bucket.arn}/*`;
  return [
    {
      sid: 'AccountRoot',
      actions: ['s3:*'],
      resources: [bucket.arn, objects],
      principals: account(deployment.accountRoot),
    },
    ...denials(bucket.arn, objects),
    ...(forceDestroy ? [] : [denyDeletion(bucket.arn, objects)]),
    ...trailDelivery(bucket.arn, deployment, trail),
    ...flowLogDelivery(bucket.arn, deployment),
  ];
}

function denials(bucketArn: string, objects: string): Statement[] {
  return [
    {
      sid: 'DenyUnencryptedUploads',
      effect: 'Deny',
      actions: ['s3:PutObject'],
      resources: [objects],
      principals: EVERYBODY,
      condition: [
        condition('StringNotEquals', ENCRYPTION_HEADER, 'aws:kms'),
        // Log delivery sends no header, and gets the bucket's default; CloudTrail's digests are AES256.
        condition('Bool', 'aws:PrincipalIsAWSService', 'false'),
      ],
    },
    {
      sid: 'DenyOtherEncryption',
      effect: 'Deny',
      actions: ['s3:PutObject'],
      resources: [objects],
      principals: EVERYBODY,
      condition: [
        condition('Null', ENCRYPTION_HEADER, 'false'),
        condition('StringNotEquals', ENCRYPTION_HEADER, 'aws:kms', 'AES256'),
      ],
    },
    {
      sid: 'DenyPlainHttp',
      effect: 'Deny',
      actions: ['s3:*'],
      resources: [bucketArn, objects],
      principals: EVERYBODY,
      condition: [condition('Bool', 'aws:SecureTransport', 'false')],
    },
  ];
}

/** S3 itself deletes by age all the same: a lifecycle needs no permission. */
function denyDeletion(bucketArn: string, objects: string): Statement {
  return {
    sid: 'DenyDeletion',
    effect: 'Deny',
    actions: ['DeleteObject', 'DeleteObjectVersion', 'BypassGovernanceRetention', 'DeleteBucket'].map(
      (action) => `s3:${action}`,
    ),
    resources: [bucketArn, objects],
    principals: EVERYBODY,
  };
}

/** AWS page "Amazon S3 bucket policy for CloudTrail". */
function trailDelivery(bucketArn: string, deployment: AwsEnvironment, trail: string): Statement[] {
  const fromTrail = condition('ArnEquals', 'aws:SourceArn', deployment.trailArn(trail));
  return [
    {
      sid: 'TrailChecksBucket',
      actions: ['s3:GetBucketAcl'],
      resources: [bucketArn],
      principals: service('cloudtrail.amazonaws.com'),
      condition: [fromTrail],
    },
    {
      sid: 'TrailWritesLogs',
      actions: ['s3:PutObject'],
      resources: [`${bucketArn}/AWSLogs/${deployment.accountId}/*`],
      principals: service('cloudtrail.amazonaws.com'),
      condition: [fromTrail, condition('StringEquals', 's3:x-amz-acl', 'bucket-owner-full-control')],
    },
  ];
}

/**
 * AWS pages "Amazon S3 bucket permissions for flow logs" and, for `s3:ListBucket`, "Logs sent to Amazon S3" of CloudWatch Logs. The first
 * pair delivers, and is AWS's in names and wording: CreateFlowLogs appends it to a policy that lacks it, or replaces the policy.
 */
function flowLogDelivery(bucketArn: string, deployment: AwsEnvironment): Statement[] {
  return [
    ...deliveryBy('delivery.logs.amazonaws.com', 'AWSLogDelivery', bucketArn, deployment),
    ...deliveryBy('vpc-flow-logs.amazonaws.com', 'FlowLogs', bucketArn, deployment),
  ];
}

function deliveryBy(principal: string, sid: string, bucketArn: string, deployment: AwsEnvironment): Statement[] {
  const principals = service(principal);
  const fromAccount = [
    condition('StringEquals', 'aws:SourceAccount', deployment.accountId),
    condition('ArnLike', 'aws:SourceArn', deployment.arn('logs', '*')),
  ];
  return [
    {
      sid: `${sid}Write`,
      actions: ['s3:PutObject'],
      resources: [`${bucketArn}/AWSLogs/${deployment.accountId}/*`],
      principals,
      condition: [...fromAccount, condition('StringEquals', 's3:x-amz-acl', 'bucket-owner-full-control')],
    },
    {
      sid: `${sid}AclCheck`,
      actions: ['s3:GetBucketAcl', 's3:ListBucket'],
      resources: [bucketArn],
      principals,
      condition: fromAccount,
    },
  ];
}
