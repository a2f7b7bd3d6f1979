import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { BatchWriteCommand, DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedAws, startEmbeddedAws } from '../embedded/aws';
import { FunctionProcess } from '../embedded/function-process';
import { type Mail, Mailbox } from '../embedded/mailbox';
import { OutcomeSubscriber } from '../embedded/outcome-subscriber';
import type { Payment } from '../payments/black-box-payments';
import { RecordingProxy } from './recording-proxy';
import { TraceDaemon } from './trace-daemon';
import { ACCOUNT_HASH_KEY } from '../cores/telemetry';

export const BUNDLE = join(__dirname, '../../../assets/dlq-processor/index.mjs');
const REGION = 'ap-southeast-1';
const TABLE = 'payments';
const MOST_OF_A_WRITE = 25;

export type Log = Readonly<Record<string, unknown>>;

/** A message for the dead-letter queue; its group is its own unless said otherwise. */
export interface Letter {
  readonly body: string | Payment;
  readonly group?: string;
  readonly failureCode?: string;
}

/** The built bundle in a process of its own, with emulated queues, topic and payment table around it. */
export class DlqBench {
  /** Everything the function has written. */
  readonly lines: string[] = [];
  private lambda: FunctionProcess;
  private letters = 0;

  /** @param overrides variables of the function */
  static async start(overrides: Readonly<Record<string, string>> = {}): Promise<DlqBench> {
    const aws = await startEmbeddedAws(REGION);
    const queue = async (QueueName: string, Attributes: Record<string, string>) => {
      const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
      return QueueUrl!;
    };
    const queues = {
      dead: await queue('dead.fifo', { FifoQueue: 'true', VisibilityTimeout: '180' }),
      payments: await queue('payments.fifo', { FifoQueue: 'true', VisibilityTimeout: '360' }),
    };
    await aws.dynamodb.send(TABLE_WITH_STATUS_INDEX);
    const mailbox = await Mailbox.start(aws, 'alerts');
    const sqs = await RecordingProxy.start(aws.environment.AWS_ENDPOINT_URL_SQS!);
    const sns = await RecordingProxy.start(aws.environment.AWS_ENDPOINT_URL_SNS!);
    const table = await RecordingProxy.start(aws.environment.AWS_ENDPOINT_URL_DYNAMODB!);
    const subscriber = await OutcomeSubscriber.start(aws);
    return new DlqBench(aws, queues, mailbox, sqs, sns, table, subscriber, await TraceDaemon.start(), overrides);
  }

  private constructor(
    readonly aws: EmbeddedAws,
    readonly queues: Readonly<Record<'dead' | 'payments', string>>,
    private readonly mailbox: Mailbox,
    readonly sqs: RecordingProxy,
    readonly sns: RecordingProxy,
    readonly table: RecordingProxy,
    readonly subscriber: OutcomeSubscriber,
    private readonly daemon: TraceDaemon,
    private readonly overrides: Readonly<Record<string, string>>,
  ) {
    this.lambda = this.newProcess();
  }

  /** The segments that its tracer has sent. */
  get traces(): readonly string[] {
    return this.daemon.datagrams;
  }

  invoke(event: unknown, remainingMs = 60_000): Promise<unknown> {
    return this.lambda.invoke(event, { remainingMs });
  }

  /** The log of the function when it refuses the event. */
  async refusal(event: unknown): Promise<Log> {
    const since = this.lines.length;
    await expect(this.invoke(event)).rejects.toThrow('The handler threw an error.');
    return this.logOf('ERROR', since);
  }

