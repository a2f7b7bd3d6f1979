import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';
import { type MetricName, METRICS } from '../../contract';
import { traced } from '../../runtime/traced';
import type { LogFields, Telemetry } from '../core/ports';

/** Powertools: one EMF line an invocation, logs and traces without a word of the payload. */
export class PowertoolsTelemetry implements Telemetry {
  private readonly metrics = new Metrics();
  private readonly logger = new Logger();
  private readonly tracer = new Tracer();

  constructor(private readonly releaseId: string) {}

  begin(context: Context): void {
    this.logger.addContext(context);
  }

  /** Writes what was counted; to be called once, at the end of the invocation. */
  flush(): void {
    if (!this.metrics.hasStoredMetrics()) return;
    // Metadata, not a dimension: that would empty every alarm at each release.
    this.metrics.addMetadata('release_id', this.releaseId);
    this.metrics.publishStoredMetrics();
  }

  count(metric: MetricName, times = 1): void {
    this.metrics.addMetric(metric, MetricUnit.Count, times);
  }

  fraudCheckLatency(milliseconds: number): void {
    this.metrics.addMetric(METRICS.fraudCheckLatency, MetricUnit.Milliseconds, milliseconds);
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

  trace<T>(segment: string, work: () => Promise<T>): Promise<T> {
    return traced(this.tracer, segment, work);
  }
}
