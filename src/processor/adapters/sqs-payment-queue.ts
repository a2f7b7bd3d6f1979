import { ChangeMessageVisibilityBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { deduplicationId, type FailureCode, maskCardNumbers, maskId } from '../../contract';
import { AWS_CLIENT_CONFIG, errorCode } from '../../runtime/aws-call';
import type { Log } from '../../runtime/ports';
import type { ServiceCalls } from '../../runtime/service-calls';
import type { RetryDelay } from '../core/batch';
import { type DeadLetters, NO_ATTEMPT, type QueueMessage } from '../core/ports';

/** SQS takes ten entries in one batch call. */
const BATCH_SIZE = 10;

/**
 * The body of an invalid message may hold a card number anywhere, so that the copy has its digits masked. A valid payment has passed that
 * rule field by field; masking its ids would only make it unfit for redrive.
 */
const INVALID: ReadonlySet<FailureCode> = new Set(['INVALID_JSON', 'INVALID_PAYMENT', 'CARD_NUMBER']);

/** The endpoint is the SDK's (AWS_ENDPOINT_URL, or the region's own), not the host in the queue's URL. */
const client = new SQSClient({ ...AWS_CLIENT_CONFIG, useQueueUrlAsEndpoint: false });

export class SqsDeadLetters implements DeadLetters {
  constructor(
    private readonly queueUrl: string,
    private readonly calls: ServiceCalls,
  ) {}

  send(message: QueueMessage, failure: FailureCode, attempt: number): Promise<void> {
    const body = INVALID.has(failure) ? maskCardNumbers(message.body) : message.body;
    return this.copy({ ...message, body }, { failure_code: failure }, attempt);
  }

  park(message: QueueMessage, behind: string): Promise<void> {
    return this.copy(message, { parked_behind: behind }, NO_ATTEMPT);
  }

  private async copy(
    { messageId, groupId, body }: QueueMessage,
    why: Readonly<Record<string, string>>,
    attempt: number,
  ): Promise<void> {
    const attributes = Object.entries({ ...why, source_message_id: messageId });
    const command = new SendMessageCommand({
      QueueUrl: this.queueUrl,
      MessageBody: body,
      MessageGroupId: maskId(groupId), // SQS takes the asterisk: SendMessage, SQS API Reference
      MessageDeduplicationId: deduplicationId.quarantine(messageId, attempt),
      MessageAttributes: Object.fromEntries(
        attributes.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      ),
    });
    await this.calls.call('dead-letter queue', 'take a message', (options) => client.send(command, options));
  }
}

/**
 * Hides returned messages for their retry delay. What SQS refuses is only logged: such a message comes back when the
 * queue's own visibility timeout ends.
 */
export async function hide(
  queueUrl: string,
  delays: readonly RetryDelay[],
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  for (let from = 0; from < delays.length; from += BATCH_SIZE) {
    await hideBatch(queueUrl, delays.slice(from, from + BATCH_SIZE), log, signal);
  }
}

async function hideBatch(
  queueUrl: string,
  delays: readonly RetryDelay[],
  log: Log,
  abortSignal: AbortSignal,
): Promise<void> {
  const refused = (error_code: string, messages: number) => {
    log.warn('Visibility timeout not changed', { error_code, messages });
  };
  try {
    const { Failed = [] } = await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queueUrl,
        Entries: delays.map(({ message, seconds }, index) => ({
          Id: String(index),
          ReceiptHandle: message.receiptHandle,
          VisibilityTimeout: seconds,
        })),
      }),
      { abortSignal },
    );
    for (const { Code } of Failed) refused(Code ?? 'unknown', 1);
  } catch (error) {
    refused(errorCode(error), delays.length);
  }
}