  /** The next log of that level. It comes by another way than the function's answer, which may be here first. */
  async logOf(level: string, since: number): Promise<Log> {
    for (const patience of [0, 1, 2, 5, 10, 20, 50, 100]) {
      const logs = this.lines
        .slice(since)
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Log);
      const found = logs.find((log) => log.level === level);
      if (found !== undefined) return found;
      await sleep(patience);
    }
    throw new Error(`The function logged no ${level}.`);
  }

  /** Kills the process, and waits for its output. The next invocation starts a new one. */
  async stop(): Promise<void> {
    await this.lambda.close();
    this.lambda = this.newProcess();
  }

  async put(records: readonly Record<string, unknown>[]): Promise<void> {
    const documents = DynamoDBDocumentClient.from(this.aws.dynamodb);
    for (let from = 0; from < records.length; from += MOST_OF_A_WRITE) {
      const requests = records.slice(from, from + MOST_OF_A_WRITE).map((Item) => ({ PutRequest: { Item } }));
      await documents.send(new BatchWriteCommand({ RequestItems: { [TABLE]: requests } }));
    }
  }

  async record(transaction_id: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const { Item } = await DynamoDBDocumentClient.from(this.aws.dynamodb).send(
      new GetCommand({ TableName: TABLE, Key: { transaction_id } }),
    );
    return Item;
  }

  /** Puts messages into the dead-letter queue. */
  async send(letters: readonly Letter[]): Promise<void> {
    for (let from = 0; from < letters.length; from += 10) {
      const Entries = letters.slice(from, from + 10).map(({ body, group, failureCode }, index) => ({
        Id: String(index),
        MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
        MessageGroupId: group ?? (typeof body === 'string' ? `group-${this.letters}` : body.account_id),
        MessageDeduplicationId: String(++this.letters),
        ...(failureCode && { MessageAttributes: { failure_code: { DataType: 'String', StringValue: failureCode } } }),
      }));
      await this.aws.sqs.send(new SendMessageBatchCommand({ QueueUrl: this.queues.dead, Entries }));
    }
  }

  async depth(queue: 'dead' | 'payments' = 'dead'): Promise<{ visible: number; inFlight: number }> {
    const { Attributes } = await this.aws.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.queues[queue], AttributeNames: ['All'] }),
    );
    const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: inFlight } = Attributes!;
    return { visible: Number(visible), inFlight: Number(inFlight) };
  }

  /** Receives a message, as another consumer of the queue. */
  async receiveOne(): Promise<void> {
    await this.aws.sqs.send(new ReceiveMessageCommand({ QueueUrl: this.queues.dead, MaxNumberOfMessages: 1 }));
  }

  /** The messages that the topic sent since the last call. */
  mail(): Promise<Mail[]> {
    return this.mailbox.take();
  }

  async close(): Promise<void> {
    await this.lambda.close();
    await Promise.all([this.aws.close(), this.sqs.close(), this.sns.close(), this.table.close()]);
    await this.daemon.close();
  }

  /** The function's variables, as deployed but for the emulators' addresses. */
  get environment(): Record<string, string> {
    return {
      ...this.aws.environment,
      AWS_ENDPOINT_URL_SQS: this.sqs.endpoint,
      AWS_ENDPOINT_URL_SNS: this.sns.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: this.table.endpoint,
      PAYMENT_TABLE_NAME: TABLE,
      PAYMENT_QUEUE_URL: this.queues.payments,
      PAYMENT_DLQ_URL: this.queues.dead,
      RELEASE_ID: 'release-1',
      ACCOUNT_HASH_KEY,
      ALERT_TOPIC_ARN: this.mailbox.topicArn,
      OUTCOME_TOPIC_ARN: this.subscriber.topicArn,
      POWERTOOLS_SERVICE_NAME: 'dlq-processor-test',
      POWERTOOLS_METRICS_NAMESPACE: 'PaymentsTest',
      POWERTOOLS_LOG_LEVEL: 'DEBUG',
      ...this.overrides,
    };
  }

  private newProcess(): FunctionProcess {
    return new FunctionProcess({
      bundle: BUNDLE,
      functionName: 'dlq-processor',
      timeoutMs: 60_000,
      environment: {
        ...this.environment,
        ...this.daemon.environment,
      },
      onLine: (line) => this.lines.push(line),
    });
  }
}

const TABLE_WITH_STATUS_INDEX = new CreateTableCommand({
  TableName: TABLE,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['transaction_id', 'payment_status', 'timestamp'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  KeySchema: [{ AttributeName: 'transaction_id', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'status-timestamp-index',
      KeySchema: [
        { AttributeName: 'payment_status', KeyType: 'HASH' },
        { AttributeName: 'timestamp', KeyType: 'RANGE' },
      ],
      Projection: {
        ProjectionType: 'INCLUDE',
        NonKeyAttributes: ['account_id', 'failure_code', 'attempts', 'release_id'],
      },
    },
  ],
});
