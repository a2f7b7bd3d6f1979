import type { Metric } from '../../../src/infrastructure/monitoring/metric';
import type { SynthesizedStack } from '../embedded/synthesized-stack';
import { Alarm } from './alarm';
import { alarmDefinitions } from './alarm-definition';
import { drawWidget, type Widget, type WidgetDefinition, widgetDefinitions } from './dashboard';
import { emfData } from './emf';
import { type LogMetricFilter, logMetricFiltersOf } from './log-metric-filter';
import { MetricStore, type TimeRange } from './metric-store';
import type { PipelineClock } from './pipeline-clock';

/** Seconds of pipeline time between two samples. AWS takes one a minute; more of them miss no minute when the process is busy. */
const SAMPLE_SECONDS = 15;

/** The CloudWatch of an embedded pipeline: the stack's alarms and dashboard over the metrics of the run, in pipeline time. */
export class EmbeddedCloudWatch {
  readonly metrics = new MetricStore();
  /** The stack's alarms, in its order. */
  readonly alarms: readonly Alarm[];
  private readonly dashboard: readonly WidgetDefinition[];
  private readonly filters: readonly LogMetricFilter[];
  private readonly sources: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly stack: SynthesizedStack,
    readonly clock: PipelineClock,
  ) {
    this.alarms = alarmDefinitions(stack).map((definition) => new Alarm(definition, clock.start));
    this.dashboard = widgetDefinitions(stack);
    this.filters = logMetricFiltersOf(stack);
  }

  /**
   * Takes a line of a function's log. One in the embedded metric format has metrics, with the machine's time. An age, in seconds, becomes
   * one of pipeline time, as that of a queue's oldest message; milliseconds are what a call takes, and stay.
   */
  log(line: string): void {
    for (const { value, at, unit, namespace, metricName, dimensions } of emfData(line))
      this.put({ namespace, metricName, dimensions }, unit === 'Seconds' ? value * this.clock.scale : value, at);
  }

  /** Takes an event of CloudTrail, which metric filters count in the trail's log group. @param event such as `{ eventName: 'StopLogging' }` */
  trail(event: Readonly<Record<string, unknown>>): void {
    const group = this.stack.text('aws_cloudtrail', this.stack.only('aws_cloudtrail'), 'cloud_watch_logs_group_arn');
    for (const { logGroupArn, metric, value, matches } of this.filters)
      if (group === `${logGroupArn}:*` && matches(event)) this.put(metric, value);
  }

  /** Takes a value of a metric. @param time the machine's */
  put(metric: Metric, value: number, time = this.clock.machineTime()): void {
    this.metrics.put({ ...metric, value, at: this.clock.at(time) });
  }

  /** Adds what puts the values of metrics that are a state, such as a queue's depth. */
  addSource(sample: () => void): void {
    this.sources.push(sample);
  }

  /** Samples and evaluates from now on, in pipeline time. */
  start(): void {
    this.timer = setInterval(
      () => {
        this.tick();
      },
      (SAMPLE_SECONDS * 1_000) / this.clock.scale,
    );
  }

  /** Samples and evaluates once more. */
  stop(): void {
    if (this.timer === undefined) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.tick();
  }

  /** Samples the sources, and evaluates the alarms for each minute of pipeline time that has ended. */
  tick(): void {
    for (const sample of this.sources) sample();
    for (const alarm of this.alarms) alarm.evaluate(this.metrics, this.clock.now());
  }

  /** The dashboard's widgets with the data of a range. @default from the start until now */
  widgets(range: TimeRange = { from: this.clock.start, to: this.clock.now() }): Widget[] {
    return this.dashboard.map((definition) => drawWidget(definition, this.metrics, range, this.clock.now()));
  }
}
