import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedAws, startEmbeddedAws } from '../../src/local/embedded/aws';
import { FunctionProcess } from '../../src/local/embedded/function-process';
import { RecordingProxy } from '../support/recording-proxy';

export const BUNDLE = join(__dirname, '../../assets/dlq-processor/index.mjs');
const TABLE = 'payments';

export type Log = Readonly<Record<string, unknown>>;

/** The built bundle in a process of its own, with an emulated dead-letter queue and payment table around it. */
export class DlqBench {
  /** Everything the function has written. */
  readonly lines: string[] = [];
  /** What its tracer has sent. */
  readonly traces: string[] = [];
  private readonly daemon = createSocket('udp4', (datagram) => this.traces.push(datagram.toString()));
  private lambda!: FunctionProcess;

  static async start(): Promise<DlqBench> {
    const aws = await startEmbeddedAws('ap-southeast-1');
    const Attributes = { FifoQueue: 'true', VisibilityTimeout: '360' };
    const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName: 'dead.fifo', Attributes }));
    await aws.dynamodb.send(TABLE_WITH_STATUS_INDEX);
    const sqs = await RecordingProxy.start(aws.environment.AWS_ENDPOINT_URL_SQS!);
    const table = await RecordingProxy.start(aws.environment.AWS_ENDPOINT_URL_DYNAMODB!);
    const bench = new DlqBench(aws, QueueUrl!, sqs, table);
    bench.daemon.bind(0, '127.0.0.1');
    await once(bench.daemon, 'listening');
    bench.lambda = bench.newProcess();
    return bench;
  }

  private constructor(
    private readonly aws: EmbeddedAws,
    private readonly queueUrl: string,
    readonly sqs: RecordingProxy,
    readonly table: RecordingProxy,
  ) {}

  invoke(event: unknown, remainingMs = 60_000): Promise<unknown> {
    return this.lambda.invoke(event, { remainingMs });
  }

  /** What the function logs when it refuses the event. */
  async refusal(event: unknown): Promise<Log> {
    const since = this.lines.length;
    await expect(this.invoke(event)).rejects.toThrow('The handler threw an error.');
    return this.logOf('ERROR', since);
  }

  /** The next log of that level. It comes by another way than the function's answer, which may be here first. */
  async logOf(level: string, since: number): Promise<Log> {
    for (const patience of [0, 1, 2, 5, 10, 20, 50, 100]) {
      const logs = this.lines.slice(since).filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Log);
      const found = logs.find((log) => log.level === level);
      if (found !== undefined) return found;
      await sleep(patience);
    }
    throw new Error(`The function logged no ${level}.`);
  }

  /** Ends the process: its output is complete then. */
  stop(): Promise<void> {
    return this.lambda.close();
  }

  async put(records: readonly Record<string, unknown>[]): Promise<void> {
    const requests = records.map((Item) => ({ PutRequest: { Item } }));
    await DynamoDBDocumentClient.from(this.aws.dynamodb).send(new BatchWriteCommand({ RequestItems: { [TABLE]: requests } }));
  }

  async send(bodies: readonly string[]): Promise<void> {
    const Entries = bodies.map((MessageBody, index) => ({
      Id: String(index),
      MessageBody,
      MessageGroupId: `group-${index}`,
      MessageDeduplicationId: String(index),
    }));
    await this.aws.sqs.send(new SendMessageBatchCommand({ QueueUrl: this.queueUrl, Entries }));
  }

  async depth(): Promise<unknown> {
    const { Attributes } = await this.aws.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.queueUrl, AttributeNames: ['All'] }),
    );
    const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: inFlight } = Attributes!;
    return { visible: Number(visible), inFlight: Number(inFlight) };
  }

  /** Receives a message, as somebody else who works on the queue. */
  async receiveOne(): Promise<void> {
    await this.aws.sqs.send(new ReceiveMessageCommand({ QueueUrl: this.queueUrl, MaxNumberOfMessages: 1 }));
  }

  async close(): Promise<void> {
    await this.lambda.close();
    await Promise.all([this.aws.close(), this.sqs.close(), this.table.close()]);
    this.daemon.close();
  }

  private newProcess(): FunctionProcess {
    return new FunctionProcess({
      bundle: BUNDLE,
      functionName: 'dlq-processor',
      timeoutMs: 60_000,
      environment: {
        ...this.aws.environment,
        AWS_ENDPOINT_URL_SQS: this.sqs.endpoint,
        AWS_ENDPOINT_URL_DYNAMODB: this.table.endpoint,
        PAYMENT_TABLE_NAME: TABLE,
        PAYMENT_QUEUE_URL: 'http://sqs.example/payments.fifo',
        PAYMENT_DLQ_URL: this.queueUrl,
        RELEASE_ID: 'release-1',
        ALERT_TOPIC_ARN: 'arn:aws:sns:ap-southeast-1:000000000000:alerts',
        POWERTOOLS_SERVICE_NAME: 'dlq-processor-test',
        POWERTOOLS_METRICS_NAMESPACE: 'PaymentsTest',
        POWERTOOLS_LOG_LEVEL: 'DEBUG',
        // What makes the tracer believe that it runs in Lambda.
        LAMBDA_TASK_ROOT: '/var/task',
        AWS_LAMBDA_FUNCTION_NAME: 'dlq-processor',
        _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
        AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${this.daemon.address().port}`,
      },
      onLine: (line) => this.lines.push(line),
    });
  }
}

const TABLE_WITH_STATUS_INDEX = new CreateTableCommand({
  TableName: TABLE,
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['transaction_id', 'payment_status', 'timestamp'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [{ AttributeName: 'transaction_id', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'status-timestamp-index',
      KeySchema: [
        { AttributeName: 'payment_status', KeyType: 'HASH' },
        { AttributeName: 'timestamp', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['account_id', 'failure_code', 'attempts', 'release_id'] },
    },
  ],
});
