import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inTemporaryDirectory } from '../../src/cli/temporary-directory';
import type { PaymentMessage } from '../../src/contract';
import { BATCH_SIZE } from '../../src/contract/deployed-settings';
import { PaymentProducer } from '../../src/producer';
import { RecordingProxy } from '../kit/bundles/recording-proxy';
import { EmbeddedCloudWatch } from '../kit/cloudwatch/embedded-cloudwatch';
import { PipelineClock } from '../kit/cloudwatch/pipeline-clock';
import { type EmbeddedAws, startEmbeddedAws } from '../kit/embedded/aws';
import { pollQueue } from '../kit/embedded/event-source';
import { startFraudApi } from '../kit/embedded/fraud-api';
import { FunctionProcess } from '../kit/embedded/function-process';
import { OutcomeSubscriber } from '../kit/embedded/outcome-subscriber';
import { type DeployedPipeline, deploy } from '../kit/embedded/resources';
import { SynthesizedStack } from '../kit/embedded/synthesized-stack';
import { generatedPayment } from '../kit/payments/generated-payment';
import { seededRandom } from '../kit/random';
import { TableWatch } from './table-watch';
import type { BatchUsage } from './usage';

/** Begins the line that the measured bundle writes after an invocation. */
const CPU_LINE = 'cpu microseconds ';

interface MeasurementOptions {
  /** The synthesized stack, Terraform JSON. */
  readonly stackFile: string;
  /** The payment processor's bundle, as it deploys. */
  readonly bundle: string;
  /** Payments in a batch, one measurement each. */
  readonly fills: readonly number[];
  /** Whether the function publishes outcomes. */
  readonly outcomes: boolean;
  /** Batches of each fill. */
  readonly batches: number;
  /** Full batches that go before, and aren't counted: a function that has just started takes longer. */
  readonly warmUp: number;
}

/**
 * Runs payments of distinct accounts through the real bundle on the embedded services, and counts what AWS would bill. Each is decided in its first
 * receive.
 * @returns what an average batch uses, by its payments
 */
export function measureUsage(options: MeasurementOptions): Promise<BatchUsage[]> {
  return inTemporaryDirectory(async (directory) => {
    const bundle = join(directory, 'measured.mjs');
    writeFileSync(bundle, measuredBundle(options.bundle));
    const usage: BatchUsage[] = [];
    for (const fill of options.fills) usage.push(await measureFill({ ...options, bundle }, fill));
    return usage;
  });
}

type Counts = Omit<BatchUsage, 'payments'>;

/** A module that runs the bundle's handler, and writes the processor time that it took. */
function measuredBundle(bundle: string): string {
  return `import { handler as measured } from ${JSON.stringify(pathToFileURL(bundle).href)};
export async function handler(event, context) {
  const before = process.cpuUsage();
  const result = await measured(event, context);
  const { user, system } = process.cpuUsage(before);
  process.stderr.write('${CPU_LINE}' + (user + system) + '\\n');
  return result;
}
`;
}

