import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';
import type { MetricName } from '../contract';
import { METRIC_UNITS } from '../contract/metrics';
import type { Log, LogFields } from './ports';

/** Powertools: logs and traces that hold no part of a payment but its id, and one line of metrics (EMF) an invocation. */
export class PowertoolsTelemetry implements Log {
  protected readonly logger = new Logger();
  private readonly tracer = new Tracer();
  private readonly metrics = new Metrics();
  /** Whether X-Ray takes the trace of this invocation: by default it takes one a second, and 5 % of the others. */
  private isSampled = false;

  constructor(private readonly releaseId: string) {}

  begin(context: Context): void {
    // Of the context no more: ARN, name and memory of the function would be a third of each line, and its log group tells them.
    this.logger.appendKeys({ function_request_id: context.awsRequestId });
    this.isSampled = this.tracer.isTraceSampled();
  }

  info(event: string, fields: LogFields): void {
    this.logger.info(event, { ...fields });
  }

  warn(event: string, fields: LogFields): void {
    this.logger.warn(event, { ...fields });
  }

  error(event: string, fields: LogFields): void {
    this.logger.error(event, { ...fields });
  }

  count(metric: MetricName, times = 1): void {
    this.record(metric, times);
  }

  /** One value of a metric, in its unit. */
  record(metric: MetricName, value: number): void {
    this.metrics.addMetric(metric, METRIC_UNITS[metric], value);
  }

  /** Writes what was counted; to be called once, at the end of the invocation. */
  flush(): void {
    if (!this.metrics.hasStoredMetrics()) return;
    // Metadata, not a dimension: that would empty every alarm at each release.
    this.metrics.addMetadata('release_id', this.releaseId);
    this.metrics.publishStoredMetrics();
  }

  /** Runs work as a segment of the trace. An error only flags the segment: the trace must not show its message. */
  trace<T>(segment: string, work: () => Promise<T>): Promise<T> {
    if (!this.isSampled) return work();
    return this.tracer.provider.captureAsyncFunc(`## ${segment}`, async (subsegment) => {
      try {
        return await work();
      } catch (error) {
        subsegment?.addErrorFlag();
        throw error;
      } finally {
        subsegment?.close();
      }
    }) as Promise<T>;
  }
}
