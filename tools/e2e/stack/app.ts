import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { App } from 'cdktf';
import { PaymentStack } from '../../../src/app/payment-stack';
import type { ProfileName } from '../../../src/infrastructure/profile';
import { FRAUD_API } from '../payments/score-api';
import { OUTCOME_QUEUE } from '../support/names';

/**
 * Creates the stack that this project deploys, with what it leaves to others: a fraud API of its own contract, outcomes to a queue, one
 * email for an outage.
 */
export function createStack(app: App, profile?: ProfileName): PaymentStack {
  const variables = { fraud_api_adapter: FRAUD_API.adapter };
  const stack = new PaymentStack(app, profile, variables, { outcomes: 'topic', alarms: { 'payments-outage': true } });
  const kmsMasterKeyId = stack.pipeline.encryption.sqsKey.arn;
  const queue = new SqsQueue(stack, 'outcome_queue', { name: OUTCOME_QUEUE, fifoQueue: true, kmsMasterKeyId });
  stack.pipeline.grantReadOutcomes(queue);
  return stack;
}

if (require.main === module) {
  const app = new App();
  createStack(app, process.argv[2] as ProfileName | undefined);
  app.synth();
}
