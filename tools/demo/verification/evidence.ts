import { type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import {
  fingerprint,
  InvalidPaymentError,
  type OnFailedPayment,
  parsePaymentMessage,
  type PaymentMessage,
  type PaymentOutcome,
  type PaymentRecord,
} from '../../../src/contract';

/** A payment that SQS has acknowledged. */
export interface AcceptedPayment {
  readonly payment: PaymentMessage;
  readonly fingerprint: string;
  /** Its place in the order of sending. */
  readonly position: number;
  /** SQS's, as text. */
  readonly sequenceNumber: string;
  /** When SQS acknowledged it, in ms since the epoch. */
  readonly acceptedAt: number;
}

/** A message of the dead-letter queue; an invalid message has only itself. */
export interface DeadLetter {
  readonly messageId: string;
  readonly transactionId?: string;
  readonly fingerprint?: string;
  readonly failureCode?: string;
  /** Transaction id of the payment that it waits for. */
  readonly parkedBehind?: string;
}

/** The records and messages at the end of a run. The claims are computed from them alone. */
export interface Evidence {
  readonly accepted: readonly AcceptedPayment[];
  readonly records: readonly PaymentRecord[];
  /** Messages still in the payment queue, hidden ones included. */
  readonly queued: number;
  readonly deadLetters: readonly DeadLetter[];
  /** Whether an account continued when one of its payments had failed, or waited for it. */
  readonly onFailedPayment: OnFailedPayment;
  /** The outcomes that a subscriber of their topic got, an account's in their order. Undefined when none are published. */
  readonly outcomes?: readonly PaymentOutcome[] | undefined;
  /** Transaction ids that the fraud API says it refused permanently. */
  readonly refusedForGood: ReadonlySet<string>;
  /** Sum of a custom metric. */
  readonly metric: (name: string) => number;
  /** Whether the invocation that settled this record may have ended before it wrote its metrics. */
  readonly mayBeUncounted: (record: PaymentRecord) => boolean;
}

export async function readRecords(client: DynamoDBClient, tableName: string): Promise<PaymentRecord[]> {
  const records: PaymentRecord[] = [];
  const pages = paginateScan(
    { client: DynamoDBDocumentClient.from(client) },
    { TableName: tableName, ConsistentRead: true },
  );
  for await (const { Items = [] } of pages) records.push(...(Items as PaymentRecord[]).filter(isRecord));
  return records;
}

/** The table also has the holds of accounts. */
function isRecord({ fingerprint }: Partial<PaymentRecord>): boolean {
  return fingerprint !== undefined;
}

/** Empties the dead-letter queue: a FIFO queue shows what is behind a message only once that one is deleted. */
export async function takeDeadLetters(sqs: SQSClient, queueUrl: string): Promise<DeadLetter[]> {
  const taken: DeadLetter[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    if (Messages.length === 0) return taken;
    taken.push(...Messages.map(readDeadLetter));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

/** Reads a message of the dead-letter queue, with its attributes. */
export function readDeadLetter({
  MessageId = '',
  Body = '',
  MessageAttributes = {},
}: Pick<Message, 'MessageId' | 'Body'> & {
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue?: string | undefined }>> | undefined;
}): DeadLetter {
  const failureCode = MessageAttributes.failure_code?.StringValue;
  const parkedBehind = MessageAttributes.parked_behind?.StringValue;
  const known = {
    messageId: MessageId,
    ...(failureCode !== undefined && { failureCode }),
    ...(parkedBehind !== undefined && { parkedBehind }),
  };
  try {
    const payment = parsePaymentMessage(Body);
    return { ...known, transactionId: payment.transaction_id, fingerprint: fingerprint(payment) };
  } catch (error) {
    if (error instanceof InvalidPaymentError) return known;
    throw error;
  }
}
