import { STATUS_INDEX } from '../../contract';
import { type Check, compareSettings, CUSTOMER_KEY, defineCheck, DEPLOY_AGAIN, WAIT } from './check';
import { defineRead } from './read';

export const paymentTable = defineRead({
  action: 'dynamodb:DescribeTable',
  subject: (pipeline) => `payment table ${pipeline.paymentTable}`,
  send: async ({ dynamoDb }, _found, pipeline) => {
    const { Table } = await dynamoDb.describeTable({ TableName: pipeline.paymentTable });
    return Table ?? {};
  },
});

const backups = defineRead({
  action: 'dynamodb:DescribeContinuousBackups',
  subject: (pipeline) => `payment table ${pipeline.paymentTable}`,
  send: async ({ dynamoDb }, _found, pipeline) => {
    const { ContinuousBackupsDescription } = await dynamoDb.describeContinuousBackups({
      TableName: pipeline.paymentTable,
    });
    return ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
  },
});

export const TABLE_CHECKS: readonly Check[] = [
  defineCheck({
    name: 'Payment table: state and settings',
    needs: { paymentTable },
    judge: ({ paymentTable: table }, { pipeline }) => {
      const index = table.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === STATUS_INDEX);
      const { keys, settings } = pipeline.expected();
      const isChanging = [table.TableStatus, index?.IndexStatus].some((state) => state?.endsWith('ING'));
      return [
        ...compareSettings(
          {
            'the table': [table.TableStatus, 'ACTIVE'],
            [`the index ${STATUS_INDEX}`]: [index?.IndexStatus, 'ACTIVE'],
          },
          isChanging ? WAIT : DEPLOY_AGAIN,
        ),
        ...compareSettings({
          'the key of its encryption': [table.SSEDescription?.KMSMasterKeyArn, keys?.dynamodb ?? CUSTOMER_KEY],
          ...(settings && {
            'the deletion protection': [table.DeletionProtectionEnabled ?? false, settings.deletion_protection],
          }),
        }),
      ];
    },
  }),
  defineCheck({
    name: 'Payment table: point-in-time recovery',
    needs: { backups },
    judge: ({ backups: { PointInTimeRecoveryStatus } }) =>
      compareSettings({ 'the point-in-time recovery': [PointInTimeRecoveryStatus, 'ENABLED'] }),
  }),
];
