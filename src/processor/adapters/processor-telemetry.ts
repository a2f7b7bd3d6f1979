import { METRICS } from '../../contract';
import { PowertoolsTelemetry } from '../../runtime/telemetry';
import type { Telemetry } from '../core/ports';

export class ProcessorTelemetry extends PowertoolsTelemetry implements Telemetry {
  fraudCheckLatency(milliseconds: number): void {
    this.record(METRICS.fraudCheckLatency, milliseconds);
  }
}
