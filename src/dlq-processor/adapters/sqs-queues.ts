import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import pLimit from 'p-limit';
import { deduplicationId, FAILURE_CODES, type FailureCode } from '../../contract';
import { AWS_CLIENT_CONFIG } from '../../runtime/aws-call';
import { ServiceError } from '../../runtime/ports';
import type { CallOptions, ServiceCalls } from '../../runtime/service-calls';
import type { DeadLetter, DeadLetterQueue, Depth, PaymentQueue, Receipt, Resend } from '../core/ports';

/** SQS takes, and gives, ten messages in one call. */
const BATCH_SIZE = 10;

/** A long poll asks all of SQS's servers: only then no message means that there is none. */
const POLL_SECONDS = 1;
const RELEASES_AT_ONCE = 10;

/** The endpoint is the SDK's (AWS_ENDPOINT_URL, or the region's own), not the host in the queue's URL. */
const client = new SQSClient({ ...AWS_CLIENT_CONFIG, useQueueUrlAsEndpoint: false });

export class SqsDeadLetterQueue implements DeadLetterQueue {
  constructor(
    private readonly queueUrl: string,
    private readonly calls: ServiceCalls,
    /** The calls that make messages visible again. They are given up later than the others. */
    private readonly lastCalls: ServiceCalls,
  ) {}

  async depth(): Promise<Depth> {
    const { Attributes = {} } = await this.call('tell its depth', (options) =>
      client.send(
        new GetQueueAttributesCommand({
          QueueUrl: this.queueUrl,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
        options,
      ),
    );
    return {
      visible: Number(Attributes.ApproximateNumberOfMessages),
      inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
    };
  }

  async receive(): Promise<readonly DeadLetter[]> {
    const { Messages = [] } = await this.call('give out messages', (options) =>
      client.send(
        new ReceiveMessageCommand({
          QueueUrl: this.queueUrl,
          MaxNumberOfMessages: BATCH_SIZE,
          WaitTimeSeconds: POLL_SECONDS,
          MessageSystemAttributeNames: ['MessageGroupId', 'SequenceNumber'],
          MessageAttributeNames: ['failure_code', 'parked_behind'],
        }),
        options,
      ),
    );
    return Messages.map(letterOf);
  }

  async delete({ receiptHandle: ReceiptHandle }: Receipt): Promise<void> {
    const command = new DeleteMessageCommand({ QueueUrl: this.queueUrl, ReceiptHandle });
    await this.call('delete a message', (options) => client.send(command, options));
  }

  async release(letters: readonly Receipt[]): Promise<number> {
    const limit = pLimit(RELEASES_AT_ONCE);
    const batches = Array.from({ length: Math.ceil(letters.length / BATCH_SIZE) }, (_, index) =>
      letters.slice(index * BATCH_SIZE, (index + 1) * BATCH_SIZE),
    );
    const refused = await Promise.all(batches.map((batch) => limit(() => this.releaseBatch(batch))));
    return refused.reduce((sum, count) => sum + count, 0);
  }

  private async releaseBatch(letters: readonly Receipt[]): Promise<number> {
    const command = new ChangeMessageVisibilityBatchCommand({
      QueueUrl: this.queueUrl,
      Entries: letters.map(({ receiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: 0,
      })),
    });
    try {
      const { Failed = [] } = await this.lastCalls.call('dead-letter queue', 'show messages again', (options) =>
        client.send(command, options),
      );
      return Failed.length;
    } catch (error) {
      if (error instanceof ServiceError) return letters.length;
      throw error;
    }
  }

  private call<T>(operation: string, send: (options: CallOptions) => Promise<T>): Promise<T> {
    return this.calls.call('dead-letter queue', operation, send);
  }
}

export class SqsPaymentQueue implements PaymentQueue {
  constructor(
    private readonly queueUrl: string,
    private readonly calls: ServiceCalls,
  ) {}

  async resend({ body, groupId, source, attempt }: Resend): Promise<void> {
    const command = new SendMessageCommand({
      QueueUrl: this.queueUrl,
      MessageBody: body,
      MessageGroupId: groupId,
      MessageDeduplicationId: deduplicationId.redrive(source, attempt),
    });
    await this.calls.call('payment queue', 'take a message', (options) => client.send(command, options));
  }
}

function letterOf({
  MessageId = '',
  ReceiptHandle = '',
  Body = '',
  Attributes,
  MessageAttributes,
}: Message): DeadLetter {
  const failureCode = MessageAttributes?.failure_code?.StringValue;
  const parkedBehind = MessageAttributes?.parked_behind?.StringValue;
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    groupId: Attributes?.MessageGroupId ?? '',
    sequenceNumber: Attributes?.SequenceNumber ?? '',
    ...(isFailureCode(failureCode) && { failureCode }),
    ...(parkedBehind !== undefined && { parkedBehind }),
  };
}

function isFailureCode(text: string | undefined): text is FailureCode {
  return (FAILURE_CODES as readonly (string | undefined)[]).includes(text);
}
