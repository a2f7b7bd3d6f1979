import type { Metric, Statistic } from '../../../src/infrastructure/monitoring/metric';
import type { SynthesizedStack } from '../embedded/synthesized-stack';
import type { AlarmState, EvaluationRule } from './alarm-evaluation';
import type { MetricQuery } from './metric-query';

/** CloudWatch's comparisons of a value with the threshold. */
export const COMPARISONS = {
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
  /** Whether a change of the state is published. */
  readonly actionsEnabled: boolean;
  /** Where a change to the state is published: ARNs of topics. */
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
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

/** The definitions of the stack's alarms. */
export function alarmDefinitions(stack: SynthesizedStack): AlarmDefinition[] {
  return stack.ids(TYPE).map((id) => definitionOf(stack, id));
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
    actionsEnabled: (optional('actions_enabled') ?? true) as boolean,
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
