import * as at from '../addresses';
import type { Row } from '../row';

/** DynamoDB Transaction State Storage. */
export const dynamodb: readonly Row[] = [
  {
    demand: 'A table named payment-status-dev',
    met: 'The explicit name, not the `dynamodb-payment-status-dev` that the naming section gives as an example.',
    deviation: 'D17',
    resources: [at.TABLE],
    shows: (stack) => {
      expect(stack.addressesOf('aws_dynamodb_table')).toEqual([at.TABLE]);
      expect(stack.at(at.TABLE)).toMatchObject({ name: 'payment-status-dev' });
    },
  },
  {
    demand: 'transaction_id is the partition key, a string',
    met: 'As asked; there is no sort key.',
    resources: [at.TABLE],
    shows: (stack) => {
      expect(stack.at(at.TABLE)).toMatchObject({ hash_key: 'transaction_id' });
      expect(stack.at(at.TABLE)).not.toHaveProperty('range_key');
      expect(stack.at(at.TABLE).attribute).toContainEqual({ name: 'transaction_id', type: 'S' });
    },
  },
  {
    demand: 'On-demand billing',
    met: 'As asked.',
    resources: [at.TABLE],
    shows: (stack) => {
      expect(stack.at(at.TABLE)).toMatchObject({ billing_mode: 'PAY_PER_REQUEST' });
    },
  },
  {
    demand: 'Point-in-time recovery',
    met: 'As asked.',
    resources: [at.TABLE],
    shows: (stack) => {
      expect(stack.at(at.TABLE).point_in_time_recovery).toEqual({ enabled: true });
    },
  },
  {
    demand: 'Server-side encryption with the DynamoDB KMS key',
    met: 'As asked.',
    resources: [at.TABLE, at.DYNAMODB_KEY],
    shows: (stack) => {
      expect(stack.at(at.TABLE).server_side_encryption).toEqual({
        enabled: true,
        kms_key_arn: `${at.DYNAMODB_KEY}.arn`,
      });
    },
  },
  {
    demand: 'A global secondary index named status-timestamp-index',
    met: 'As asked.',
    resources: [at.TABLE],
    shows: (stack) => {
      expect(stack.at(at.TABLE).global_secondary_index).toEqual([
        expect.objectContaining({ name: 'status-timestamp-index' }),
      ]);
    },
  },
  {
    demand: 'The index has payment_status as partition key and timestamp as sort key',
    met: 'As asked, both strings.',
    resources: [at.TABLE],
    shows: (stack) => {
      expect(stack.at(at.TABLE).global_secondary_index).toMatchObject([
        { hash_key: 'payment_status', range_key: 'timestamp' },
      ]);
      const attributes = stack.at(at.TABLE).attribute as { name: string; type: string }[];
      expect(Object.fromEntries(attributes.map(({ name, type }) => [name, type]))).toEqual({
        transaction_id: 'S',
        payment_status: 'S',
        timestamp: 'S',
      });
      expect(attributes).toHaveLength(3);
    },
  },
  {
    demand: 'The index supports queries by transaction status',
    met: 'It holds what a list by status shows, and no more, as every attribute costs a write.',
    resources: [at.TABLE],
    shows: (stack) => {
      expect(stack.at(at.TABLE).global_secondary_index).toMatchObject([
        { projection_type: 'INCLUDE', non_key_attributes: ['account_id', 'failure_code', 'attempts', 'release_id'] },
      ]);
    },
    shownBy: [{ file: 'test/contract/names.test.ts', test: 'statuses, and the index that finds them' }],
  },
  {
    demand: 'Deletion protection off',
    met: 'Off in the profile `dev`; on in `production`.',
    deviation: 'D25',
    resources: [at.TABLE],
    shows: (stack) => {
      expect(stack.at(at.TABLE)).toMatchObject({ deletion_protection_enabled: false });
    },
  },
  {
    demand: 'Standard table class',
    met: 'As asked.',
    resources: [at.TABLE],
    shows: (stack) => {
      expect(stack.at(at.TABLE)).toMatchObject({ table_class: 'STANDARD' });
    },
  },
];
