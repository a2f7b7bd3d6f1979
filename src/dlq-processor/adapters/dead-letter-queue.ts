import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AWS_CLIENT_CONFIG, errorCode } from '../../runtime/aws-call';
import { type DeadLetterQueue, type Depth, ReadError, type Trace } from '../ports';

export class SqsDeadLetterQueue implements DeadLetterQueue {
  /** The endpoint is the SDK's (AWS_ENDPOINT_URL, or the region's own), whatever host the queue's URL names. */
  private readonly client = new SQSClient({ ...AWS_CLIENT_CONFIG, useQueueUrlAsEndpoint: false });

  constructor(
    private readonly queueUrl: string,
    private readonly trace: Trace,
  ) {}

  async depth(): Promise<Depth> {
    const question = new GetQueueAttributesCommand({
      QueueUrl: this.queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    });
    try {
      const { Attributes = {} } = await this.trace('dead-letter queue', () => this.client.send(question));
      return {
        visible: Number(Attributes.ApproximateNumberOfMessages),
        inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
      };
    } catch (error) {
      throw new ReadError('dead-letter queue', errorCode(error));
    }
  }
}
