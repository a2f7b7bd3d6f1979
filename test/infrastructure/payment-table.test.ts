import { readTemplate } from '../../tools/kit/stacks/stacks';

test('the payment table', () => {
  expect(readTemplate('pipeline').resource('aws_dynamodb_table', 'payments_payment_table')).toEqual({
    name: 'payment-status-dev',
    billing_mode: 'PAY_PER_REQUEST',
    table_class: 'STANDARD',
    hash_key: 'transaction_id',
    attribute: [
      { name: 'transaction_id', type: 'S' },
      { name: 'payment_status', type: 'S' },
      { name: 'timestamp', type: 'S' },
    ],
    global_secondary_index: [
      {
        name: 'status-timestamp-index',
        hash_key: 'payment_status',
        range_key: 'timestamp',
        projection_type: 'INCLUDE',
        non_key_attributes: ['account_id', 'failure_code', 'attempts', 'release_id'],
      },
    ],
    point_in_time_recovery: { enabled: true },
    server_side_encryption: { enabled: true, kms_key_arn: '${aws_kms_key.payments_encryption_dynamodb_key.arn}' },
    deletion_protection_enabled: false,
  });
});
