import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSMessageAttribute } from 'aws-lambda';
import { ThrottleError } from './function-meter';
import { FunctionError } from './function-process';

/** Serves one invocation after the other. */
export interface ExecutionEnvironment {
  /** @throws FunctionError when the invocation failed as a whole; ThrottleError when there was none */
  invoke(event: SQSEvent): Promise<unknown>;
}

export interface EventSourceOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly batchSize: number;
  /** Ends receiving. Invocations in progress finish. */
  readonly signal: AbortSignal;
  /** An invocation failed as a whole. Its messages come back when their visibility timeout ends, as those of a throttled one do. */
  readonly onFunctionError: (error: FunctionError) => void;
  /** Seconds after which the messages of a failed or throttled invocation come back, if that is not the visibility timeout. */
  readonly hiddenSeconds?: number | undefined;
}

/** A long poll's length, in seconds: the time that ending takes at most. */
const POLL_SECONDS = 1;

/**
 * Lambda's event source mapping for a FIFO queue, one poller for each execution environment. The queue itself hides
 * an account's other payments while any is in flight, so that an account is never in two batches.
 */
export async function pollQueue(environment: ExecutionEnvironment, options: EventSourceOptions): Promise<void> {
  while (!options.signal.aborted) {
    const messages = await receive(options);
    if (messages.length === 0) continue;
    try {
      const response = await environment.invoke(eventOf(messages, options.queueArn));
      await remove(succeeded(messages, response), options);
    } catch (error) {
      if (error instanceof FunctionError) options.onFunctionError(error);
      else if (!(error instanceof ThrottleError)) throw error;
      if (options.hiddenSeconds !== undefined) await hide(messages, options.hiddenSeconds, options);
    }
  }
}

/** Never cut off: the queue would hide messages that nobody has. */
async function receive({ sqs, queueUrl, batchSize }: EventSourceOptions): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: batchSize,
      WaitTimeSeconds: POLL_SECONDS,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages;
}

/**
 * Lambda's reading of a batch response: no failures named is success for all, and an id that the batch lacks fails
 * the whole batch.
 */
export function succeeded(messages: readonly Message[], response: unknown): Message[] {
  const { batchItemFailures } = (response ?? {}) as Partial<SQSBatchResponse>;
  const failed = new Set((batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  const ids = new Set(messages.map(({ MessageId }) => MessageId));
  if ([...failed].some((id) => !ids.has(id))) return [];
  return messages.filter(({ MessageId }) => !failed.has(MessageId ?? ''));
}

async function remove(messages: readonly Message[], { sqs, queueUrl }: EventSourceOptions): Promise<void> {
  if (messages.length === 0) return;
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
}

/** @param seconds from now on */
async function hide(
  messages: readonly Message[],
  seconds: number,
  { sqs, queueUrl }: EventSourceOptions,
): Promise<void> {
  const Entries = messages.map(({ ReceiptHandle }, index) => ({
    Id: String(index),
    ReceiptHandle,
    VisibilityTimeout: seconds,
  }));
  await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
}

/** The event that Lambda makes of a batch: Lambda Developer Guide, "Using Lambda with Amazon SQS", example event. */
export function eventOf(messages: readonly Message[], queueArn: string): SQSEvent {
  const awsRegion = queueArn.split(':')[3]!;
  return {
    Records: messages.map((message) => ({
      messageId: message.MessageId ?? '',
      receiptHandle: message.ReceiptHandle ?? '',
      body: message.Body ?? '',
      attributes: message.Attributes as unknown as SQSEvent['Records'][number]['attributes'],
      messageAttributes: messageAttributesOf(message),
      md5OfBody: message.MD5OfBody ?? '',
      ...(message.MD5OfMessageAttributes !== undefined && { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion,
    })),
  };
}

function messageAttributesOf({ MessageAttributes = {} }: Message): SQSEvent['Records'][number]['messageAttributes'] {
  const entries = Object.entries(MessageAttributes).map(([name, { DataType = 'String', StringValue }]) => {
    return [
      name,
      {
        ...(StringValue !== undefined && { stringValue: StringValue }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ] satisfies [string, SQSMessageAttribute];
  });
  return Object.fromEntries(entries);
}
