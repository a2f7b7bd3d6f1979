import type { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import type { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Construct } from 'constructs';
import { type AlarmDefinition, createAlarm, type MonitoringProps } from './alarm';
import { countSecurityEvents, TRAIL_ALARMS } from './security-events';
import { FUNCTION_ALARMS, functionRows } from './functions';
import { tableMetric } from './metric';
import { PAYMENT_ALARMS, paymentRows } from './payments';
import { QUEUE_ALARMS, queueRows } from './queues';
import { createDashboard, graph, type Widget } from './dashboard';

export interface Monitoring {
  readonly alarms: readonly CloudwatchMetricAlarm[];
  readonly dashboard: CloudwatchDashboard;
}

/** All alarms that a pipeline may have. */
export const ALARMS: readonly AlarmDefinition[] = [
  ...QUEUE_ALARMS,
  ...FUNCTION_ALARMS,
  ...PAYMENT_ALARMS,
  ...TRAIL_ALARMS,
];

/** Creates the alarms, and a dashboard that shows them with the metrics behind them. */
export function createMonitoring(scope: Construct, monitored: MonitoringProps): Monitoring {
  countSecurityEvents(scope, monitored);
  const alarms = ALARMS.filter(({ isNeeded }) => isNeeded?.(monitored.settings) ?? true).map((definition) =>
    createAlarm(scope, definition, monitored),
  );
  return { alarms, dashboard: createDashboard(scope, monitored.names.dashboard, rowsOf(monitored, alarms)) };
}

/** The first row needs attention at once; each row below explains the rows above it. */
function rowsOf(monitored: MonitoringProps, alarms: readonly CloudwatchMetricAlarm[]): Widget[][] {
  return [
    [{ type: 'alarm', properties: { title: 'Alarms', alarms: alarms.map(({ arn }) => arn) } }],
    ...paymentRows(monitored),
    ...queueRows(monitored),
    ...functionRows(monitored),
    [consumedCapacity(monitored.table.name)],
  ];
}

function consumedCapacity(tableName: string): Widget {
  return graph('Payment table: consumed capacity', [
    tableMetric(tableName, 'ConsumedReadCapacityUnits', 'Sum'),
    tableMetric(tableName, 'ConsumedWriteCapacityUnits', 'Sum'),
  ]);
}
