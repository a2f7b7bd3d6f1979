import * as at from '../addresses';
import type { Row } from '../row';

/** S3 Storage for Audit Logs: the bucket. */
export const bucket: readonly Row[] = [
  {
    demand: 'A bucket named s3-audit-logs-dev-ACCOUNT_ID',
    met: 'As asked.',
    resources: [at.BUCKET],
    shows: (stack) => {
      expect(stack.addressesOf('aws_s3_bucket')).toEqual([at.BUCKET]);
      expect(stack.at(at.BUCKET)).toMatchObject({ bucket: 's3-audit-logs-dev-ACCOUNT_ID' });
    },
  },
  {
    demand: 'The bucket stores flow logs and CloudTrail data',
    met: 'Both deliver to it, below `AWSLogs/ACCOUNT_ID/`, and nowhere else.',
    resources: [at.BUCKET, at.FLOW_LOG_TO_BUCKET, at.TRAIL],
    shows: (stack) => {
      expect(stack.at(at.FLOW_LOG_TO_BUCKET)).toMatchObject({ log_destination: `${at.BUCKET}.arn` });
      expect(stack.at(at.TRAIL)).toMatchObject({ s3_bucket_name: `${at.BUCKET}.id` });
    },
  },
  {
    demand: 'Server-side encryption with a dedicated KMS key',
    met: 'SSE-KMS with the S3 key by default, with a bucket key, which saves most of the calls to KMS.',
    resources: [at.BUCKET_ENCRYPTION, at.S3_KEY],
    shows: (stack) => {
      expect(stack.at(at.BUCKET_ENCRYPTION)).toEqual({
        bucket: `${at.BUCKET}.id`,
        rule: [
          {
            apply_server_side_encryption_by_default: {
              sse_algorithm: 'aws:kms',
              kms_master_key_id: `${at.S3_KEY}.arn`,
            },
            bucket_key_enabled: true,
          },
        ],
      });
    },
  },
  {
    demand: 'Versioning',
    met: 'As asked.',
    resources: [at.BUCKET_VERSIONING],
    shows: (stack) => {
      expect(stack.at(at.BUCKET_VERSIONING)).toEqual({
        bucket: `${at.BUCKET}.id`,
        versioning_configuration: { status: 'Enabled' },
      });
    },
  },
  {
    demand: 'All four settings that block public access',
    met: 'As asked.',
    resources: [at.BUCKET_ACCESS],
    shows: (stack) => {
      expect(stack.at(at.BUCKET_ACCESS)).toEqual({
        bucket: `${at.BUCKET}.id`,
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      });
    },
  },
];

/** S3 Storage for Audit Logs: how its contents end. */
export const bucketLifecycle: readonly Row[] = [
  {
    demand: 'force_destroy on the bucket',
    met: 'True in the profile `dev`; false in `production`.',
    deviation: 'D25',
    resources: [at.BUCKET],
    shows: (stack) => {
      expect(stack.at(at.BUCKET)).toMatchObject({ force_destroy: true });
    },
  },
  {
    demand: 'Lifecycle rules have a filter block',
    met: 'Each rule has one.',
    resources: [at.BUCKET_LIFECYCLE],
    shows: (stack) => {
      const rules = stack.at(at.BUCKET_LIFECYCLE).rule as { filter: unknown }[];
      expect(rules.map(({ filter }) => filter)).toEqual([
        [{ prefix: 'AWSLogs/ACCOUNT_ID/vpcflowlogs/' }],
        [{ prefix: 'AWSLogs/ACCOUNT_ID/CloudTrail' }],
        [{ prefix: '' }],
      ]);
      expect(stack.at(at.BUCKET_LIFECYCLE)).toMatchObject({
        bucket: `${at.BUCKET}.id`,
        depends_on: [at.BUCKET_VERSIONING],
      });
    },
  },
  {
    demand: 'Flow logs move to Glacier after thirty days and expire after ninety',
    met: 'As asked, objects under 128 KB included, which S3 leaves out by default; CloudTrail objects too, and what versioning and broken-off uploads would keep for ever.',
    deviation: 'D20',
    resources: [at.BUCKET_LIFECYCLE],
    shows: (stack) => {
      const aged = {
        status: 'Enabled',
        transition: [{ days: 30, storage_class: 'GLACIER' }],
        expiration: [{ days: 90 }],
      };
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
      expect(stack.at(at.BUCKET_LIFECYCLE).transition_default_minimum_object_size).toBe('varies_by_storage_class');
      expect(stack.at(at.BUCKET_LIFECYCLE).rule).toMatchObject([
        { id: 'flow-logs', ...aged },
        { id: 'cloudtrail', ...aged },
        {
          id: 'superseded',
          status: 'Enabled',
          noncurrent_version_expiration: [{ noncurrent_days: 90 }],
          abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
        },
      ]);
    },
  },
];
