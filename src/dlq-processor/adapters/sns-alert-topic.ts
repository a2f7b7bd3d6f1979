import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { AWS_CLIENT_CONFIG } from '../../runtime/aws-call';
import type { Alert, AlertTopic, Telemetry } from '../core/ports';
import { serviceCall } from './service-call';

export class SnsAlertTopic implements AlertTopic {
  private readonly client = new SNSClient(AWS_CLIENT_CONFIG);

  constructor(
    private readonly topicArn: string,
    private readonly telemetry: Telemetry,
  ) {}

  async publish({ subject, text }: Alert, abortSignal: AbortSignal): Promise<void> {
    const command = new PublishCommand({ TopicArn: this.topicArn, Subject: subject, Message: text });
    await serviceCall(this.telemetry, 'alert topic', 'publish an alert', () =>
      this.client.send(command, { abortSignal }),
    );
  }
}
