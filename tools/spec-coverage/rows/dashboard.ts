import { METRICS } from '../../../src/contract/metrics';
import { OUTCOMES, PAYMENT_STATUSES } from '../../../src/contract/payment-status';
import * as at from '../addresses';
import type { Row } from '../row';
import type { Stack } from '../stack';

/** The statistics with which the dashboard shows a metric. */
function shown(stack: Stack, namespace: string, metricName: string, dimensions: Record<string, string>): unknown[] {
  const metrics = stack
    .dashboardMetrics()
    .filter((metric) => metric.namespace === namespace && metric.metricName === metricName);
  return metrics
    .filter((metric) => JSON.stringify(metric.dimensions) === JSON.stringify(dimensions))
    .map(({ stat }) => stat);
}

function queueWidgets(metricName: string, stat: string): Row {
  return {
    demand: `Widgets with ${metricName} of both queues`,
    met: `Its ${stat.toLowerCase()} by the minute, a widget for each queue.`,
    resources: [at.DASHBOARD],
    shows: (stack) => {
      for (const queue of at.QUEUES)
        expect(shown(stack, 'AWS/SQS', metricName, { QueueName: `${queue}.name` })).toEqual([stat]);
    },
  };
}

function functionWidgets(metricName: string, ...stats: string[]): Row {
  return {
    demand: `Lambda widgets with ${metricName}`,
    met: 'Of both functions.',
    resources: [at.DASHBOARD],
    shows: (stack) => {
      for (const lambda of at.FUNCTIONS)
        expect(shown(stack, 'AWS/Lambda', metricName, { FunctionName: `${lambda}.function_name` })).toEqual(stats);
    },
  };
}

function tableWidgets(metricName: string): Row {
  return {
    demand: `${metricName} of the DynamoDB table`,
    met: 'Its sum by the minute.',
    resources: [at.DASHBOARD],
    shows: (stack) => {
      expect(shown(stack, 'AWS/DynamoDB', metricName, { TableName: `${at.TABLE}.name` })).toEqual(['Sum']);
    },
  };
}

const SERVICE = { service: 'payment-processor-dev' };

/** CloudWatch Monitoring and Dashboards: the dashboard. */
export const dashboard: readonly Row[] = [
  {
    demand: 'A dashboard named payment-processing-monitoring-dev',
    met: 'As asked, with graphs of this region.',
    resources: [at.DASHBOARD],
    shows: (stack) => {
      expect(stack.addressesOf('aws_cloudwatch_dashboard')).toEqual([at.DASHBOARD]);
      expect(stack.at(at.DASHBOARD)).toMatchObject({ dashboard_name: 'payment-processing-monitoring-dev' });
      const graphs = stack.widgets.filter(({ type }) => type === 'metric');
      for (const { properties } of graphs) expect(properties).toMatchObject({ region: 'ap-southeast-1', period: 60 });
    },
  },
  queueWidgets('NumberOfMessagesSent', 'Sum'),
  queueWidgets('NumberOfMessagesReceived', 'Sum'),
  queueWidgets('ApproximateAgeOfOldestMessage', 'Maximum'),
  queueWidgets('ApproximateNumberOfMessagesVisible', 'Maximum'),
  functionWidgets('Invocations', 'Sum'),
  functionWidgets('Errors', 'Sum'),
  functionWidgets('Duration', 'Average', 'p99', 'Maximum'),
  functionWidgets('ConcurrentExecutions', 'Maximum'),
  functionWidgets('Throttles', 'Sum'),
  tableWidgets('ConsumedReadCapacityUnits'),
  tableWidgets('ConsumedWriteCapacityUnits'),
  {
    demand: 'A custom metric widget with the processing throughput',
    met: "Payments a minute and a second, from the processor's own metric, whose name handler and dashboard take from one contract.",
    deviation: 'D29',
    resources: [at.DASHBOARD, at.PROCESSOR],
    shows: (stack) => {
      expect(shown(stack, 'PaymentPipeline', METRICS.processed, SERVICE)).toEqual(['Sum']);
      const widget = stack.widgets.find(({ properties }) => JSON.stringify(properties).includes(METRICS.processed))!;
      expect(widget.properties.metrics).toEqual([
        [
          'PaymentPipeline',
          METRICS.processed,
          'service',
          SERVICE.service,
          { stat: 'Sum', id: 'processed', label: 'Payments a minute' },
        ],
        [{ expression: 'processed / PERIOD(processed)', label: 'Payments a second', yAxis: 'right' }],
      ]);
      expect(stack.at(at.PROCESSOR)).toMatchObject({
        environment: {
          variables: { POWERTOOLS_METRICS_NAMESPACE: 'PaymentPipeline', POWERTOOLS_SERVICE_NAME: SERVICE.service },
        },
      });
    },
    shownBy: [
      {
        file: 'test/infrastructure/policy-graph/metrics.test.ts',
        test: 'each metric that is read is one that is emitted or counted: $name in $where',
      },
    ],
  },
  {
    demand: 'A custom metric widget with the status distribution',
    met: 'One series per final status: stacked over time, and as a pie of the whole time range.',
    deviation: 'D29',
    resources: [at.DASHBOARD],
    shows: (stack) => {
      for (const outcome of OUTCOMES) {
        const { metric } = PAYMENT_STATUSES[outcome];
        expect(shown(stack, 'PaymentPipeline', metric, SERVICE)).toEqual(['Sum', 'Sum']);
      }
      const distribution = stack.widgets.filter(({ properties }) => properties.title.startsWith('Status distribution'));
      expect(distribution.map(({ properties }) => properties)).toMatchObject([
        { view: 'timeSeries', stacked: true },
        { view: 'pie', setPeriodToTimeRange: true },
      ]);
    },
  },
];
