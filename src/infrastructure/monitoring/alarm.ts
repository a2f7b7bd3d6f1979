import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { Construct } from 'constructs';
import type { Alerting } from '../alerting';
import type { Audit } from '../audit/audit';
import type { HandlerFunction } from '../functions/handler-function';
import type { Names } from '../resource-names';
import type { Settings } from '../props';
import type { Queues } from '../queues';
import type { Statistic } from './metric';

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
  /** A metric, a percentage of one metric in another, or the messages of a queue. */
  readonly watches: (monitored: MonitoringProps) => Statistic | Share | QueuedMessages;
  readonly threshold: number | ((monitored: MonitoringProps) => number);
  /** @default 'GreaterThanThreshold' */
  readonly comparison?: 'GreaterThanOrEqualToThreshold';
  /** Seconds. @default 300 */
  readonly period?: number;
  /** Consecutive periods that must breach. @default 1 */
  readonly periods?: number;
  /** @default true for all settings */
  readonly isNeeded?: (settings: Settings) => boolean;
}

/** One metric as a percentage of another; 0 when the other is 0. */
export interface Share {
  readonly part: Statistic;
  readonly whole: Statistic;
}

/** The messages of a queue, waiting or in flight. SQS reports the latter only while there are any. */
export interface QueuedMessages {
  readonly waiting: Statistic;
  readonly inFlight: Statistic;
}

/** Creates an alarm that notifies the topic when it goes off and when it is over. */
export function createAlarm(
  scope: Construct,
  definition: AlarmDefinition,
  monitored: MonitoringProps,
): CloudwatchMetricAlarm {
  const { names, alerting } = monitored;
  const { purpose, threshold, comparison = 'GreaterThanThreshold', period = 300, periods = 1 } = definition;
  const alarmName = names.alarm(purpose);
  alerting.allowAlarm(alarmName);
  return new CloudwatchMetricAlarm(scope, `alarm_${purpose.replaceAll('-', '_')}`, {
    alarmName,
    alarmDescription: describe(definition, names),
    comparisonOperator: comparison,
    threshold: typeof threshold === 'number' ? threshold : threshold(monitored),
    evaluationPeriods: periods,
    ...watched(definition.watches(monitored), period),
    // SQS and Lambda publish no data without traffic, which is no fault.
    treatMissingData: 'notBreaching',
    alarmActions: [alerting.topic.arn],
    okActions: [alerting.topic.arn],
  });
}

/** Path of the alarm's runbook in this package. The page has the alarm's name, without the environment. */
export function runbookPath({ purpose }: Pick<AlarmDefinition, 'purpose'>): string {
  return `docs/runbooks/alarm-${purpose}.md`;
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

function watched(watches: Statistic | Share | QueuedMessages, period: number): Watched {
  const input = (id: string, { statistic, ...metric }: Statistic) => ({
    id,
    metric: { ...metric, stat: statistic, period },
  });
  if ('part' in watches) {
    const { part, whole } = watches;
    return {
      metricQuery: [
        {
          id: 'share',
          label: `${part.metricName} in percent of ${whole.metricName}`,
          expression: 'IF(whole > 0, 100 * part / whole, 0)',
          returnData: true,
        },
        input('part', part),
        input('whole', whole),
      ],
    };
  }
  if ('waiting' in watches) {
    const { waiting, inFlight } = watches;
    return {
      metricQuery: [
        {
          id: 'messages',
          label: 'Messages waiting and in flight',
          expression: 'waiting + FILL(inflight, 0)',
          returnData: true,
        },
        input('waiting', waiting),
        input('inflight', inFlight),
      ],
    };
  }
  return { ...watches, period };
}
