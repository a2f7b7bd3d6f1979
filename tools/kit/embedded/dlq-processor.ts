import { join } from 'node:path';
import { thisProject } from '../project';
import { LambdaEndpoint } from '../ops/lambda-endpoint';
import { FunctionProcess } from './function-process';
import type { DeployedPipeline } from './resources';

const BUNDLE = join(thisProject.root, 'assets/dlq-processor/index.mjs');

export interface DlqProcessorOptions {
  readonly deployed: DeployedPipeline;
  /** The AWS SDK's variables that direct the function to the emulators. */
  readonly environment: Readonly<Record<string, string>>;
  /** The payment processor's, which Lambda's endpoint tells. @default as deployed */
  readonly processorEnvironment?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
  /** Runs each invocation, such as by measuring it. */
  readonly run?: <Result>(invocation: () => Promise<Result>) => Promise<Result>;
}

/** The deployed DLQ processor as a process, and Lambda's endpoint before it, which also knows the configuration of both functions. */
export class EmbeddedDlqProcessor {
  static async start({
    deployed,
    environment,
    processorEnvironment = deployed.environment,
    onLine = () => undefined,
    run = (invocation) => invocation(),
  }: DlqProcessorOptions): Promise<EmbeddedDlqProcessor> {
    const { functionName, timeoutMs, environment: variables } = deployed.dlqProcessor;
    const process = new FunctionProcess({
      bundle: BUNDLE,
      functionName,
      timeoutMs,
      environment: { ...variables, ...environment },
      onLine,
    });
    let last: Promise<unknown> = Promise.resolve();
    // One after the other: the process is one execution environment.
    const invoke = (event: unknown) =>
      (last = last.catch(() => undefined).then(() => run(() => process.invoke(event))));
    const lambda = await LambdaEndpoint.start(functionName, invoke);
    const working = { State: 'Active', LastUpdateStatus: 'Successful', LastModified: '2026-07-01T08:30:00.000+0000' };
    lambda.configurations = {
      [deployed.functionName]: {
        ...working,
        FunctionName: deployed.functionName,
        Timeout: deployed.functionTimeoutMs / 1_000,
        Environment: { Variables: processorEnvironment },
      },
      [functionName]: {
        ...working,
        FunctionName: functionName,
        Timeout: timeoutMs / 1_000,
        Environment: { Variables: variables },
      },
    };
    return new EmbeddedDlqProcessor(process, lambda, invoke, deployed.schedules);
  }

  private constructor(
    private readonly process: FunctionProcess,
    readonly lambda: LambdaEndpoint,
    private readonly invoke: (event: unknown) => Promise<unknown>,
    private readonly schedules: DeployedPipeline['schedules'],
  ) {}

  private timers: readonly NodeJS.Timeout[] = [];

  /** Calls the function from now on as the schedules of the stack say. @param timeScale of pipeline time */
  startSchedules(timeScale: number): void {
    this.timers = this.schedules.map(({ everyMs, event }) =>
      // The next one follows when one fails, as with EventBridge.
      setInterval(() => void this.invoke(event).catch(() => undefined), everyMs / timeScale),
    );
  }

  async close(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await Promise.all([this.process.close(), this.lambda.close()]);
  }
}
