import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MetricName } from '../../contract';
import { METRIC_DEFINITIONS } from '../../contract/metrics';
import { PowertoolsTelemetry } from '../../runtime/telemetry';
import type { Telemetry } from '../core/ports';

/** Logs, traces, and one line of metrics (EMF) an invocation. */
export class ProcessorTelemetry extends PowertoolsTelemetry implements Telemetry {
  private readonly metrics = new Metrics();

  constructor(private readonly releaseId: string) {
    super();
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
    const { name, unit } = METRIC_DEFINITIONS.fraudCheckLatency;
    this.metrics.addMetric(name, unit, milliseconds);
  }
}
