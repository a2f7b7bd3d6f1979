import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { EmbeddedAws } from './aws';

/** The visibility timeout of a queue that sets none. */
export const HIDDEN_SECONDS = 360;

/** A FIFO queue of the embedded SQS, called by the AWS SDK. */
export class SqsFifoQueue {
  private static count = 0;

  private constructor(
    readonly url: string,
    private readonly sqs: SQSClient,
  ) {}

  static async create(
    { sqs }: Pick<EmbeddedAws, 'sqs'>,
    attributes: Record<string, string> = {},
    QueueName = `queue-${++SqsFifoQueue.count}.fifo`,
  ): Promise<SqsFifoQueue> {
    const Attributes = { FifoQueue: 'true', VisibilityTimeout: String(HIDDEN_SECONDS), ...attributes };
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
    return new SqsFifoQueue(QueueUrl!, sqs);
  }

  get arn(): string {
    return `arn:aws:sqs:ap-southeast-1:000000000000:${this.url.split('/').at(-1)}`;
  }

  send(group: string, body: string, deduplicationId?: string) {
    return this.sqs.send(
      new SendMessageCommand({
        QueueUrl: this.url,
        MessageBody: body,
        MessageGroupId: group,
        MessageDeduplicationId: deduplicationId ?? body,
      }),
    );
  }

  /** @param waitSeconds a long poll's length */
  async receive(max = 10, waitSeconds = 0): Promise<Message[]> {
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages: max,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages;
  }

  delete({ ReceiptHandle }: Message) {
    return this.sqs.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle }));
  }

  hide({ ReceiptHandle }: Message, seconds: number) {
    return this.sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: this.url, ReceiptHandle, VisibilityTimeout: seconds }),
    );
  }
}

export const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => Body);
