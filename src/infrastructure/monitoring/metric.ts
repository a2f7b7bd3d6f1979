import { Op, Token } from 'cdktf';
import { isOfDlqProcessor, METRIC_DIMENSION, type MetricName } from '../../contract/metrics';
import { METRIC_NAMESPACE, type Names } from '../resource-names';

/** A CloudWatch metric. */
export interface Metric {
  /** The namespace of every metric that the functions emit. */
  readonly namespace: string;
  /** As in {@link MetricName}. */
  readonly metricName: string;
  /** The one dimension `service`, with the value of the function that emits it. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A metric and how its values are summed up in a period: `Sum`, `Maximum`, `Average`, `p99` ... */
export interface Statistic extends Metric {
  readonly statistic: string;
}

/** A result that CloudWatch computes from metrics. */
export interface MetricMath {
  readonly id: string;
  readonly label: string;
  /** In CloudWatch's metric math, over the ids of the inputs. */
  readonly expression: string;
  readonly inputs: Readonly<Record<string, Statistic>>;
}

/** A metric that the handlers emit. */
export function paymentMetric({ paymentProcessor, dlqProcessor }: Names, metricName: MetricName): Metric {
  const { service } = isOfDlqProcessor(metricName) ? dlqProcessor : paymentProcessor;
  return { namespace: METRIC_NAMESPACE, metricName, dimensions: { [METRIC_DIMENSION]: service } };
}

export function queueMetric(QueueName: string, metricName: string, statistic: string): Statistic {
  return { namespace: 'AWS/SQS', metricName, dimensions: { QueueName }, statistic };
}

export function functionMetric(FunctionName: string, metricName: string, statistic: string): Statistic {
  return { namespace: 'AWS/Lambda', metricName, dimensions: { FunctionName }, statistic };
}

export function topicMetric(TopicName: string, metricName: string, statistic: string): Statistic {
  return { namespace: 'AWS/SNS', metricName, dimensions: { TopicName }, statistic };
}

export function tableMetric(TableName: string, metricName: string, statistic: string): Statistic {
  return { namespace: 'AWS/DynamoDB', metricName, dimensions: { TableName }, statistic };
}

/** A percentage of a value; each may be a token. */
export function percentOf(value: number, percent: number): number {
  if (Token.isUnresolved(value) || Token.isUnresolved(percent))
    return Token.asNumber(Op.div(Op.mul(value, percent), 100));
  return (value * percent) / 100;
}

/** One metric as a percentage of another; 0 when the other is 0. */
export function shareOf(part: Statistic, whole: Statistic): MetricMath {
  return {
    id: 'share',
    label: `${part.metricName} in percent of ${whole.metricName}`,
    expression: 'IF(whole > 0, 100 * part / whole, 0)',
    inputs: { part, whole },
  };
}

/** The messages of a queue, waiting or in flight. SQS reports the latter only while there are any. */
export function messagesIn(queueName: string): MetricMath {
  return {
    id: 'messages',
    label: 'Messages waiting and in flight',
    expression: 'waiting + FILL(inflight, 0)',
    inputs: {
      waiting: queueMetric(queueName, 'ApproximateNumberOfMessagesVisible', 'Maximum'),
      inflight: queueMetric(queueName, 'ApproximateNumberOfMessagesNotVisible', 'Maximum'),
    },
  };
}

/**
 * The messages that came into a queue in a period. SQS counts those that it moves there itself as waiting, but not as sent
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html).
 *
 * - Messages that leave the queue don't lower the number of those sent.
 * - Messages that an operator's run hides and returns are no growth: what is in flight is subtracted once it is counted with the
 *   messages before.
 * - A queue that was idle for six hours has no metrics, which means no messages.
 *
 * DIFF and FILL need a period longer than SQS's metrics are late. MAX compares two series point by point; AWS advises against
 * alarms on the MAX of one (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html).
 */
export function arrivalsIn(queueName: string): MetricMath {
  return {
    id: 'arrivals',
    label: 'Messages that came in',
    expression: 'MAX([FILL(sent, 0), DIFF(FILL(waiting, 0) + FILL(inflight, 0)) - FILL(inflight, 0)])',
    inputs: { sent: queueMetric(queueName, 'NumberOfMessagesSent', 'Sum'), ...messagesIn(queueName).inputs },
  };
}
