import {
  type AlarmDefinition,
  alarmSettings,
  type MonitoringProps,
} from '../../../src/infrastructure/monitoring/alarm';
import { type MetricMath, percentOf, type Statistic } from '../../../src/infrastructure/monitoring/metric';
import { resourceNames } from '../../../src/infrastructure/resource-names';
import * as at from '../addresses';
import type { Row } from '../row';

const TOPIC_ARN = `${at.TOPIC}.arn`;

/** The monitored resources, each as an alarm refers to it. */
const MONITORED = {
  names: resourceNames({ environment: 'dev', queueName: 'payment-processing' }),
  settings: { maxConcurrency: 50 },
  queues: {
    paymentQueue: { name: `${at.PAYMENT_QUEUE}.name` },
    deadLetterQueue: { name: `${at.DEAD_LETTER_QUEUE}.name`, messageRetentionSecondsInput: 14 * 86_400 },
  },
  table: { name: `${at.TABLE}.name` },
  processor: { lambda: { functionName: `${at.PROCESSOR}.function_name` } },
  dlqProcessor: { lambda: { functionName: `${at.DLQ_PROCESSOR}.function_name` } },
} as unknown as MonitoringProps;

/** The alarm that a definition asks for. */
function asDefined(definition: AlarmDefinition): object {
  const { watches, percentOf: whole, comparison } = definition;
  const { threshold, period, evaluationPeriods } = alarmSettings(definition);
  const watched = watches(MONITORED);
  const query = ([id, { metricName, statistic, ...metric }]: [string, Statistic]) => ({
    id,
    metric: { ...metric, metric_name: metricName, stat: statistic, period },
  });
  const asked = ({ id, expression, inputs }: MetricMath) => [
    { id, label: expect.any(String) as string, expression, return_data: true },
    ...Object.entries(inputs).map(query),
  ];
  const { metricName, ...metric } = watched as Statistic;
  return {
    comparison_operator: comparison ?? 'GreaterThanThreshold',
    threshold: whole === undefined ? threshold : percentOf(whole.value(MONITORED), threshold),
    evaluation_periods: evaluationPeriods,
    ...('expression' in watched ? { metric_query: asked(watched) } : { ...metric, metric_name: metricName, period }),
  };
}

/** CloudWatch Monitoring and Dashboards: the alarms. */
export const alarms: readonly Row[] = [
  {
    demand: 'Four metric alarms on critical system health',
    met: 'The four, and more: on waiting, on throttles, on security events, and on what the functions themselves count.',
    deviation: 'D21',
    resources: [...at.FOUR_ALARMS, ...at.MORE_ALARMS],
    shows: (stack) => {
      expect(stack.addressesOf('aws_cloudwatch_metric_alarm')).toEqual(
        expect.arrayContaining([...at.FOUR_ALARMS, ...at.MORE_ALARMS]),
      );
    },
  },
  {
    demand: 'More than 1000 visible messages in the main queue for two five-minute periods in a row',
    met: 'As asked, on the maximum of each period.',
    resources: [at.QUEUE_DEPTH_ALARM],
    shows: (stack) => {
      expect(stack.at(at.QUEUE_DEPTH_ALARM)).toEqual(
        expect.objectContaining({
          namespace: 'AWS/SQS',
          metric_name: 'ApproximateNumberOfMessagesVisible',
          dimensions: { QueueName: `${at.PAYMENT_QUEUE}.name` },
          statistic: 'Maximum',
          comparison_operator: 'GreaterThanThreshold',
          threshold: 1000,
          period: 300,
          evaluation_periods: 2,
        }),
      );
    },
  },
  {
    demand: 'A Lambda error rate above one percent: Errors divided by Invocations over five minutes',
    met: 'As asked, and zero when there are no invocations. As a batch that fails in part is no Error, a further alarm watches the share of failed payments.',
    deviation: 'D21',
    resources: [at.ERROR_RATE_ALARM, at.FAILED_PAYMENTS_ALARM],
    shows: (stack) => {
      const metric = (metric_name: string) => ({
        namespace: 'AWS/Lambda',
        metric_name,
        dimensions: { FunctionName: `${at.PROCESSOR}.function_name` },
        stat: 'Sum',
        period: 300,
      });
      expect(stack.at(at.ERROR_RATE_ALARM)).toEqual(
        expect.objectContaining({
          comparison_operator: 'GreaterThanThreshold',
          threshold: 1,
          evaluation_periods: 1,
          metric_query: [
            {
              id: 'share',
              label: expect.any(String) as string,
              expression: 'IF(whole > 0, 100 * part / whole, 0)',
              return_data: true,
            },
            { id: 'part', metric: metric('Errors') },
            { id: 'whole', metric: metric('Invocations') },
          ],
        }),
      );
    },
  },
  {
    demand: 'Any message in the dead-letter queue',
    met: 'More than zero visible messages, evaluated every minute, as it asks for immediate investigation.',
    resources: [at.DEAD_LETTER_ALARM],
    shows: (stack) => {
      expect(stack.at(at.DEAD_LETTER_ALARM)).toEqual(
        expect.objectContaining({
          namespace: 'AWS/SQS',
          metric_name: 'ApproximateNumberOfMessagesVisible',
          dimensions: { QueueName: `${at.DEAD_LETTER_QUEUE}.name` },
          statistic: 'Maximum',
          comparison_operator: 'GreaterThanThreshold',
          threshold: 0,
          period: 60,
          evaluation_periods: 1,
        }),
      );
    },
  },
  {
    demand: 'ConcurrentExecutions approaches the reserved limit of fifty',
    met: 'At 90 %, that is from 45, derived from `maxConcurrency`.',
    deviation: 'D27',
    resources: [at.CONCURRENCY_ALARM],
    shows: (stack) => {
      expect(stack.at(at.CONCURRENCY_ALARM)).toEqual(
        expect.objectContaining({
          namespace: 'AWS/Lambda',
          metric_name: 'ConcurrentExecutions',
          dimensions: { FunctionName: `${at.PROCESSOR}.function_name` },
          statistic: 'Maximum',
          comparison_operator: 'GreaterThanOrEqualToThreshold',
          threshold: 45,
          period: 300,
          evaluation_periods: 1,
        }),
      );
    },
  },
  {
    demand: 'Each alarm watches what its definition says',
    met: "Metric, statistic, threshold and periods stand in `src/infrastructure/monitoring`, and for the handlers' metrics in `src/contract/metrics.ts`.",
    resources: Object.keys(at.ALARMS),
    shows: (stack) => {
      for (const [alarm, definition] of Object.entries(at.ALARMS))
        expect([alarm, stack.at(alarm)]).toEqual([alarm, expect.objectContaining(asDefined(definition))]);
    },
  },
  {
    demand: 'All alarms publish to the SNS topic',
    met: 'When they ring, and when it is over. The security alarms report events, which are never over. No data is no alarm: SQS and Lambda publish nothing when nothing happens.',
    resources: [...at.FOUR_ALARMS, ...at.MORE_ALARMS, at.TOPIC],
    shows: (stack) => {
      for (const alarm of stack.addressesOf('aws_cloudwatch_metric_alarm')) {
        expect(stack.at(alarm)).toMatchObject({
          alarm_actions: [TOPIC_ARN],
          ...(!alarm.includes('_security_') && { ok_actions: [TOPIC_ARN] }),
          treat_missing_data: 'notBreaching',
        });
        expect(stack.at(alarm)).not.toHaveProperty('actions_enabled');
      }
    },
  },
];
