import { CloudwatchCompositeAlarm } from '@cdktf/provider-aws/lib/cloudwatch-composite-alarm';
import type { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Construct } from 'constructs';
import { type AlarmDefinition, alarmId, describe, type MonitoringProps } from './alarm';
import { showTrouble } from './first-command';

/**
 * Seconds for which a consequence waits with its email: for the outage alarm to ring, as its symptoms are counted over five minutes, and after it is
 * over, for the case that it rings again.
 */
const PATIENCE = 300;

/** The alarm that emails an outage once. It is off unless the prop `alarms` turns it on. */
export const OUTAGE_ALARM: Pick<AlarmDefinition, 'purpose' | 'firstCommand'> & { readonly meaning: string } = {
  purpose: 'payments-outage',
  meaning:
    'At least one alarm on waiting, failing or slow payments is on. There is no further email about these, or about dead letters, before this ' +
    'alarm is over.',
  firstCommand: showTrouble,
};

/** An alarm of the pipeline, and what it was made from. */
export interface CreatedAlarm {
  readonly definition: AlarmDefinition;
  readonly alarm: CloudwatchMetricAlarm;
}

/**
 * Creates the alarm that rings while one of the symptoms does, and for each consequence the alarm that emails it when there is no outage. Only a
 * composite alarm can have its actions suppressed by another alarm, so a metric alarm in an outage has none of its own:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm_Suppression.html
 */
export function createOutageAlarms(
  scope: Construct,
  created: readonly CreatedAlarm[],
  { names, alerting }: MonitoringProps,
): CloudwatchCompositeAlarm[] {
  const inOutage = (role: AlarmDefinition['inOutage']) =>
    created.filter(({ definition }) => definition.inOutage === role);
  const outage = new CloudwatchCompositeAlarm(scope, alarmId(OUTAGE_ALARM.purpose), {
    alarmName: names.alarm(OUTAGE_ALARM.purpose),
    alarmDescription: describe(OUTAGE_ALARM, OUTAGE_ALARM.meaning, names),
    alarmRule: inOutage('symptom')
      .map(({ alarm }) => rings(alarm))
      .join(' OR '),
  });
  const emails = inOutage('consequence').map(({ definition: { purpose }, alarm }) => {
    const id = `${purpose}-email`;
    return new CloudwatchCompositeAlarm(scope, alarmId(id), {
      alarmName: names.alarm(id),
      alarmDescription: alarm.alarmDescriptionInput!,
      alarmRule: rings(alarm),
      actionsSuppressor: { alarm: outage.alarmName, waitPeriod: PATIENCE, extensionPeriod: PATIENCE },
    });
  });
  const alarms = [outage, ...emails];
  for (const alarm of alarms) alerting.addAlarm(alarm);
  return alarms;
}

/** By name, without quotes: cdktf's HCL does not escape them in a text with a reference. */
function rings({ alarmName }: CloudwatchMetricAlarm): string {
  return `ALARM(${alarmName})`;
}
