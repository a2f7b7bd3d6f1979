import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { deduplicationId } from '../contract/fingerprint';
import type { PaymentOutcome } from '../contract/payment-outcome';
import { AWS_CLIENT_CONFIG } from './aws-call';
import type { OutcomeTopic } from './ports';
import type { ServiceCalls } from './service-calls';

const client = new SNSClient(AWS_CLIENT_CONFIG);

/** The outcome topic, an SNS FIFO topic, for one invocation. */
export class SnsOutcomeTopic implements OutcomeTopic {
  constructor(
    private readonly topicArn: string,
    private readonly calls: ServiceCalls,
  ) {}

  async publish(outcome: PaymentOutcome): Promise<void> {
    const { transaction_id, account_id, status, attempt } = outcome;
    const command = new PublishCommand({
      TopicArn: this.topicArn,
      Message: JSON.stringify(outcome),
      MessageGroupId: account_id,
      MessageDeduplicationId: deduplicationId.outcome(transaction_id, status, attempt),
    });
    await this.calls.call('outcome topic', 'publish an outcome', (options) => client.send(command, options));
  }
}
