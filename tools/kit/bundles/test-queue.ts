import { DeleteMessageBatchCommand, type Message, SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { randomUUID } from 'node:crypto';
import { SqsFifoQueue } from '../embedded/sqs-fifo-queue';
import type { Payment } from '../payments/black-box-payments';

/** A message for the queue. Its group is the payment's account unless said otherwise. */
export interface Outgoing {
  readonly body: Payment | string;
  readonly group?: string;
  readonly receiveCount?: number;
}

interface Inspection {
  readonly messages: {
    readonly inflight: { readonly message: { readonly messageId: string }; readonly visibilityDeadline: number }[];
  };
}

/** A FIFO queue of the emulator. */
export class TestQueue {
  private constructor(
    private readonly sqs: SQSClient,
    private readonly endpoint: string,
    private readonly queue: SqsFifoQueue,
  ) {}

  static async create(sqs: SQSClient, endpoint: string, name: string): Promise<TestQueue> {
    return new TestQueue(sqs, endpoint, await SqsFifoQueue.create({ sqs }, {}, name));
  }

  get url(): string {
    return this.queue.url;
  }

  /** Sends the messages and receives them, as records of one event in this order. */
  async deliver(messages: readonly Outgoing[]): Promise<SQSRecord[]> {
    // Each message travels in a group of its own: one that an earlier test returned would keep its group locked.
    const { Successful = [] } = await this.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: this.url,
        Entries: messages.map(({ body }, index) => ({
          Id: String(index),
          MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
          MessageGroupId: randomUUID(),
          MessageDeduplicationId: randomUUID(),
        })),
      }),
    );
    const received = new Map<string, Message>();
    // Others may come between: those that earlier tests returned.
    while (Successful.some(({ MessageId }) => !received.has(MessageId!))) {
      for (const message of await this.queue.receive()) received.set(message.MessageId!, message);
    }
    return messages.map((message, index) => {
      const { MessageId } = Successful.find(({ Id }) => Id === String(index))!;
      return recordOf(received.get(MessageId!)!, message);
    });
  }

  /** Receives and deletes everything. */
  async drain(): Promise<Message[]> {
    const messages = await this.queue.receive();
    if (messages.length === 0) return [];
    await this.remove(messages.map(({ ReceiptHandle }) => ReceiptHandle!));
    return [...messages, ...(await this.drain())];
  }

  async remove(receiptHandles: readonly string[]): Promise<void> {
    const Entries = receiptHandles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
    await this.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.url, Entries }));
  }

  /** Seconds from now until the message is visible again. */
  async secondsHidden({ messageId }: SQSRecord): Promise<number> {
    const inspection = (await (
      await fetch(`${this.endpoint}/_fauxqs/queues/${this.url.split('/').at(-1)}`)
    ).json()) as Inspection;
    const entry = inspection.messages.inflight.find(({ message }) => message.messageId === messageId);
    return entry === undefined ? 0 : (entry.visibilityDeadline - Date.now()) / 1_000;
  }
}

function recordOf(message: Message, { body, group, receiveCount = 1 }: Outgoing): SQSRecord {
  return {
    messageId: message.MessageId!,
    receiptHandle: message.ReceiptHandle!,
    body: message.Body!,
    attributes: {
      ...(message.Attributes as unknown as SQSRecord['attributes']),
      MessageGroupId: group ?? (typeof body === 'string' ? 'some-account' : body.account_id),
      ApproximateReceiveCount: String(receiveCount),
    },
    messageAttributes: {},
    md5OfBody: message.MD5OfBody!,
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:ap-southeast-1:000000000000:payments.fifo',
    awsRegion: 'ap-southeast-1',
  };
}
