import type { CloudwatchCompositeAlarm } from '@cdktf/provider-aws/lib/cloudwatch-composite-alarm';
import type { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import type { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Construct } from 'constructs';
import { type AlarmDefinition, createAlarm, type MonitoringProps } from './alarm';
import { countSecurityEvents, TRAIL_ALARMS } from './security-events';
import { FUNCTION_ALARMS, functionRows } from './functions';
import { tableMetric } from './metric';
import { createOutageAlarms, OUTAGE_ALARM } from './outage-alarm';
import { OUTCOME_ALARMS } from './outcomes';
import { PAYMENT_ALARMS, paymentRows } from './payments';
import { QUEUE_ALARMS, queueRows } from './queues';
import { createDashboard, graph, type Widget } from './dashboard';
import type { Settings } from '../props';
import { warn } from '../warning';

export interface Monitoring {
  readonly alarms: readonly CloudwatchMetricAlarm[];
  readonly compositeAlarms: readonly CloudwatchCompositeAlarm[];
  readonly dashboard: CloudwatchDashboard;
}

/** All metric alarms that a pipeline may have. */
export const ALARMS: readonly AlarmDefinition[] = [
  ...QUEUE_ALARMS,
  ...FUNCTION_ALARMS,
  ...PAYMENT_ALARMS,
  ...OUTCOME_ALARMS,
  ...TRAIL_ALARMS,
];

/** Creates the alarms, and a dashboard that shows them with the metrics behind them. */
export function createMonitoring(scope: Construct, monitored: MonitoringProps): Monitoring {
  const { names, settings, alerting } = monitored;
  countSecurityEvents(scope, monitored);
  for (const { purpose, isSpecified } of ALARMS) {
    if (isSpecified && settings.alarms[purpose] === false)
      warn(
        scope,
        `The alarm ${purpose} is turned off, one of the four that the specification of the pipeline asks for.`,
      );
  }
  const created = alarmsOf(settings).map((definition) => ({
    definition,
    alarm: createAlarm(scope, definition, monitored),
  }));
  const hasOutageAlarm = settings.alarms[OUTAGE_ALARM.purpose] === true;
  for (const { definition, alarm } of created) {
    if (hasOutageAlarm && definition.inOutage !== undefined) continue;
    alerting.addAlarm(alarm);
    if (definition.isEvent) alarm.resetOkActions();
  }
  const alarms = created.map(({ alarm }) => alarm);
  const compositeAlarms = hasOutageAlarm ? createOutageAlarms(scope, created, monitored) : [];
  const rows = rowsOf(monitored, [...compositeAlarms, ...alarms]);
  return { alarms, compositeAlarms, dashboard: createDashboard(scope, names.dashboard, rows) };
}

/** The definitions of the alarms that a pipeline has. */
export function alarmsOf(settings: Settings): readonly AlarmDefinition[] {
  return ALARMS.filter(({ purpose, isNeeded }) => settings.alarms[purpose] !== false && (isNeeded?.(settings) ?? true));
}

/** The first row needs attention at once; each row below explains the rows above it. */
function rowsOf(monitored: MonitoringProps, alarms: readonly { readonly arn: string }[]): Widget[][] {
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
