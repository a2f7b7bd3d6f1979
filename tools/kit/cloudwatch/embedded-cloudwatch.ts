import type { SynthesizedStack } from '../embedded/synthesized-stack';
import { type Alarm, alarmsOf } from './alarm';
import { drawWidget, type Widget, type WidgetDefinition, widgetDefinitions } from './dashboard';
import { emfData } from './emf';
import { MetricStore, type TimeRange } from './metric-store';
import type { PipelineClock } from './pipeline-clock';

/** The CloudWatch of an embedded pipeline: the stack's alarms and dashboard over the metrics of the run, in pipeline time. */
export class EmbeddedCloudWatch {
  readonly metrics = new MetricStore();
  readonly alarms: readonly Alarm[];
  private readonly dashboard: readonly WidgetDefinition[];

  constructor(
    stack: SynthesizedStack,
    readonly clock: PipelineClock,
  ) {
    this.alarms = alarmsOf(stack, clock.start);
    this.dashboard = widgetDefinitions(stack);
  }

  /** Takes a line of a function's log. One in the embedded metric format has metrics, with the machine's time. */
  log(line: string): void {
    for (const datum of emfData(line)) this.metrics.put({ ...datum, at: this.clock.at(datum.at) });
  }

  /** Evaluates the alarms for each minute of pipeline time that has ended. */
  evaluate(): void {
    for (const alarm of this.alarms) alarm.evaluate(this.metrics, this.clock.now());
  }

  /** The dashboard's widgets with the data of a range. @default from the start until now */
  widgets(range: TimeRange = { from: this.clock.start, to: this.clock.now() }): Widget[] {
    return this.dashboard.map((definition) => drawWidget(definition, this.metrics, range, this.clock.now()));
  }
}
