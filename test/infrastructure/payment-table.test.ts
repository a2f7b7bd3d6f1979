import { FraudApi, PaymentPipeline } from '../../src/index';
import { synthesize } from '../support/terraform';

test('the payment table', () => {
  const template = synthesize((stack) => {
    new PaymentPipeline(stack, 'payments', { fraudApi: FraudApi.url('https://fraud.example/check') });
  });

  expect(template.resource('aws_dynamodb_table', 'payments_payment_table')).toEqual({
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
    deletion_protection_enabled: false,
  });
});
