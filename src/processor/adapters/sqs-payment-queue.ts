import { ChangeMessageVisibilityBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { deduplicationId, type FailureCode, maskCardNumbers, maskId } from '../../contract';
import { AWS_CLIENT_CONFIG, errorCode } from '../../runtime/aws-call';
import type { RetryDelay } from '../core/batch';
import { DeadLetterError, type DeadLetters, type QueueMessage, type Telemetry } from '../core/ports';

const NOT_TRIED = 0;

/** SQS takes ten entries in one batch call. */
const BATCH_SIZE = 10;

/**
 * Such a body may hold a card number anywhere, so the copy has its digits masked. A payment has passed that rule
 * field by field; masking what looks like a card in its ids would only make it unfit for redrive.
 */
const NOT_A_PAYMENT: ReadonlySet<FailureCode> = new Set(['INVALID_JSON', 'INVALID_PAYMENT', 'CARD_NUMBER']);

/** The endpoint is the SDK's (AWS_ENDPOINT_URL, or the region's own), whatever host the queue's URL names. */
const client = new SQSClient({ ...AWS_CLIENT_CONFIG, useQueueUrlAsEndpoint: false });

export class SqsDeadLetters implements DeadLetters {
  constructor(private readonly queueUrl: string) {}

  send(message: QueueMessage, failure: FailureCode, attempt: number, abortSignal: AbortSignal): Promise<void> {
    const body = NOT_A_PAYMENT.has(failure) ? maskCardNumbers(message.body) : message.body;
    return this.copy(
      { ...message, body },
      { failure_code: failure },
      deduplicationId.quarantine(message.messageId, attempt),
      abortSignal,
    );
  }

  park(message: QueueMessage, behind: string, abortSignal: AbortSignal): Promise<void> {
    return this.copy(
      message,
      { parked_behind: behind },
      deduplicationId.quarantine(message.messageId, NOT_TRIED),
      abortSignal,
    );
  }

  private async copy(
    { messageId, groupId, body }: QueueMessage,
    why: Readonly<Record<string, string>>,
    MessageDeduplicationId: string,
    abortSignal: AbortSignal,
  ): Promise<void> {
    const attributes = Object.entries({ ...why, source_message_id: messageId });
    try {
      await client.send(
        new SendMessageCommand({
          QueueUrl: this.queueUrl,
          MessageBody: body,
          MessageGroupId: maskId(groupId), // SQS takes the asterisk: SendMessage, SQS API Reference
          MessageDeduplicationId,
          MessageAttributes: Object.fromEntries(
            attributes.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
          ),
        }),
        { abortSignal },
      );
    } catch (error) {
      throw new DeadLetterError(errorCode(error));
    }
  }
}

/**
 * Hides returned messages for their wait. What SQS refuses is only logged: such a message comes back when the
 * queue's own visibility timeout ends.
 */
export async function hide(
  queueUrl: string,
  waits: readonly RetryDelay[],
  telemetry: Telemetry,
  signal: AbortSignal,
): Promise<void> {
  for (let from = 0; from < waits.length; from += BATCH_SIZE) {
    await hideBatch(queueUrl, waits.slice(from, from + BATCH_SIZE), telemetry, signal);
  }
}

async function hideBatch(
  queueUrl: string,
  waits: readonly RetryDelay[],
  telemetry: Telemetry,
  abortSignal: AbortSignal,
): Promise<void> {
  const refused = (error_code: string, messages: number) => {
    telemetry.warn('Visibility timeout not changed', { error_code, messages });
  };
  try {
    const { Failed = [] } = await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queueUrl,
        Entries: waits.map(({ message, seconds }, index) => ({
          Id: String(index),
          ReceiptHandle: message.receiptHandle,
          VisibilityTimeout: seconds,
        })),
      }),
      { abortSignal },
    );
    for (const { Code } of Failed) refused(Code ?? 'unknown', 1);
  } catch (error) {
    refused(errorCode(error), waits.length);
  }
}
