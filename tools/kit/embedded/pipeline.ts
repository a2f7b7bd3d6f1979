import { once } from 'node:events';
import { createWriteStream, renameSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { METRIC_DIMENSION, type ProcessorVariables } from '../../../src/contract';
import { EmbeddedCloudWatch } from '../cloudwatch/embedded-cloudwatch';
import { PipelineClock } from '../cloudwatch/pipeline-clock';
import { countMessages, type EmbeddedAws, startEmbeddedAws } from './aws';
import { type ExecutionEnvironment, pollQueue } from './event-source';
import { FunctionMeter } from './function-meter';
import { type FunctionError, FunctionProcess } from './function-process';
import { OutcomeSubscriber } from './outcome-subscriber';
import { type DeployedPipeline, deploy } from './resources';
import { SynthesizedStack } from './synthesized-stack';

/** Functions mostly wait for the fraud API. With three times as many, a busy machine's one process of emulators answers too late. */
const ENVIRONMENTS_PER_CORE = 2;

export interface EmbeddedPipelineOptions {
  /** The synthesized stack, Terraform JSON. */
  readonly stackFile: string;
  /** The payment processor's bundle, as it deploys. */
  readonly bundle: string;
  /** Values of the stack's variables, instead of their defaults. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Seconds of pipeline time in a second. */
  readonly timeScale?: number | undefined;
  /** Whether the visibility timeout of messages whose invocation failed passes in pipeline time. @default in the machine's */
  readonly scalesVisibilityTimeout?: boolean;
  /** Changes to the deployed function's environment. */
  readonly overrides: Readonly<Record<string, string>>;
  /** Payments in one batch at most, if fewer than the event source mapping's. */
  readonly largestBatch?: number;
  /** Stands between the event source and a process of the function. */
  readonly between?: (process: FunctionProcess) => ExecutionEnvironment;
  /** Whether the function publishes outcomes, which the deployed stack does not. */
  readonly outcomes?: boolean;
  /** How many are to come: no more environments are started than they have batches. */
  readonly payments: number;
  /** Takes what the functions write. */
  readonly logFile: string;
  /** Bytes from which the log moves to a file `.old`, which the next one replaces. @default none */
  readonly largestLog?: number;
}

/** The stack's queues, table and function on emulators in this process tree; the function runs its real bundle. */
export class EmbeddedPipeline {
  readonly functionErrors: FunctionError[] = [];
  /** Measures and throttles the payment processor. */
  readonly processor: FunctionMeter;
  /** The bundle of the function's processes that start from now on. */
  bundle: string;
  private readonly stopping = new AbortController();
  private readonly environments: FunctionProcess[];
  private log;
  private polling: Promise<unknown> = Promise.resolve();

  static async start(options: EmbeddedPipelineOptions): Promise<EmbeddedPipeline> {
    const stack = SynthesizedStack.read(options.stackFile, options.variables);
    const cloudWatch = new EmbeddedCloudWatch(stack, new PipelineClock(options.timeScale));
    const aws = await startEmbeddedAws(stack.region, { cloudWatch });
    try {
      const subscriber = options.outcomes === true ? await OutcomeSubscriber.start(aws) : undefined;
      return new EmbeddedPipeline(aws, await deploy(stack, aws), cloudWatch, options, subscriber);
    } catch (error) {
      await aws.close();
      throw error;
    }
  }

  private constructor(
    readonly aws: EmbeddedAws,
    readonly deployed: DeployedPipeline,
    /** Has the metrics of all invocations once `stop` has returned. */
    readonly cloudWatch: EmbeddedCloudWatch,
    private readonly options: EmbeddedPipelineOptions,
    /** Has the outcomes, if the function publishes them. */
    readonly subscriber: OutcomeSubscriber | undefined,
  ) {
    this.bundle = options.bundle;
    this.log = createWriteStream(options.logFile);
    this.processor = new FunctionMeter(deployed.functionName, cloudWatch);
    const batches = Math.ceil(options.payments / this.batchSize);
    const count = Math.min(deployed.maximumConcurrency, ENVIRONMENTS_PER_CORE * availableParallelism(), batches);
    this.environments = Array.from({ length: count }, () => this.newEnvironment());
  }

  private newEnvironment(): FunctionProcess {
    const { functionName, functionTimeoutMs: timeoutMs } = this.deployed;
    return new FunctionProcess({
      bundle: () => this.bundle,
      functionName,
      timeoutMs,
      environment: { ...this.aws.environment, ...this.environment },
      onLine: (line) => {
        this.takeLine(line);
      },
    });
  }

  /** Takes a line of a function's log. */
  takeLine(line: string): void {
    this.cloudWatch.log(line);
    if (this.log.writableEnded) return;
    if (this.log.bytesWritten > (this.options.largestLog ?? Infinity)) this.rotateLog();
    this.log.write(`${line}\n`);
  }

  private rotateLog(): void {
    const { logFile } = this.options;
    this.log.end();
    renameSync(logFile, `${logFile}.old`);
    this.log = createWriteStream(logFile);
  }

  /** The payment processor's environment, with its changes. */
  get environment(): Readonly<Record<string, string>> {
    const topic = this.subscriber && { OUTCOME_TOPIC_ARN: this.subscriber.topicArn };
    return { ...this.deployed.environment, ...this.options.overrides, ...topic };
  }

  /** A variable of the functions. */
  variable(name: keyof ProcessorVariables): string | undefined {
    return this.environment[name];
  }

  /** The sum of one of the functions' own metrics. */
  metricSum(metricName: string): number {
    const namespace = this.variable('POWERTOOLS_METRICS_NAMESPACE')!;
    const dimensions = { [METRIC_DIMENSION]: this.variable('POWERTOOLS_SERVICE_NAME')! };
    return this.cloudWatch.metrics.value({ namespace, metricName, dimensions, statistic: 'Sum' }) ?? 0;
  }

  /** Execution environments, each a process. */
  get concurrency(): number {
    return this.environments.length;
  }

  /** Payments in one batch at most. */
  get batchSize(): number {
    return Math.min(this.deployed.batchSize, this.options.largestBatch ?? Infinity);
  }

  /** Starts the function's processes, so that no payment waits for it. The promise rejects when the function cannot run at all. */
  async warmUp(): Promise<void> {
    await Promise.all(this.environments.map((environment) => environment.warmUp()));
  }

  /** Starts working the queue off. The promise rejects when the function cannot run at all. */
  poll(): Promise<unknown> {
    this.cloudWatch.start();
    if (!this.deployed.mapping.enabled) return once(this.stopping.signal, 'abort');
    const polling = Promise.all(
      this.environments.map((environment) =>
        pollQueue(this.measured(this.options.between?.(environment) ?? environment), {
          sqs: this.aws.sqs,
          queueUrl: this.deployed.paymentQueueUrl,
          queueArn: this.deployed.paymentQueueArn,
          batchSize: this.batchSize,
          signal: this.stopping.signal,
          onFunctionError: (error) => this.functionErrors.push(error),
          hiddenSeconds:
            this.options.scalesVisibilityTimeout === true
              ? Math.ceil(this.deployed.visibilityTimeoutSeconds / this.cloudWatch.clock.scale)
              : undefined,
        }),
      ),
    );
    this.polling = polling.catch((error: unknown) => {
      this.stopping.abort(); // one environment that cannot run ends the others
      throw error;
    });
    return this.polling;
  }

  private measured(environment: ExecutionEnvironment): ExecutionEnvironment {
    return { invoke: (event) => this.processor.run(() => environment.invoke(event)) };
  }

  /** Messages in the payment queue, hidden ones included. */
  queued(): Promise<number> {
    return countMessages(this.aws.sqs, this.deployed.paymentQueueUrl);
  }

  /** Ends receiving, lets what runs finish, and ends the function's processes. The emulators stay up. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.aws.endPolls();
    await Promise.allSettled([this.polling]); // its failure is the one that `poll` told
    await Promise.all(this.environments.map((environment) => environment.close()));
    this.cloudWatch.stop();
    if (this.log.writableEnded) return;
    this.log.end();
    await once(this.log, 'finish');
  }

  /** Ends receiving, and kills the function's processes at work. */
  kill(): void {
    this.stopping.abort();
    for (const environment of this.environments) environment.kill();
  }

  /** Ends everything. */
  async close(): Promise<void> {
    await this.stop();
    await this.aws.close();
  }
}
