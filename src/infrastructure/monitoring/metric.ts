import { Op, Token } from 'cdktf';
import { METRIC_DIMENSION, type MetricName } from '../../contract/metrics';
import { METRIC_NAMESPACE } from '../resource-names';

/** A CloudWatch metric. */
export interface Metric {
  /** The namespace of every metric that the functions emit. */
  readonly namespace: string;
  /** As in {@link MetricName}. */
  readonly metricName: string;
  /** The one dimension `service`, with the payment processor's value. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A metric and how its values are summed up in a period: `Sum`, `Maximum`, `Average`, `p99` ... */
export interface Statistic extends Metric {
  readonly statistic: string;
}

/** A metric that the handlers emit. @param service the function's `POWERTOOLS_SERVICE_NAME` */
export function paymentMetric(service: string, metricName: MetricName): Metric {
  return { namespace: METRIC_NAMESPACE, metricName, dimensions: { [METRIC_DIMENSION]: service } };
}

export function queueMetric(QueueName: string, metricName: string, statistic: string): Statistic {
  return { namespace: 'AWS/SQS', metricName, dimensions: { QueueName }, statistic };
}

export function functionMetric(FunctionName: string, metricName: string, statistic: string): Statistic {
  return { namespace: 'AWS/Lambda', metricName, dimensions: { FunctionName }, statistic };
}

export function tableMetric(TableName: string, metricName: string, statistic: string): Statistic {
  return { namespace: 'AWS/DynamoDB', metricName, dimensions: { TableName }, statistic };
}

/** A percentage of a value that may be a token. */
export function percentOf(value: number, percent: number): number {
  if (Token.isUnresolved(value)) return Token.asNumber(Op.div(Op.mul(value, percent), 100));
  return (value * percent) / 100;
}
