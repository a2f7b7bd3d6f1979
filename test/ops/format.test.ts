import { findPipeline } from '../../src/ops/pipeline';
import { shownAccount } from '../../src/ops/format';

test.each([
  ['account-4711', '…4711'],
  ['alice', '…e'],
  ['ab', '…'],
])('of account %s no more than a third is shown', (account, shown) => {
  expect(shownAccount(account, { full: false })).toBe(shown);
  expect(shownAccount(account, { full: true })).toBe(account);
});

test('by names, the pipeline is where the construct puts it', () => {
  const pipeline = findPipeline({ environment: 'prod', queueName: 'payouts' });
  const topic = (environment: string) => [`arn:aws:sns:eu-west-1:000000000000:sns-payment-alerts-${environment}`];
  expect(pipeline.isAlarm({ name: 'alarm-x-prod', actions: topic('prod'), description: '' })).toBe(true);
  expect(pipeline.isAlarm({ name: 'alarm-x-eu-prod', actions: topic('eu-prod'), description: '' })).toBe(false);
  expect(pipeline).toMatchObject({
    region: undefined,
    paymentQueue: 'payouts.fifo',
    deadLetterQueue: 'payouts-dlq.fifo',
    paymentTable: 'payment-status-prod',
    paymentProcessor: 'lambda-payment-processor-prod',
    dlqProcessor: 'lambda-dlq-processor-prod',
  });
});