async function measureFill(
  { stackFile, bundle, outcomes, batches, warmUp }: MeasurementOptions,
  fill: number,
): Promise<BatchUsage> {
  const stack = SynthesizedStack.read(stackFile);
  const cloudWatch = new EmbeddedCloudWatch(stack, new PipelineClock());
  const aws = await startEmbeddedAws(stack.region, { cloudWatch });
  const fraudApi = await startFraudApi({ seed: 1, faultRate: 0 });
  const queues = await RecordingProxy.start(aws.environment.AWS_ENDPOINT_URL_SQS!);
  const topics = await RecordingProxy.start(aws.environment.AWS_ENDPOINT_URL_SNS!);
  const tables = await RecordingProxy.start(aws.environment.AWS_ENDPOINT_URL_DYNAMODB!);
  const requestsOfMapping = countRequests(aws);
  try {
    const pipeline = await deploy(stack, aws);
    const topic = outcomes ? { OUTCOME_TOPIC_ARN: (await OutcomeSubscriber.start(aws)).topicArn } : {};
    const table = new TableWatch(aws, pipeline.tableName, tables);
    const output = new FunctionOutput();
    const count = async (): Promise<Counts> => ({
      table_write_units: units(cloudWatch, 'ConsumedWriteCapacityUnits', { TableName: pipeline.tableName }),
      read_units: units(cloudWatch, 'ConsumedReadCapacityUnits', { TableName: pipeline.tableName }),
      table_calls: tables.calls.length,
      sqs_requests: requestsOfMapping() + queues.calls.length,
      sns_requests: topics.calls.length,
      outcome_bytes: sum(topics.inputs('Publish').map(({ Message }) => Buffer.byteLength(String(Message)))),
      log_bytes: output.logBytes,
      metric_bytes: output.metricBytes,
      cpu_ms: output.cpuMs,
      ...(await table.totals()),
    });
    const lambda = new FunctionProcess({
      bundle,
      functionName: pipeline.functionName,
      timeoutMs: pipeline.functionTimeoutMs,
      environment: {
        ...aws.environment,
        ...pipeline.environment,
        ...topic,
        FRAUD_API_URL: fraudApi.url,
        AWS_ENDPOINT_URL_SQS: queues.endpoint,
        AWS_ENDPOINT_URL_SNS: topics.endpoint,
        AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
      },
      onLine: (line) => {
        output.take(line);
      },
    });
    const work = async (batch: number, payments: number) => {
      await new PaymentProducer(aws.sqs, pipeline.paymentQueueUrl).send(paymentsOf(batch, payments));
      await runBatch(aws, pipeline, lambda, payments);
    };
    try {
      for (let batch = 0; batch < warmUp; batch++) await work(batch, BATCH_SIZE);
      await output.reaches(warmUp);
      const before = await count();
      for (let batch = warmUp; batch < warmUp + batches; batch++) await work(batch, fill);
      await output.reaches(warmUp + batches);
      return { payments: fill, ...average(before, await count(), batches) };
    } finally {
      await lambda.close();
    }
  } finally {
    await Promise.all([queues.close(), topics.close(), tables.close(), fraudApi.close()]);
    await aws.close();
  }
}

/** What the function's process has written. */
class FunctionOutput {
  logBytes = 0;
  metricBytes = 0;
  cpuMs = 0;
  invocations = 0;
  private onInvocation: () => void = () => undefined;

  take(line: string): void {
    if (line.startsWith(CPU_LINE)) {
      this.cpuMs += Number(line.slice(CPU_LINE.length)) / 1_000;
      this.invocations++;
      this.onInvocation();
    } else if (line.includes('"_aws"')) this.metricBytes += Buffer.byteLength(line);
    else this.logBytes += Buffer.byteLength(line);
  }

  /** The last line of an invocation may arrive after its answer. */
  async reaches(invocations: number): Promise<void> {
    while (this.invocations < invocations) await new Promise<void>((resolve) => (this.onInvocation = resolve));
    // Standard output and standard error are two pipes.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** @returns the requests of the sender and of the event source so far */
function countRequests({ sqs }: EmbeddedAws): () => number {
  let requests = 0;
  sqs.middlewareStack.add(
    (next) => (args) => {
      requests++;
      return next(args);
    },
    { step: 'finalizeRequest' },
  );
  return () => requests;
}

function paymentsOf(batch: number, fill: number): PaymentMessage[] {
  const random = seededRandom(batch);
  return Array.from({ length: fill }, (_, index) => ({
    ...generatedPayment(random, {
      transaction_id: `8c0f6f5e-4c1a-4b6e-9d57-${String(batch * 100 + index).padStart(12, '0')}`,
      accounts: 1,
      isPoison: false,
      requested_at: '2026-01-05T00:00:00Z',
      reference: `Order ${batch * 100 + index}`,
    }),
    account_id: `account-${index}`,
  }));
}

/** Receives, runs and deletes one batch. */
async function runBatch(
  { sqs }: EmbeddedAws,
  pipeline: DeployedPipeline,
  lambda: FunctionProcess,
  fill: number,
): Promise<void> {
  const ending = new AbortController();
  const invoke: FunctionProcess['invoke'] = (event) => {
    ending.abort();
    return lambda.invoke(event);
  };
  await pollQueue(
    { invoke },
    {
      sqs,
      queueUrl: pipeline.paymentQueueUrl,
      queueArn: pipeline.paymentQueueArn,
      batchSize: fill,
      signal: ending.signal,
      onFunctionError: (error) => {
        throw error;
      },
    },
  );
}

function units(cloudWatch: EmbeddedCloudWatch, metricName: string, dimensions: Record<string, string>): number {
  return cloudWatch.metrics.value({ namespace: 'AWS/DynamoDB', metricName, dimensions, statistic: 'Sum' }) ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function average(before: Counts, after: Counts, batches: number): Counts {
  const entries = Object.entries(after) as [keyof Counts, number][];
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Math.round(((value - before[name]) / batches) * 100) / 100]),
  ) as Counts;
}
