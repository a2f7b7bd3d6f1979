import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { Construct } from 'constructs';
import { type PaymentRecord, STATUS_INDEX, STATUS_INDEX_FIELDS } from '../contract/payment-record';
import type { Encryption } from './encryption';
import type { Names } from './resource-names';
import type { Profile } from './profile';

type Attribute = keyof PaymentRecord;

const KEY: Attribute = 'transaction_id';
const STATUS: Attribute = 'payment_status';
const TIMESTAMP: Attribute = 'timestamp';

export interface PaymentTableConfig {
  readonly names: Names;
  readonly profile: Profile;
  readonly encryption: Encryption;
}

/** One item per payment, found by its id, or by status in the order of the last transition. */
export function createPaymentTable(
  scope: Construct,
  { names, profile, encryption }: PaymentTableConfig,
): DynamodbTable {
  return new DynamodbTable(scope, 'payment_table', {
    name: names.paymentTable,
    billingMode: 'PAY_PER_REQUEST',
    tableClass: 'STANDARD',
    hashKey: KEY,
    attribute: [KEY, STATUS, TIMESTAMP].map((name) => ({ name, type: 'S' })),
    globalSecondaryIndex: [
      {
        name: STATUS_INDEX,
        hashKey: STATUS,
        rangeKey: TIMESTAMP,
        projectionType: 'INCLUDE',
        nonKeyAttributes: [...STATUS_INDEX_FIELDS],
      },
    ],
    pointInTimeRecovery: { enabled: true },
    serverSideEncryption: { enabled: true, kmsKeyArn: encryption.dynamodbKey.arn },
    deletionProtectionEnabled: profile.deletionProtection,
  });
}
