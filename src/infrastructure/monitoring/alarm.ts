import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { Construct } from 'constructs';
import type { Alerting } from '../alerting';
import type { Audit } from '../audit/audit';
import type { HandlerFunction } from '../functions/handler-function';
import { type Names, pathOfRunbook } from '../resource-names';
import type { Settings } from '../props';
import type { Queues } from '../queues';
import type { MetricMath, Statistic } from './metric';

/** The resources of a pipeline that alarms and dashboard watch. */
export interface MonitoringProps {
  readonly names: Names;
  readonly settings: Settings;
  readonly alerting: Alerting;
  readonly audit: Audit;
  readonly queues: Queues;
  readonly table: DynamodbTable;
  readonly processor: HandlerFunction;
  readonly dlqProcessor: HandlerFunction;
}

/** An alarm. Its name, its construct id, its outputs and the path of its runbook follow from the purpose. */
export interface AlarmDefinition {
  /** Begins with the monitored thing: `sqs`, `lambda`, `payments` or `security`. */
  readonly purpose: string;
  /** What has happened, in a sentence or two. */
  readonly meaning: string;
  /**
   * Command of the AWS CLI, version 2, that shows the cause and changes no payment. It has no double quotes, which cdktf's
   * HCL does not escape in a text with a reference.
   */
  readonly firstCommand: (names: Names) => string;
  readonly watches: (monitored: MonitoringProps) => Statistic | MetricMath;
  readonly threshold: number | ((monitored: MonitoringProps) => number);
  /** @default 'GreaterThanThreshold' */
  readonly comparison?: 'GreaterThanOrEqualToThreshold';
  /** Seconds. @default 300 */
  readonly period?: number;
  /** Consecutive periods that must breach. @default 1 */
  readonly periods?: number;
  /** Whether the alarm reports that something happened. Its return to OK means nothing then, and is not emailed. @default false */
  readonly isEvent?: true;
  /** @default true for all settings */
  readonly isNeeded?: (settings: Settings) => boolean;
}

/** Creates an alarm of the pipeline. */
export function createAlarm(
  scope: Construct,
  definition: AlarmDefinition,
  monitored: MonitoringProps,
): CloudwatchMetricAlarm {
  const { names, alerting } = monitored;
  const { purpose, threshold, comparison = 'GreaterThanThreshold', period = 300, periods = 1 } = definition;
  const alarm = new CloudwatchMetricAlarm(scope, `alarm_${purpose.replaceAll('-', '_')}`, {
    alarmName: names.alarm(purpose),
    alarmDescription: describe(definition, names),
    comparisonOperator: comparison,
    threshold: typeof threshold === 'number' ? threshold : threshold(monitored),
    evaluationPeriods: periods,
    ...watched(definition.watches(monitored), period),
    // SQS and Lambda publish no data without traffic, which is no fault.
    treatMissingData: 'notBreaching',
  });
  alerting.addAlarm(alarm);
  if (definition.isEvent) alarm.resetOkActions();
  return alarm;
}

/** Path of the alarm's runbook in this package. The page has the alarm's name, without the environment. */
export function runbookPath({ purpose }: Pick<AlarmDefinition, 'purpose'>): string {
  return pathOfRunbook(`alarm-${purpose}`);
}

/** CloudWatch takes 1,024 characters. */
function describe(definition: AlarmDefinition, names: Names): string {
  const { meaning, firstCommand } = definition;
  return `${meaning} First run: ${firstCommand(names)} -- Then follow ${runbookPath(definition)}`;
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
