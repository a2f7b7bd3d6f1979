import { CommandError } from '../../../src/cli/command-error';
import type { EmbeddedCloudWatch } from '../cloudwatch/embedded-cloudwatch';

/** Lambda refused an invocation: as many as the function's concurrency allows are running. */
export class ThrottleError extends CommandError {}

/** Measures a function as AWS/Lambda does, and throttles it: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export class FunctionMeter {
  /** Invocations that may run at the same time, as by `aws lambda put-function-concurrency`; 0 throttles all. */
  reservedConcurrency = Infinity;
  private running = 0;

  constructor(
    private readonly functionName: string,
    private readonly cloudWatch: EmbeddedCloudWatch,
  ) {
    cloudWatch.addSource(() => {
      if (this.running > 0) this.put('ConcurrentExecutions', this.running);
    });
  }

  /** Runs an invocation. @throws ThrottleError, and what the invocation throws */
  async run<Result>(invocation: () => Promise<Result>): Promise<Result> {
    const isThrottled = this.running >= this.reservedConcurrency;
    this.put('Throttles', Number(isThrottled));
    if (isThrottled) throw new ThrottleError(`Lambda throttled ${this.functionName}.`); // no invocation
    this.running++;
    this.put('ConcurrentExecutions', this.running);
    const { machineTime } = this.cloudWatch.clock;
    const invokedAt = machineTime();
    let errors = 1;
    try {
      const result = await invocation();
      errors = 0;
      return result;
    } finally {
      this.running--;
      // "The timestamp on a metric reflects when the function was invoked".
      this.put('Invocations', 1, invokedAt);
      this.put('Errors', errors, invokedAt);
      this.put('Duration', machineTime() - invokedAt, invokedAt);
    }
  }

  private put(metricName: string, value: number, time?: number): void {
    const metric = { namespace: 'AWS/Lambda', metricName, dimensions: { FunctionName: this.functionName } };
    this.cloudWatch.put(metric, value, time);
  }
}
