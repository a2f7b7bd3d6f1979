import assert from 'node:assert/strict';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  ListTagsOfResourceCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { only, unlessMissing, type Assertion, type Deployed } from './assertion';
import { keyArn } from './keys';
import { TABLE } from './names';

export async function describeTable({ aws }: Deployed): Promise<TableDescription> {
  const { Table } = await aws.dynamodb.send(new DescribeTableCommand({ TableName: TABLE }));
  return Table!;
}

function table(what: string, check: (table: TableDescription, deployed: Deployed) => Promise<void> | void): Assertion {
  return {
    type: 'aws_dynamodb_table',
    what,
    check: async (deployed) => check(await describeTable(deployed), deployed),
  };
}

export const tableAssertions: readonly Assertion[] = [
  table('keyed by the transaction', ({ KeySchema, AttributeDefinitions = [] }) => {
    assert.deepEqual(KeySchema, [{ AttributeName: 'transaction_id', KeyType: 'HASH' }]);
    assert.deepEqual(
      Object.fromEntries(
        AttributeDefinitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]),
      ),
      { transaction_id: 'S', payment_status: 'S', timestamp: 'S' },
    );
  }),
  table('active, paid for by request', ({ TableStatus, BillingModeSummary }) => {
    assert.equal(TableStatus, 'ACTIVE');
    assert.equal(BillingModeSummary?.BillingMode, 'PAY_PER_REQUEST');
  }),
  table(
    'its index finds payments by status and time, and says of each what an analysis needs',
    ({ GlobalSecondaryIndexes }) => {
      const { IndexName, KeySchema, Projection } = only(GlobalSecondaryIndexes, 'index');
      assert.equal(IndexName, 'status-timestamp-index');
      assert.deepEqual(KeySchema, [
        { AttributeName: 'payment_status', KeyType: 'HASH' },
        { AttributeName: 'timestamp', KeyType: 'RANGE' },
      ]);
      assert.equal(Projection?.ProjectionType, 'INCLUDE');
      assert.deepEqual(
        new Set(Projection.NonKeyAttributes),
        new Set(['account_id', 'failure_code', 'attempts', 'release_id']),
      );
    },
  ),
  table("encrypted with the pipeline's own key", async ({ SSEDescription }, deployed) => {
    assert.equal(SSEDescription?.Status, 'ENABLED');
    assert.equal(SSEDescription.SSEType, 'KMS');
    assert.equal(SSEDescription.KMSMasterKeyArn, await keyArn(deployed, 'dynamodb'));
  }),
  table('not protected from deletion, as it is the dev profile', ({ DeletionProtectionEnabled }) => {
    assert.equal(DeletionProtectionEnabled ?? false, false);
  }),
  table('of the standard class', ({ TableClassSummary }) => {
    assert.equal(unlessMissing(TableClassSummary, 'moto names no table class').TableClass, 'STANDARD');
  }),
  table('tagged as the provider tags everything', async ({ TableArn }, { aws }) => {
    const { Tags = [] } = await aws.dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: TableArn }));
    const tags = Object.fromEntries(Tags.map(({ Key = '', Value }) => [Key, Value]));
    assert.deepEqual(
      {
        Environment: tags.Environment,
        DataClassification: tags.DataClassification,
        Compliance: tags.Compliance,
        ManagedBy: tags.ManagedBy,
      },
      { Environment: 'dev', DataClassification: 'sensitive', Compliance: 'pci-dss', ManagedBy: 'terraform' },
    );
  }),
  table('can be restored to any second of the past weeks', async (_table, { aws }) => {
    const { ContinuousBackupsDescription } = await aws.dynamodb.send(
      new DescribeContinuousBackupsCommand({ TableName: TABLE }),
    );
    assert.equal(ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus, 'ENABLED');
  }),
];
