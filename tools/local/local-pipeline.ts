import { randomBytes } from 'node:crypto';
import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { isOutcome, type PaymentRecord, type ProcessorVariables } from '../../src/contract';
import { type DeadLetter, readDeadLetter, readRecords } from '../demo/verification/evidence';
import type { LocalEntry } from '../../src/ops/local';
import { USUAL } from '../../src/ops/pipeline';
import { PaymentProducer } from '../../src/producer';
import type { Artifacts } from '../kit/embedded/artifacts';
import { EmbeddedDlqProcessor } from '../kit/embedded/dlq-processor';
import { type EmbeddedFraudApi, startFraudApi } from '../kit/embedded/fraud-api';
import { FunctionMeter } from '../kit/embedded/function-meter';
import { Mailbox } from '../kit/embedded/mailbox';
import { EmbeddedPipeline } from '../kit/embedded/pipeline';
import { LogsEndpoint } from '../kit/ops/logs-endpoint';
import { EmbeddedCloudWatchEndpoint } from '../kit/ops/embedded-cloudwatch-endpoint';
import { describeTable, lambdaReads } from './aws-reads';
import { DrillRunner } from './drill-run';
import { FunctionFaults } from './function-faults';
import { LocalGateway } from './gateway';
import { Traffic } from './traffic';

/** Seconds of retry delay. The deployed ones (20 s and 31 minutes) pass in pipeline time, shortened as a process itself waits half a minute of real time at an open circuit. */
const RETRY_WAITS = '1,10';
/** Invocations at the same time: what this machine has room for, and what an alarm of the stack is derived from. */
const MAX_CONCURRENCY = 4;
const FAULT_RATE = 0.01;
const SEED = 1;
/** A day of usual traffic would fill gigabytes. */
const LARGEST_LOG_BYTES = 50 * 1024 * 1024;
/** Keys of a read. */
const MOST_KEYS = 100;
/** How old a dead letter of a drill is made: more than 80 % of the retention of 14 days. */
const FORGOTTEN_MS = 12 * 24 * 60 * 60_000;

export interface LocalSettings extends Artifacts {
  readonly logFile: string;
  /** Payments a second. */
  readonly rate: number;
  readonly timeScale?: number;
}

/** What became of the traffic's payments. */
export type TrafficTally = Readonly<Record<'sent' | 'decided' | 'failed' | 'queued' | 'lost', number>>;

/** The embedded pipeline with both functions, alarms, steady traffic and drills, until it is closed. */
export class LocalPipeline {
  readonly environment = USUAL.environment;
  readonly drills = new DrillRunner(this);
  readonly started = new Date();
  private readonly token = randomBytes(32).toString('hex');
  private readonly gateway: LocalGateway;
  private readonly watched = new Set<Set<string>>();
  private readonly documents: DynamoDBDocumentClient;

  static async start({ rate, timeScale, ...settings }: LocalSettings): Promise<LocalPipeline> {
    const fraudApi = await startFraudApi({ seed: SEED, faultRate: FAULT_RATE });
    const functions = new FunctionFaults(settings.bundle);
    const pipeline = await EmbeddedPipeline.start({
      ...settings,
      timeScale,
      scalesVisibilityTimeout: true,
      variables: { max_concurrency: MAX_CONCURRENCY },
      overrides: {
        FRAUD_API_URL: fraudApi.url,
        RETRY_WAITS_SECONDS: RETRY_WAITS,
      } satisfies Partial<ProcessorVariables>,
      payments: Infinity,
      largestLog: LARGEST_LOG_BYTES,
      between: (process) => functions.before(process),
    });
    functions.pipeline = pipeline;
    const { aws, deployed, cloudWatch } = pipeline;
    const mailboxes = await Promise.all(deployed.topics.map(({ name, policy }) => Mailbox.start(aws, name, policy)));
    const meter = new FunctionMeter(deployed.dlqProcessor.functionName, cloudWatch);
    const dlqProcessor = await EmbeddedDlqProcessor.start({
      deployed,
      environment: aws.environment,
      processorEnvironment: pipeline.environment,
      onLine: (line) => {
        pipeline.takeLine(line);
      },
      run: (invocation) => meter.run(invocation),
    });
    dlqProcessor.lambda.reads = lambdaReads(pipeline);
    const monitoring = await EmbeddedCloudWatchEndpoint.start(cloudWatch);
    const logs = await new LogsEndpoint(settings.logFile, deployed.functionName).listen();
    const local = new LocalPipeline(pipeline, fraudApi, functions, mailboxes, dlqProcessor, monitoring, logs, rate);
    await local.gateway.listen();
    return local;
  }

  readonly traffic: Traffic;

  private constructor(
    readonly pipeline: EmbeddedPipeline,
    readonly fraudApi: EmbeddedFraudApi,
    readonly functions: FunctionFaults,
    readonly mailboxes: readonly Mailbox[],
    private readonly dlqProcessor: EmbeddedDlqProcessor,
    private readonly monitoring: EmbeddedCloudWatchEndpoint,
    private readonly logs: LogsEndpoint,
    readonly rate: number,
  ) {
    const { aws, deployed } = pipeline;
    this.documents = DynamoDBDocumentClient.from(aws.observer);
    this.traffic = new Traffic({
      producer: new PaymentProducer(aws.sqs, deployed.paymentQueueUrl),
      table: { client: aws.observer, name: deployed.tableName },
      rate,
      onAccepted: (transactionId) => {
        for (const ids of this.watched) ids.add(transactionId);
      },
    });
    const { AWS_ENDPOINT_URL_SQS: sqs, AWS_ENDPOINT_URL_DYNAMODB: dynamodb } = aws.environment;
    const services = {
      sqs: sqs!,
      sns: sqs!,
      sts: sqs!,
      dynamodb: dynamodb!,
      lambda: dlqProcessor.lambda.url,
      monitoring: monitoring.url,
      logs: logs.url,
    };
    const answers = { 'DynamoDB_20120810.DescribeTable': () => describeTable(pipeline) };
    this.gateway = new LocalGateway(services, answers, this.token, (method, path) => this.control(method, path));
  }

