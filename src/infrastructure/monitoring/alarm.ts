import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import type { Construct } from 'constructs';
import type { Alerting } from '../alerting';
import type { Audit } from '../audit/audit';
import type { Network } from '../network/network';
import type { HandlerFunction } from '../functions/handler-function';
import { type Names, pathOfRunbook } from '../resource-names';
import type { AlarmOverrides, PaymentPipelineProps, Settings } from '../props';
import type { Queues } from '../queues';
import { type MetricMath, percentOf, type Statistic } from './metric';

/** The resources of a pipeline that alarms and dashboard watch. */
export interface MonitoringProps {
  readonly names: Names;
  readonly settings: Settings;
  readonly alerting: Alerting;
  readonly audit: Audit;
  readonly network: Network;
  readonly queues: Queues;
  readonly table: DynamodbTable;
  readonly processor: HandlerFunction;
  readonly dlqProcessor: HandlerFunction;
  /** Undefined when no outcomes are published. */
  readonly outcomeTopic: SnsTopic | undefined;
}

/** An alarm. Its name, its construct id, its outputs and the path of its runbook follow from the purpose. */
export interface AlarmDefinition {
  /** Begins with the monitored thing: `sqs`, `lambda`, `sns`, `payments` or `security`. */
  readonly purpose: string;
  /** What has happened, in a sentence or two; a function where it has figures that the prop `alarms` can change. */
  readonly meaning: string | ((settings: AlarmSettings) => string);
  /**
   * Command of the AWS CLI, version 2, that shows the cause and changes no payment. It has no double quotes, which cdktf's
   * HCL does not escape in a text with a reference.
   */
  readonly firstCommand: (names: Names) => string;
  readonly watches: (monitored: MonitoringProps) => Statistic | MetricMath;
  /** In the metric's unit, or in percent of `percentOf`. */
  readonly threshold: number;
  /** What the threshold is a percentage of. */
  readonly percentOf?: {
    readonly prop: keyof PaymentPipelineProps;
    readonly value: (monitored: MonitoringProps) => number;
  };
  /** @default 'GreaterThanThreshold' */
  readonly comparison?: 'GreaterThanOrEqualToThreshold';
  /** Seconds. @default 300 */
  readonly period?: number;
  /** The shortest period, in seconds, with which the metric math works. @default 60 */
  readonly shortestPeriod?: number;
  /** Consecutive periods that must breach. @default 1 */
  readonly evaluationPeriods?: number;
  /** Whether the alarm reports that something happened. Its return to OK means nothing then, and is not emailed. @default false */
  readonly isEvent?: true;
  /** Whether the specification asks for the alarm: synthesis warns when it is turned off. @default false */
  readonly isSpecified?: true;
  /**
   * Who emails it when the outage alarm is on: for a `symptom`, which ends with the outage, the outage alarm; for a `consequence`, which
   * stays until an operator acts, a composite alarm that is silent during the outage. @default the alarm itself
   */
  readonly inOutage?: 'symptom' | 'consequence';
  /** @default true for all settings */
  readonly isNeeded?: (settings: Settings) => boolean;
}

/** What an alarm compares with its metric, and how often. */
export interface AlarmSettings {
  readonly threshold: number;
  /** Seconds. */
  readonly period: number;
  readonly evaluationPeriods: number;
  /** @default all of the evaluation periods */
  readonly datapointsToAlarm?: number;
}

/** The settings of an alarm: those of the definition, unless the prop `alarms` has others. */
export function alarmSettings(definition: AlarmDefinition, overrides: AlarmOverrides = {}): AlarmSettings {
  const { datapointsToAlarm } = overrides;
  return {
    threshold: overrides.threshold ?? definition.threshold,
    period: overrides.period ?? definition.period ?? 300,
    evaluationPeriods: overrides.evaluationPeriods ?? definition.evaluationPeriods ?? 1,
    ...(datapointsToAlarm !== undefined && { datapointsToAlarm }),
  };
}

/** Creates an alarm of the pipeline, which has no actions yet. */
export function createAlarm(
  scope: Construct,
  definition: AlarmDefinition,
  monitored: MonitoringProps,
): CloudwatchMetricAlarm {
  const { names, settings } = monitored;
  const { purpose, percentOf: whole, comparison = 'GreaterThanThreshold' } = definition;
  const overrides = settings.alarms[purpose];
  const own = alarmSettings(definition, typeof overrides === 'object' ? overrides : undefined);
  const { threshold, period, ...evaluation } = own;
  return new CloudwatchMetricAlarm(scope, alarmId(purpose), {
    alarmName: names.alarm(purpose),
    alarmDescription: describe(definition, meaningOf(definition, own), names),
    comparisonOperator: comparison,
    threshold: whole === undefined ? threshold : percentOf(whole.value(monitored), threshold),
    ...evaluation,
    ...watched(definition.watches(monitored), period),
    // SQS and Lambda publish no data without traffic, which is no fault.
    treatMissingData: 'notBreaching',
  });
}

/** Id of an alarm's construct, from which its outputs have their names. */
export function alarmId(purpose: string): string {
  return `alarm_${purpose.replaceAll('-', '_')}`;
}

/** Path of the alarm's runbook in this package. The page has the alarm's name, without the environment. */
export function runbookPath({ purpose }: Pick<AlarmDefinition, 'purpose'>): string {
  return pathOfRunbook(`alarm-${purpose}`);
}

/** What has happened when the alarm rings. */
export function meaningOf({ meaning }: Pick<AlarmDefinition, 'meaning'>, settings: AlarmSettings): string {
  return typeof meaning === 'string' ? meaning : meaning(settings);
}

/** An alarm's description: what it means, and what to do first. CloudWatch takes 1,024 characters. */
export function describe(
  { purpose, firstCommand }: Pick<AlarmDefinition, 'purpose' | 'firstCommand'>,
  meaning: string,
  names: Names,
): string {
  return `${meaning} First run: ${firstCommand(names)} -- Then follow ${runbookPath({ purpose })}`;
}

type Watched = Pick<
  CloudwatchMetricAlarmConfig,
  'namespace' | 'metricName' | 'dimensions' | 'statistic' | 'period' | 'metricQuery'
>;

function watched(watches: Statistic | MetricMath, period: number): Watched {
  if (!('expression' in watches)) return { ...watches, period };
  const { id: result, label, expression, inputs } = watches;
  return {
    metricQuery: [
      { id: result, label, expression, returnData: true },
      ...Object.entries(inputs).map(([id, { statistic, ...metric }]) => ({
        id,
        metric: { ...metric, stat: statistic, period },
      })),
    ],
  };
}
