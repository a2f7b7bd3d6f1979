import { DescribeContinuousBackupsCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListAliasesCommand,
} from '@aws-sdk/client-kms';
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
} from '@aws-sdk/client-s3';
import { orGap, type Reader, recorded, textOf } from './reader';

/** Readers of DynamoDB, KMS and S3. */
export const storage: Readonly<Record<string, Reader>> = {
  aws_dynamodb_table: async (asked, { aws }) => {
    const TableName = textOf(asked, 'name');
    const { Table = {} } = await aws.dynamodb.send(new DescribeTableCommand({ TableName }));
    const { ContinuousBackupsDescription } = await aws.dynamodb.send(
      new DescribeContinuousBackupsCommand({ TableName }),
    );
    const keyOf = (schema: typeof Table.KeySchema, type: string) =>
      schema?.find(({ KeyType }) => KeyType === type)?.AttributeName;
    return {
      name: Table.TableName,
      billing_mode: Table.BillingModeSummary?.BillingMode,
      table_class: orGap(Table.TableClassSummary?.TableClass, 'moto names no table class'),
      hash_key: keyOf(Table.KeySchema, 'HASH'),
      attribute: Table.AttributeDefinitions?.map(({ AttributeName, AttributeType }) => ({
        name: AttributeName,
        type: AttributeType,
      })),
      global_secondary_index: Table.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({
        name: IndexName,
        hash_key: keyOf(KeySchema, 'HASH'),
        range_key: keyOf(KeySchema, 'RANGE'),
        projection_type: Projection?.ProjectionType,
        non_key_attributes: Projection?.NonKeyAttributes,
      })),
      point_in_time_recovery: {
        enabled: ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED',
      },
      server_side_encryption: {
        enabled: Table.SSEDescription?.Status === 'ENABLED',
        kms_key_arn: Table.SSEDescription?.KMSMasterKeyArn,
      },
      deletion_protection_enabled: Table.DeletionProtectionEnabled ?? false,
    };
  },

  aws_kms_key: async (asked, { aws }) => {
    const KeyId = recorded(asked);
    const { KeyMetadata } = await aws.kms.send(new DescribeKeyCommand({ KeyId }));
    const { Policy } = await aws.kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
    const { KeyRotationEnabled } = await aws.kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    return { description: KeyMetadata?.Description, enable_key_rotation: KeyRotationEnabled, policy: Policy };
  },

  aws_kms_alias: async (asked, { aws }) => {
    const { Aliases = [] } = await aws.kms.send(new ListAliasesCommand({}));
    const alias = Aliases.find(({ AliasName }) => AliasName === textOf(asked, 'name'));
    return { name: alias?.AliasName, target_key_id: alias?.TargetKeyId };
  },

  aws_s3_bucket: async (asked, { aws }) => {
    const Bucket = textOf(asked, 'bucket');
    await aws.s3.send(new HeadBucketCommand({ Bucket }));
    return { bucket: Bucket };
  },

  aws_s3_bucket_policy: async (asked, { aws }) => {
    const Bucket = textOf(asked, 'bucket');
    return { bucket: Bucket, policy: (await aws.s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy };
  },

  aws_s3_bucket_versioning: async (asked, { aws }) => {
    const Bucket = textOf(asked, 'bucket');
    const { Status } = await aws.s3.send(new GetBucketVersioningCommand({ Bucket }));
    return { bucket: Bucket, versioning_configuration: { status: Status } };
  },

  aws_s3_bucket_public_access_block: async (asked, { aws }) => {
    const Bucket = textOf(asked, 'bucket');
    const answer = await aws.s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    const blocked = answer.PublicAccessBlockConfiguration;
    return {
      bucket: Bucket,
      block_public_acls: blocked?.BlockPublicAcls,
      block_public_policy: blocked?.BlockPublicPolicy,
      ignore_public_acls: blocked?.IgnorePublicAcls,
      restrict_public_buckets: blocked?.RestrictPublicBuckets,
    };
  },

  aws_s3_bucket_server_side_encryption_configuration: async (asked, { aws }) => {
    const Bucket = textOf(asked, 'bucket');
    const answer = await aws.s3.send(new GetBucketEncryptionCommand({ Bucket }));
    const rules = answer.ServerSideEncryptionConfiguration?.Rules?.map((rule) => ({
      apply_server_side_encryption_by_default: {
        kms_master_key_id: rule.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID,
        sse_algorithm: rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
      },
      bucket_key_enabled: rule.BucketKeyEnabled,
    }));
    return { bucket: Bucket, rule: rules };
  },

  aws_s3_bucket_lifecycle_configuration: async (asked, { aws }) => {
    const Bucket = textOf(asked, 'bucket');
    const { Rules, TransitionDefaultMinimumObjectSize } = await aws.s3.send(
      new GetBucketLifecycleConfigurationCommand({ Bucket }),
    );
    const rules = Rules?.map((rule) => ({
      id: rule.ID,
      status: rule.Status,
      filter: { prefix: rule.Filter?.Prefix },
      expiration: rule.Expiration && { days: rule.Expiration.Days },
      transition: rule.Transitions?.map(({ Days, StorageClass }) => ({ days: Days, storage_class: StorageClass })),
      noncurrent_version_expiration: rule.NoncurrentVersionExpiration && {
        noncurrent_days: rule.NoncurrentVersionExpiration.NoncurrentDays,
      },
      abort_incomplete_multipart_upload: rule.AbortIncompleteMultipartUpload && {
        days_after_initiation: rule.AbortIncompleteMultipartUpload.DaysAfterInitiation,
      },
    }));
    return { bucket: Bucket, transition_default_minimum_object_size: TransitionDefaultMinimumObjectSize, rule: rules };
  },
};
