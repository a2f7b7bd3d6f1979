import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { PaymentMessage } from '../../../src/contract';
import { type EmbeddedAws, startEmbeddedAws } from '../embedded/aws';

/** A payment queue on the emulator, for programs that send to it. */
export class EmbeddedQueue {
  static async start(): Promise<EmbeddedQueue> {
    const aws = await startEmbeddedAws('eu-west-1');
    const Attributes = { FifoQueue: 'true' };
    const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName: 'payments.fifo', Attributes }));
    return new EmbeddedQueue(aws, QueueUrl!);
  }

  private constructor(
    readonly aws: EmbeddedAws,
    private readonly queueUrl: string,
  ) {}

  /** Variables of a program that sends to the queue, and reads and writes objects of S3. */
  get environment(): Readonly<Record<string, string>> {
    const { environment } = this.aws;
    return {
      ...environment,
      AWS_ENDPOINT_URL_S3: environment.AWS_ENDPOINT_URL_SQS!, // one emulator has both
      PAYMENT_QUEUE_URL: this.queueUrl,
    };
  }

  /** Takes all payments out of the queue, in its order. */
  take(): Promise<PaymentMessage[]> {
    return take(this.aws.sqs, this.queueUrl);
  }

  close(): Promise<void> {
    return this.aws.close();
  }
}

async function take(sqs: SQSClient, QueueUrl: string): Promise<PaymentMessage[]> {
  const taken: PaymentMessage[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return taken;
    taken.push(...Messages.map(({ Body }) => JSON.parse(Body!) as PaymentMessage));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
