import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import type { Message } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSRecord } from 'aws-lambda';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessorVariables } from '../../../src/contract';
import { type EmbeddedAws, startEmbeddedAws } from '../embedded/aws';
import { FunctionProcess } from '../embedded/function-process';
import { OutcomeSubscriber } from '../embedded/outcome-subscriber';
import { RecordingProxy } from './recording-proxy';
import { ScriptedFraudApi } from './scripted-fraud-api';
import { type Outgoing, TestQueue } from './test-queue';

const BUNDLE = join(__dirname, '../../../assets/payment-processor/index.mjs');
const TIMEOUT_MS = 60_000;
const TABLE = 'payments';

/** A URL that a client would change if it parsed and rebuilt it. */
export const FRAUD_API_PATH = '/v1/check%20it/?tenant=a%2Fb&empty=&flag&q=x+y';

/** Variables that differ; the SDK's and Lambda's own are welcome too. */
export type Overrides = Partial<ProcessorVariables> & Readonly<Record<string, string>>;
export type StoredPayment = Record<string, unknown> & { attempts: number; history: Record<string, unknown>[] };

/** The effects of one invocation. Messages are named by their position in the event. */
export interface Run {
  readonly response: unknown;
  readonly returned: number[];
  /** The calls that set visibility timeouts, each with its entries. */
  readonly visibility: { position: number; seconds: number }[][];
  readonly emf: Readonly<Record<string, unknown>> | undefined;
  /** A metric's sum; 0 when it was not emitted. */
  readonly sum: (metric: string) => number;
  readonly durationMs: number;
}

/** An invocation with so little time does not wait until an open circuit may be tested, which takes 30 s. */
export const NO_TIME_TO_WAIT_MS = 15_000;

/** The built bundle in a process of its own, with emulated queues and table and a scripted fraud API around it. */
export class ProcessorBench {
  /** Everything the function has written, in all its processes. */
  readonly lines: string[] = [];
  private readonly dead: Message[] = [];
  private readonly documents: DynamoDBDocumentClient;
  private lambda: FunctionProcess;

  static async start(overrides: Overrides = {}): Promise<ProcessorBench> {
    const aws = await startEmbeddedAws('ap-southeast-1');
    const sqsEndpoint = aws.environment.AWS_ENDPOINT_URL_SQS!;
    const queue = await TestQueue.create(aws.sqs, sqsEndpoint, 'payments.fifo');
    const deadLetters = await TestQueue.create(aws.sqs, sqsEndpoint, 'payments-dead.fifo');
    await aws.dynamodb.send(
      new CreateTableCommand({
        TableName: TABLE,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'transaction_id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'transaction_id', KeyType: 'HASH' }],
      }),
    );
    const fraud = await ScriptedFraudApi.start();
    const sqs = await RecordingProxy.start(sqsEndpoint);
    const table = await RecordingProxy.start(aws.environment.AWS_ENDPOINT_URL_DYNAMODB!);
    const sns = await RecordingProxy.start(aws.environment.AWS_ENDPOINT_URL_SNS!);
    const subscriber = await OutcomeSubscriber.start(aws);
    const bench = new ProcessorBench(aws, fraud, queue, deadLetters, sqs, table, sns, subscriber, overrides);
    await bench.lambda.invoke({ Records: [] }); // a cold start's time is no test's
    return bench;
  }

  private constructor(
    private readonly aws: EmbeddedAws,
    readonly fraud: ScriptedFraudApi,
    readonly queue: TestQueue,
    private readonly deadLetters: TestQueue,
    readonly sqs: RecordingProxy,
    readonly table: RecordingProxy,
    readonly sns: RecordingProxy,
    /** Gets outcomes when the function has its topic's ARN as `OUTCOME_TOPIC_ARN`. */
    readonly subscriber: OutcomeSubscriber,
    overrides: Overrides,
  ) {
    this.documents = DynamoDBDocumentClient.from(aws.dynamodb);
    this.lambda = this.newProcess(overrides);
  }