  /** Starts working, and the traffic. The promise rejects when the function cannot run at all. */
  run(): Promise<unknown> {
    const polling = this.pipeline.poll();
    this.dlqProcessor.startSchedules(this.pipeline.cloudWatch.clock.scale);
    this.traffic.start();
    return polling;
  }

  /** How the operator's tool finds it. @param port of its page */
  entry(port: number): LocalEntry {
    return {
      pid: process.pid,
      port,
      started: this.started.toISOString(),
      endpoint: this.gateway.url,
      token: this.token,
      region: this.pipeline.aws.environment.AWS_REGION!,
      timeScale: this.pipeline.cloudWatch.clock.scale,
      ...USUAL,
    };
  }

  /** Collects the payments that are accepted from now on. */
  watchPayments(): { stop: () => readonly string[] } {
    const ids = new Set<string>();
    this.watched.add(ids);
    return {
      stop: () => {
        this.watched.delete(ids);
        return [...ids];
      },
    };
  }

  /** Those payments that are neither decided nor a dead letter. */
  async unsettled(transactionIds: readonly string[]): Promise<string[]> {
    const dead = new Set(this.deadLetters().map(({ transactionId }) => transactionId));
    const left = transactionIds.filter((id) => !dead.has(id));
    const settled = new Set<string>();
    for (let from = 0; from < left.length; from += MOST_KEYS) {
      const keys = left.slice(from, from + MOST_KEYS);
      const { tableName } = this.pipeline.deployed;
      const Keys = keys.map((transaction_id) => ({ transaction_id }));
      const { Responses } = await this.documents.send(new BatchGetCommand({ RequestItems: { [tableName]: { Keys } } }));
      for (const { transaction_id, payment_status } of (Responses?.[tableName] ?? []) as PaymentRecord[])
        if (isOutcome(payment_status)) settled.add(transaction_id);
    }
    return left.filter((id) => !settled.has(id));
  }

  /** The messages in the dead-letter queue. */
  deadLetters(): DeadLetter[] {
    return this.messages(this.deadLetterQueue);
  }

  private messages(queue: string): DeadLetter[] {
    return this.pipeline.aws
      .messages(queue)
      .map(({ messageId, body, messageAttributes }) =>
        readDeadLetter({ MessageId: messageId, Body: body, MessageAttributes: messageAttributes }),
      );
  }

  /** Counts the payments of the traffic. Exact once it has stopped. */
  async tally(): Promise<TrafficTally> {
    const { traffic, pipeline } = this;
    const { tableName, paymentQueueUrl } = pipeline.deployed;
    const inQueue = this.messages(queueNameOf(paymentQueueUrl)).map(({ transactionId = '' }) => transactionId);
    const waiting = new Set(inQueue.filter((id) => traffic.has(id)));
    const unsettled = await this.unsettled([...new Set([...traffic.sentAt.keys(), ...waiting])]);
    const records = await readRecords(pipeline.aws.dynamodb, tableName);
    const failed = records.filter(
      ({ transaction_id, payment_status }) => payment_status === 'FAILED' && traffic.has(transaction_id),
    ).length;
    const queued = unsettled.filter((id) => waiting.has(id)).length;
    const lost = unsettled.length - queued;
    return { sent: traffic.accepted, decided: traffic.accepted - failed - queued - lost, failed, queued, lost };
  }

  /** Makes the dead letters so old that SQS would soon delete them. */
  ageDeadLetters(): void {
    this.pipeline.aws.ageMessages(this.deadLetterQueue, FORGOTTEN_MS);
  }

  private get deadLetterQueue(): string {
    return queueNameOf(this.pipeline.deployed.deadLetterQueueUrl);
  }

  /** Ends the traffic and the payment processor. Queues and table stay. */
  async stop(): Promise<void> {
    this.drills.close();
    await this.traffic.stop();
    this.pipeline.kill(); // it may wait at an open circuit, and nothing of it is kept
    await this.pipeline.stop();
  }

  async close(): Promise<void> {
    await this.stop();
    const { gateway, dlqProcessor, monitoring, logs, fraudApi } = this;
    await Promise.all([gateway, dlqProcessor, monitoring, logs, fraudApi].map((one) => one.close()));
    await this.pipeline.close();
  }

  /** What `npx projen local drill` asks. */
  private control(method: string, path: string): unknown {
    const [, room, name] = path.split('/');
    if (method === 'GET' && room === '') return { started: this.started };
    if (room !== 'drills') return undefined;
    if (method === 'GET') return name === undefined ? this.drills.statuses() : this.drills.status(name);
    if (name === undefined) return undefined;
    if (method === 'POST') this.drills.start(name);
    else this.drills.stop(name);
    return this.drills.status(name);
  }
}

function queueNameOf(url: string): string {
  return url.split('/').at(-1)!;
}
