import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { EmbeddedAws } from './aws';

export interface Mail {
  readonly Subject: string;
  readonly Message: string;
}

/** A topic whose mail goes into a queue of the emulator. */
export class Mailbox {
  static async start(aws: EmbeddedAws, topic: string, policy?: string): Promise<Mailbox> {
    const queue = `mailbox-of-${topic}`;
    const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName: queue }));
    const topicArn = await createTopic(aws, topic, { ...(policy !== undefined && { Policy: policy }) }, { queue });
    return new Mailbox(aws.sqs, QueueUrl!, topicArn);
  }

  private constructor(
    private readonly sqs: EmbeddedAws['sqs'],
    private readonly queueUrl: string,
    readonly topicArn: string,
  ) {}

  /** The messages that the topic sent since the last call, ten at most. */
  async take(): Promise<Mail[]> {
    const QueueUrl = this.queueUrl;
    const { Messages = [] } = await this.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    for (const { ReceiptHandle } of Messages)
      await this.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    return Messages.map(({ Body }) => JSON.parse(Body!) as Mail);
  }
}

/** Creates a topic with one queue that is subscribed to it. @returns the topic's ARN */
export async function createTopic(
  { environment }: EmbeddedAws,
  Name: string,
  Attributes: Record<string, string>,
  subscriber: { readonly queue: string; readonly attributes?: Record<string, string> },
): Promise<string> {
  const region = environment.AWS_REGION!;
  const sns = new SNSClient({
    region,
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID!,
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY!,
    },
    endpoint: environment.AWS_ENDPOINT_URL_SNS!,
  });
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name, Attributes }));
  const Endpoint = `arn:aws:sqs:${region}:000000000000:${subscriber.queue}`;
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes: subscriber.attributes }));
  sns.destroy();
  return TopicArn!;
}