  get environment(): Record<string, string> {
    return {
      ...this.aws.environment,
      AWS_ENDPOINT_URL_SQS: this.sqs.endpoint,
      AWS_ENDPOINT_URL_SNS: this.sns.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: this.table.endpoint,
      PAYMENT_TABLE_NAME: TABLE,
      PAYMENT_QUEUE_URL: this.queue.url,
      PAYMENT_DLQ_URL: this.deadLetters.url,
      RELEASE_ID: 'release-1',
      POWERTOOLS_SERVICE_NAME: 'payment-processor-test',
      POWERTOOLS_METRICS_NAMESPACE: 'PaymentsTest',
      FRAUD_API_URL: `${this.fraud.origin}${FRAUD_API_PATH}`,
      FRAUD_API_TIMEOUT_MS: '5000',
      FRAUD_API_MAX_ATTEMPTS: '2',
      MAX_RECEIVE_COUNT: '3',
    };
  }

  /** Continues in a new process, as in a new execution environment; the former one's output is complete then. */
  async restart(overrides: Overrides = {}): Promise<void> {
    await this.lambda.close();
    this.lambda = this.newProcess(overrides);
  }

  deliver(...messages: Outgoing[]): Promise<SQSRecord[]> {
    return this.queue.deliver(messages);
  }

  async run(Records: readonly SQSRecord[], remainingMs = TIMEOUT_MS): Promise<Run> {
    const linesBefore = this.lines.length;
    const changesBefore = this.sqs.inputs('ChangeMessageVisibilityBatch').length;
    const began = Date.now();
    const response = (await this.lambda.invoke({ Records }, { remainingMs })) as {
      batchItemFailures: { itemIdentifier: string }[];
    };
    const durationMs = Date.now() - began;
    const emf = await this.emfSince(linesBefore);
    const changes = this.sqs
      .inputs('ChangeMessageVisibilityBatch')
      .slice(changesBefore) as unknown as VisibilityChange[];
    return {
      response,
      returned: response.batchItemFailures.map(({ itemIdentifier }) =>
        Records.findIndex(({ messageId }) => messageId === itemIdentifier),
      ),
      visibility: changes.map(({ Entries }) =>
        Entries.map(({ ReceiptHandle, VisibilityTimeout }) => ({
          position: Records.findIndex(({ receiptHandle }) => receiptHandle === ReceiptHandle),
          seconds: VisibilityTimeout,
        })),
      ),
      emf,
      sum: (metric) => [emf?.[metric] ?? []].flat().reduce((sum: number, value) => sum + Number(value), 0),
      durationMs,
    };
  }

  async pay(...messages: Outgoing[]): Promise<Run> {
    return this.run(await this.deliver(...messages));
  }

  async record(id: string): Promise<StoredPayment | undefined> {
    const { Item } = await this.documents.send(
      new GetCommand({ TableName: TABLE, Key: { transaction_id: id }, ConsistentRead: true }),
    );
    return Item as StoredPayment | undefined;
  }

  async put(record: object): Promise<void> {
    await this.documents.send(new PutCommand({ TableName: TABLE, Item: record as Record<string, unknown> }));
  }

  /** The copies of a message in the dead-letter queue. */
  async deadLettersOf(message: SQSRecord): Promise<Message[]> {
    const [copies] = await this.deadLettersOfEach([message]);
    return copies!;
  }

  async deadLettersOfEach(messages: readonly SQSRecord[]): Promise<Message[][]> {
    this.dead.push(...(await this.deadLetters.drain()));
    return messages.map(({ messageId }) =>
      this.dead.filter(({ MessageAttributes }) => MessageAttributes?.source_message_id?.StringValue === messageId),
    );
  }

  async close(): Promise<void> {
    await this.lambda.close();
    await Promise.all([this.aws, this.fraud, this.sqs, this.table, this.sns].map((service) => service.close()));
  }

  private newProcess(overrides: Overrides): FunctionProcess {
    return new FunctionProcess({
      bundle: BUNDLE,
      functionName: 'payment-processor',
      timeoutMs: TIMEOUT_MS,
      environment: { ...this.environment, ...overrides },
      onLine: (line) => this.lines.push(line),
    });
  }

  /** Waits for the process's lines, which may arrive after its answer. */
  private async emfSince(line: number): Promise<Run['emf']> {
    for (const patience of [0, 1, 2, 5, 10, 20, 50, 100]) {
      const found = this.lines.slice(line).find((text) => text.includes('"_aws"'));
      if (found !== undefined) return JSON.parse(found) as Run['emf'];
      await sleep(patience);
    }
    return undefined;
  }
}

interface VisibilityChange {
  readonly Entries: readonly { readonly ReceiptHandle: string; readonly VisibilityTimeout: number }[];
}
