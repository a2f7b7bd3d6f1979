import * as at from '../addresses';
import type { Row } from '../row';
import type { Stack } from '../stack';

const S3_POLICY = 'payments_encryption_s3_key_policy';
const SQS_POLICY = 'payments_encryption_sqs_key_policy';
const DYNAMODB_POLICY = 'payments_encryption_dynamodb_key_policy';

function category(
  demand: string,
  key: string,
  policy: string,
  users: (stack: Stack) => unknown[],
  resources: string[],
): Row {
  return {
    demand,
    met: 'A customer-managed key with a policy of its own, used by these and by nothing else.',
    resources: [key, ...resources],
    shows: (stack) => {
      expect(stack.at(key)).toMatchObject({ policy: `${at.documentOf(policy)}.json` });
      expect(users(stack)).toEqual(Array(users(stack).length).fill(`${key}.arn`));
    },
  };
}

/** KMS Encryption Infrastructure: the keys. */
export const keys: readonly Row[] = [
  {
    demand: 'Three customer-managed keys',
    met: 'As asked.',
    resources: at.KEYS,
    shows: (stack) => {
      expect(stack.addressesOf('aws_kms_key').sort()).toEqual([...at.KEYS].sort());
    },
  },
  category(
    'One key for S3 and CloudTrail',
    at.S3_KEY,
    S3_POLICY,
    (stack) => [
      (
        stack.at(at.BUCKET_ENCRYPTION).rule as {
          apply_server_side_encryption_by_default: { kms_master_key_id: string };
        }[]
      )[0]?.apply_server_side_encryption_by_default.kms_master_key_id,
      stack.at(at.TRAIL).kms_key_id,
    ],
    [at.BUCKET_ENCRYPTION, at.TRAIL],
  ),
  category(
    'One key for SQS and SNS',
    at.SQS_KEY,
    SQS_POLICY,
    (stack) => [...stack.each('aws_sqs_queue', 'kms_master_key_id'), stack.at(at.TOPIC).kms_master_key_id],
    [...at.QUEUES, at.TOPIC],
  ),
  category(
    'One key for DynamoDB and CloudWatch Logs',
    at.DYNAMODB_KEY,
    DYNAMODB_POLICY,
    (stack) => [
      (stack.at(at.TABLE).server_side_encryption as { kms_key_arn: string }).kms_key_arn,
      ...stack.each('aws_cloudwatch_log_group', 'kms_key_id'),
    ],
    [at.TABLE, ...at.LOG_GROUPS, at.DELIVERY_LOGS, at.DELIVERY_FAILURE_LOGS],
  ),
  {
    demand: 'Automatic rotation of each key',
    met: 'As asked.',
    resources: at.KEYS,
    shows: (stack) => {
      expect(stack.each('aws_kms_key', 'enable_key_rotation')).toEqual([true, true, true]);
    },
  },
];

/** KMS Encryption Infrastructure: how keys end, and what they are called. */
export const keyNames: readonly Row[] = [
  {
    demand: 'A deletion window of seven days',
    met: 'On each key in the profile `dev`; thirty in `production`.',
    deviation: 'D25',
    resources: at.KEYS,
    shows: (stack) => {
      expect(stack.each('aws_kms_key', 'deletion_window_in_days')).toEqual([7, 7, 7]);
    },
  },
  {
    demand: 'Aliases alias/payment-s3-dev, alias/payment-sqs-dev and alias/payment-dynamodb-dev',
    met: 'As asked, each on its key.',
    resources: at.KEY_ALIASES,
    shows: (stack) => {
      expect(at.KEY_ALIASES.map((alias) => stack.at(alias))).toEqual([
        { name: 'alias/payment-s3-dev', target_key_id: `${at.S3_KEY}.key_id` },
        { name: 'alias/payment-sqs-dev', target_key_id: `${at.SQS_KEY}.key_id` },
        { name: 'alias/payment-dynamodb-dev', target_key_id: `${at.DYNAMODB_KEY}.key_id` },
      ]);
    },
  },
];
