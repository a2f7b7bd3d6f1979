import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import type { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { awsEnvironmentOf } from '../aws-environment';
import { functionMetric, queueMetric, tableMetric } from './metric';
import type { MonitoringProps } from './monitoring-props';
import { paymentRows } from './payment-metrics';
import { dashboardBody, graph, type Widget } from './widgets';

/** From what needs a look at once down to what explains it. */
export function createDashboard(
  scope: Construct,
  monitored: MonitoringProps,
  alarms: readonly CloudwatchMetricAlarm[],
): CloudwatchDashboard {
  const { names, queues, processor, dlqProcessor, table } = monitored;
  const rows = [
    [alarmStatus(alarms)],
    ...paymentRows(names.paymentProcessor.service),
    [
      queueTraffic('Payment queue', queues.paymentQueue),
      queueBacklog('Payment queue', queues.paymentQueue),
      accountsInFlight(queues.paymentQueue),
    ],
    [
      queueTraffic('Dead-letter queue', queues.deadLetterQueue),
      queueBacklog('Dead-letter queue', queues.deadLetterQueue),
    ],
    functionRow('Payment processor', processor.lambda),
    functionRow('DLQ processor', dlqProcessor.lambda),
    [consumedCapacity(table.name)],
  ];
  return new CloudwatchDashboard(scope, 'dashboard', {
    dashboardName: names.dashboard,
    dashboardBody: Fn.jsonencode(dashboardBody(rows, awsEnvironmentOf(scope).region)),
  });
}

function alarmStatus(alarms: readonly CloudwatchMetricAlarm[]): Widget {
  return { type: 'alarm', properties: { title: 'Alarms', alarms: alarms.map(({ arn }) => arn) } };
}

function queueTraffic(title: string, { name }: SqsQueue): Widget {
  return graph(`${title}: messages sent and received`, [
    queueMetric(name, 'NumberOfMessagesSent', 'Sum'),
    queueMetric(name, 'NumberOfMessagesReceived', 'Sum'),
  ]);
}

function queueBacklog(title: string, { name }: SqsQueue): Widget {
  return graph(`${title}: backlog and age in seconds`, [
    queueMetric(name, 'ApproximateNumberOfMessagesVisible', 'Maximum'),
    { ...queueMetric(name, 'ApproximateAgeOfOldestMessage', 'Maximum'), yAxis: 'right' },
  ]);
}

/** Few accounts while many messages wait: the backlog is theirs. */
function accountsInFlight({ name }: SqsQueue): Widget {
  return graph('Payment queue: messages and accounts in flight', [
    queueMetric(name, 'ApproximateNumberOfMessagesNotVisible', 'Maximum'),
    { ...queueMetric(name, 'ApproximateNumberOfGroupsWithInflightMessages', 'Maximum'), yAxis: 'right' },
  ]);
}

function functionRow(title: string, { functionName }: LambdaFunction): Widget[] {
  const metric = (name: string, statistic: string) => functionMetric(functionName, name, statistic);
  return [
    graph(`${title}: invocations and errors`, [metric('Invocations', 'Sum'), metric('Errors', 'Sum')]),
    graph(`${title}: duration in milliseconds`, [
      metric('Duration', 'Average'),
      metric('Duration', 'p99'),
      metric('Duration', 'Maximum'),
    ]),
    graph(`${title}: concurrency and throttles`, [
      metric('ConcurrentExecutions', 'Maximum'),
      { ...metric('Throttles', 'Sum'), yAxis: 'right' },
    ]),
  ];
}

function consumedCapacity(tableName: string): Widget {
  return graph('Payment table: consumed capacity', [
    tableMetric(tableName, 'ConsumedReadCapacityUnits', 'Sum'),
    tableMetric(tableName, 'ConsumedWriteCapacityUnits', 'Sum'),
  ]);
}
