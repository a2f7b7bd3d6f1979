import { findPipeline } from '../../src/ops/pipeline';
import { shownAccount } from '../../src/ops/shown';

test.each([
  ['account-4711', '…4711'],
  ['alice', '…e'],
  ['ab', '…'],
])('of account %s no more than a third is shown', (account, shown) => {
  expect(shownAccount(account, { full: false })).toBe(shown);
  expect(shownAccount(account, { full: true })).toBe(account);
});

test('by names, the pipeline is where the construct puts it', () => {
  expect(findPipeline({ environment: 'prod', queueName: 'payouts' })).toMatchObject({
    region: undefined,
    paymentQueue: 'payouts.fifo',
    deadLetterQueue: 'payouts-dlq.fifo',
    paymentTable: 'payment-status-prod',
    paymentProcessor: 'lambda-payment-processor-prod',
    dlqProcessor: 'lambda-dlq-processor-prod',
  });
});
