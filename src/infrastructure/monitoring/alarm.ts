import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmConfig,
} from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Construct } from 'constructs';
import type { Alerting } from '../alerting';
import type { Names } from '../names';
import type { Statistic } from './metric';

/** In this package. */
const RUNBOOK = 'docs/operations.md';

export interface AlarmDefinition {
  /** In the name after `alarm-`, and, with underscores, the construct's id. */
  readonly purpose: string;
  /** What has happened, in a sentence or two. */
  readonly meaning: string;
  /**
   * Of the AWS CLI, version 2: changes no payment, and shows where to look. Without double quotes, which cdktf's HCL does not
   * escape in a text with a reference.
   */
  readonly firstCommand: string;
  /** A metric, how many percent one metric is of another, or the messages of a queue. */
  readonly watches: Statistic | Share | QueuedMessages;
  readonly comparison: 'GreaterThanThreshold' | 'GreaterThanOrEqualToThreshold';
  readonly threshold: number;
  /** Seconds. */
  readonly period: number;
  /** Periods in a row that must breach. */
  readonly periods: number;
}

/** How many percent one metric is of another; 0 when there is nothing to divide by. */
export interface Share {
  readonly part: Statistic;
  readonly whole: Statistic;
}

/** The messages of a queue, whether they wait or are in flight. SQS reports the latter only while there are any. */
export interface QueuedMessages {
  readonly waiting: Statistic;
  readonly inFlight: Statistic;
}

export interface AlarmContext {
  readonly names: Names;
  readonly alerting: Alerting;
}

/** An alarm that tells the topic when it rings, and when it is over. */
export function createAlarm(
  scope: Construct,
  definition: AlarmDefinition,
  { names, alerting }: AlarmContext,
): CloudwatchMetricAlarm {
  const { purpose, comparison, threshold, periods } = definition;
  const alarmName = names.alarm(purpose);
  alerting.allowAlarm(alarmName);
  return new CloudwatchMetricAlarm(scope, `alarm_${purpose.replaceAll('-', '_')}`, {
    alarmName,
    alarmDescription: describe(definition),
    comparisonOperator: comparison,
    threshold,
    evaluationPeriods: periods,
    ...watched(definition),
    // No traffic is no fault: SQS and Lambda publish nothing then.
    treatMissingData: 'notBreaching',
    alarmActions: [alerting.topic.arn],
    okActions: [alerting.topic.arn],
  });
}

/** CloudWatch takes 1,024 characters. The page has a section of the alarm's name, without the environment. */
function describe({ purpose, meaning, firstCommand }: AlarmDefinition): string {
  return `${meaning} First run: ${firstCommand} -- Then follow ${RUNBOOK}#alarm-${purpose}`;
}

type Watched = Pick<
  CloudwatchMetricAlarmConfig,
  'namespace' | 'metricName' | 'dimensions' | 'statistic' | 'period' | 'metricQuery'
>;

function watched({ watches, period }: AlarmDefinition): Watched {
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
