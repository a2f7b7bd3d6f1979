import type { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import type { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Construct } from 'constructs';
import { createAlarm } from './alarm';
import { createDashboard } from './dashboard';
import type { MonitoringProps } from './monitoring-props';
import { paymentAlarms } from './payment-metrics';
import { securityAlarms } from './security-alarms';
import { systemAlarms } from './system-alarms';

export interface Monitoring {
  readonly alarms: readonly CloudwatchMetricAlarm[];
  readonly dashboard: CloudwatchDashboard;
}

/** Alarms, and a dashboard that shows them with what explains them. */
export function createMonitoring(scope: Construct, monitored: MonitoringProps): Monitoring {
  const { settings } = monitored;
  const definitions = [
    ...systemAlarms(monitored),
    ...paymentAlarms(monitored),
    ...(settings.audit === undefined ? securityAlarms(scope, monitored) : []), // a shared trail is watched by its owner
  ];
  const alarms = definitions.map((definition) => createAlarm(scope, definition, monitored));
  return { alarms, dashboard: createDashboard(scope, monitored, alarms) };
}
