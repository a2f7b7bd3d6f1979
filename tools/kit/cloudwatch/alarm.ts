import type { Metric, Statistic } from '../../../src/infrastructure/monitoring/metric';
import type { SynthesizedStack } from '../embedded/synthesized-stack';
import { type AlarmState, evaluate, type EvaluationRule, EXTRA_PERIODS } from './alarm-evaluation';
import { type AlarmMail, mailOf, reasonOf } from './alarm-mail';
import { type DataPoint, floor, MINUTE_MS, type MetricStore } from './metric-store';
import { type MetricQuery, runQueries } from './metric-query';

/** "CloudWatch preserves alarm history for two weeks": User Guide, "Common features of CloudWatch alarms". */
const HISTORY_MS = 14 * 24 * 60 * MINUTE_MS;

/** Longer than what an alarm of the stack looks back. */
const LONGEST_PAUSE_MS = 24 * 60 * MINUTE_MS;

const COMPARISONS = {
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
} as const;

/** An alarm's settings, as they are in the stack. */
export interface AlarmDefinition extends EvaluationRule {
  readonly arn: string;
  readonly name: string;
  /** What has happened, the first command, and the path of the runbook. */
  readonly description: string;
  readonly queries: readonly MetricQuery[];
  /** Seconds. */
  readonly period: number;
  readonly comparison: keyof typeof COMPARISONS;
  readonly threshold: number;
  /** Where a change to the state is published: ARNs of topics. */
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
}

/** A change of an alarm's state. */
export interface StateChange {
  /** Pipeline time. */
  readonly at: number;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
  /** The email that the topic sends. Undefined when the alarm has no action for the state. */
  readonly mail: AlarmMail | undefined;
}

/** An alarm of the stack and its states. It was deployed long before the run, and had no data. */
export class Alarm {
  state: AlarmState;
  /** Since when it has this state: pipeline time. */
  since: number;
  /** The changes of the last two weeks, the first one first. */
  readonly history: StateChange[] = [];
  private evaluated: number;

  /** @param start pipeline time of the first evaluation */
  constructor(
    readonly definition: AlarmDefinition,
    start: number,
  ) {
    this.state = evaluate([], definition).state ?? 'INSUFFICIENT_DATA';
    this.since = start;
    this.evaluated = floor(start, MINUTE_MS);
  }

  /** The path of its runbook in this package, from the description. */
  get runbook(): string | undefined {
    return /docs\/runbooks\/[\w-]+\.md/.exec(this.definition.description)?.[0];
  }

  /** Evaluates it for each minute that has ended, as CloudWatch does once a minute. Those of a machine that slept are left out. */
  evaluate(metrics: MetricStore, now: number): void {
    this.evaluated = Math.max(this.evaluated, floor(now, MINUTE_MS) - LONGEST_PAUSE_MS);
    while (this.evaluated + MINUTE_MS <= now) {
      this.evaluated += MINUTE_MS;
      this.evaluateAt(metrics, this.evaluated);
    }
  }

  /**
   * The periods end with the minute: the evaluation window slides, unless it is said otherwise,
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
   */
  private evaluateAt(metrics: MetricStore, at: number): void {
    const { definition } = this;
    const { evaluationPeriods, period, queries, comparison, threshold } = definition;
    const count = evaluationPeriods + EXTRA_PERIODS;
    const range = { from: at - count * period * 1_000, to: at };
    const [points = []] = runQueries(metrics, queries, period, range).values();
    const byTime = new Map(points.map((point) => [point.at, point]));
    const slots = Array.from({ length: count }, (_, index) => byTime.get(range.from + index * period * 1_000));
    const breaching = slots.map((point) => point && COMPARISONS[comparison](point.value, threshold));
    const { state, counted } = evaluate(breaching, definition);
    if (state === undefined || state === this.state) return;
    const deciding = counted.filter((index) => breaching[index] === (state === 'ALARM')).map((index) => slots[index]!);
    this.change(at, state, deciding);
  }

  private change(at: number, to: AlarmState, deciding: readonly DataPoint[]): void {
    const from = this.state;
    const reason = reasonOf(this.definition, to, deciding);
    const mail =
      this.definition.actions[to].length === 0 ? undefined : mailOf(this.definition, { at, from, to, reason });
    this.history.push({ at, from, to, reason, mail });
    this.state = to;
    this.since = at;
    while (this.history[0]!.at < at - HISTORY_MS) this.history.shift();
  }
}

const TYPE = 'aws_cloudwatch_metric_alarm';

/** The metric of an alarm's `metric_query`, in Terraform's names. */
interface TerraformMetric {
  readonly namespace: string;
  readonly metric_name: string;
  readonly dimensions?: Metric['dimensions'];
  readonly period: number;
  readonly stat: string;
}

interface TerraformQuery {
  readonly id: string;
  readonly expression?: string;
  readonly metric?: TerraformMetric;
  readonly return_data?: boolean;
}

/** The stack's alarms. @param start pipeline time */
export function alarmsOf(stack: SynthesizedStack, start: number): Alarm[] {
  return stack.ids(TYPE).map((id) => new Alarm(definitionOf(stack, id), start));
}

function definitionOf(stack: SynthesizedStack, id: string): AlarmDefinition {
  const optional = (name: string) => stack.attribute(TYPE, id, name);
  const evaluationPeriods = stack.number(TYPE, id, 'evaluation_periods');
  const queries = optional('metric_query') as readonly TerraformQuery[] | undefined;
  const actions = (name: string) => (optional(name) ?? []) as readonly string[];
  return {
    arn: stack.text(TYPE, id, 'arn'),
    name: stack.text(TYPE, id, 'alarm_name'),
    description: stack.text(TYPE, id, 'alarm_description'),
    ...(queries === undefined ? singleMetric(stack, id) : severalMetrics(queries)),
    comparison: stack.text(TYPE, id, 'comparison_operator') as AlarmDefinition['comparison'],
    threshold: stack.number(TYPE, id, 'threshold'),
    evaluationPeriods,
    datapointsToAlarm: (optional('datapoints_to_alarm') ?? evaluationPeriods) as number,
    treatMissingData: (optional('treat_missing_data') ?? 'missing') as AlarmDefinition['treatMissingData'],
    actions: {
      OK: actions('ok_actions'),
      ALARM: actions('alarm_actions'),
      INSUFFICIENT_DATA: actions('insufficient_data_actions'),
    },
  };
}

function singleMetric(stack: SynthesizedStack, id: string): Pick<AlarmDefinition, 'queries' | 'period'> {
  const reads: Statistic = {
    namespace: stack.text(TYPE, id, 'namespace'),
    metricName: stack.text(TYPE, id, 'metric_name'),
    dimensions: (stack.attribute(TYPE, id, 'dimensions') ?? {}) as Metric['dimensions'],
    statistic: stack.text(TYPE, id, 'statistic'),
  };
  return { queries: [{ id: 'metric', reads, isReturned: true }], period: stack.number(TYPE, id, 'period') };
}

function severalMetrics(queries: readonly TerraformQuery[]): Pick<AlarmDefinition, 'queries' | 'period'> {
  return {
    queries: queries.map(({ id, expression, metric, return_data = false }) => ({
      id,
      reads: metric === undefined ? { expression: expression! } : statisticOf(metric),
      isReturned: return_data,
    })),
    period: Math.max(...queries.map(({ metric }) => metric?.period ?? 0)), // all have the same
  };
}

function statisticOf({ namespace, metric_name, dimensions = {}, stat }: TerraformMetric): Statistic {
  return { namespace, metricName: metric_name, dimensions, statistic: stat };
}
