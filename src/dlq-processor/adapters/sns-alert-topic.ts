import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { AWS_CLIENT_CONFIG } from '../../runtime/aws-call';
import type { ServiceCalls } from '../../runtime/service-calls';
import type { Alert, AlertTopic } from '../core/ports';

const client = new SNSClient(AWS_CLIENT_CONFIG);

export class SnsAlertTopic implements AlertTopic {
  constructor(
    private readonly topicArn: string,
    private readonly calls: ServiceCalls,
  ) {}

  async publish({ subject, text }: Alert): Promise<void> {
    const command = new PublishCommand({ TopicArn: this.topicArn, Subject: subject, Message: text });
    await this.calls.call('alert topic', 'publish an alert', (options) => client.send(command, options));
  }
}
