import { condition, throughService } from '../policy';
import type { GitHubSettings } from './props';
import { auditBucketArn, type PermissionSet, tableArn, type PipelineArns } from './permission-set';

const READ_TABLE = ['DescribeTable', 'DescribeContinuousBackups', 'DescribeTimeToLive', 'ListTagsOfResource'];
const WRITE_TABLE = [
  'CreateTable',
  'UpdateTable',
  'UpdateContinuousBackups',
  'TagResource',
  'UntagResource',
  'DeleteTable',
];

/** Actions of `s3:` with which `aws_s3_bucket` reads a bucket, whether the setting is used or not. */
const READ_BUCKET = [
  ...['GetAccelerateConfiguration', 'GetBucketAcl', 'GetBucketCORS', 'GetBucketLocation', 'GetBucketLogging'],
  ...['GetBucketObjectLockConfiguration', 'GetBucketPolicy', 'GetBucketPublicAccessBlock', 'GetBucketRequestPayment'],
  ...[
    'GetBucketTagging',
    'GetBucketVersioning',
    'GetBucketWebsite',
    'GetEncryptionConfiguration',
    'GetLifecycleConfiguration',
  ],
  ...['GetReplicationConfiguration', 'ListBucket'],
];
const WRITE_BUCKET = [
  ...['CreateBucket', 'PutBucketPolicy', 'PutBucketPublicAccessBlock', 'PutBucketTagging', 'PutBucketVersioning'],
  ...['PutEncryptionConfiguration', 'PutLifecycleConfiguration', 'PutBucketObjectLockConfiguration'],
  ...['DeleteBucketPolicy', 'DeleteBucket'],
];

/** Each key's own policy allows `deploymentPrincipalArn` to administer it. These actions name no key, or read any. */
const READ_KEYS = ['DescribeKey', 'GetKeyPolicy', 'GetKeyRotationStatus', 'ListResourceTags'];
/** AWS page "DynamoDB encryption at rest usage notes": needed to create a table with a key. */
const ENCRYPT_TABLE = ['CreateGrant', 'Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey*', 'ReEncrypt*'];

/** Table, audit bucket and keys. No item, object or secret can be read; no object of the audit trail deleted. */
export function storagePermissions(
  target: PipelineArns,
  { tablePolicy }: Pick<GitHubSettings, 'tablePolicy'>,
): PermissionSet {
  const { names, deployment } = target;
  const table = [tableArn(target)];
  const bucket = [auditBucketArn(target)];
  const keys = [deployment.arn('kms', 'key/*')];
  const aliases = (['s3', 'sqs', 'dynamodb'] as const).map((purpose) => deployment.arn('kms', names.keyAlias(purpose)));
  const here = condition('StringEquals', 'aws:RequestedRegion', deployment.region);
  const throughDynamodb = condition('StringEquals', 'kms:ViaService', ...throughService('dynamodb', deployment.region));
  return {
    read: [
      { sid: 'ReadTable', actions: READ_TABLE.map((action) => `dynamodb:${action}`), resources: table },
      ...(tablePolicy ? [{ sid: 'ReadTablePolicy', actions: ['dynamodb:GetResourcePolicy'], resources: table }] : []),
      { sid: 'ReadAuditBucket', actions: READ_BUCKET.map((action) => `s3:${action}`), resources: bucket },
      { sid: 'ReadKeys', actions: READ_KEYS.map((action) => `kms:${action}`), resources: keys },
      { sid: 'ReadAliases', actions: ['kms:ListAliases'], resources: ['*'], condition: [here] },
    ],
    write: [
      { sid: 'WriteTable', actions: WRITE_TABLE.map((action) => `dynamodb:${action}`), resources: table },
      ...(tablePolicy
        ? [
            {
              sid: 'WriteTablePolicy',
              actions: ['dynamodb:PutResourcePolicy', 'dynamodb:DeleteResourcePolicy'],
              resources: table,
            },
          ]
        : []),
      {
        sid: 'EncryptTable',
        actions: ENCRYPT_TABLE.map((action) => `kms:${action}`),
        resources: keys,
        condition: [throughDynamodb],
      },
      { sid: 'WriteAuditBucket', actions: WRITE_BUCKET.map((action) => `s3:${action}`), resources: bucket },
      { sid: 'CreateKeys', actions: ['kms:CreateKey', 'kms:TagResource'], resources: ['*'], condition: [here] },
      { sid: 'WriteAliases', actions: ['kms:CreateAlias', 'kms:UpdateAlias', 'kms:DeleteAlias'], resources: aliases },
    ],
  };
}
