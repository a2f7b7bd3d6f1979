import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter';
import type { Construct } from 'constructs';
import type { AlarmDefinition, MonitoringProps } from './alarm';
import { searchLog } from './first-command';

interface SecurityEvent {
  /** Follows `security-` in the alarm's name. */
  readonly purpose: string;
  readonly metricName: string;
  /** Filter pattern of CloudWatch Logs. It has no quotes, which HCL would need escaped. */
  readonly pattern: string;
  readonly meaning: string;
}

/** Events after which the audit trail may not be trusted any more; CIS AWS Foundations Benchmark 1.4, 4.3, 4.5 and 4.7. */
const SECURITY_EVENTS: readonly SecurityEvent[] = [
  {
    purpose: 'root-use',
    metricName: 'RootAccountUses',
    pattern:
      '{ ($.userIdentity.type = Root) && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != AwsServiceEvent) }',
    meaning:
      'Somebody used the root user of the AWS account, which nothing here needs. If nobody says that they did, somebody has taken over the AWS account.',
  },
  {
    purpose: 'trail-change',
    metricName: 'TrailChanges',
    pattern:
      '{ ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StopLogging) || ($.eventName = PutEventSelectors) }',
    meaning: 'A deployment, or somebody who hides something, changed or stopped the audit trail.',
  },
  {
    purpose: 'key-disabled',
    metricName: 'KeysDisabled',
    pattern:
      '{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }',
    meaning:
      'Somebody disabled a key of the AWS account, or scheduled its deletion. If it is one of the pipeline, payments, logs or audit objects cannot be read without it.',
  },
];

/** The alarms on security events. A shared trail is watched by the pipeline that owns it. */
export const TRAIL_ALARMS: readonly AlarmDefinition[] = SECURITY_EVENTS.map(
  ({ purpose, metricName, pattern, meaning }) => ({
    purpose: `security-${purpose}`,
    meaning,
    firstCommand: ({ trailLogGroup }) => searchLog(trailLogGroup, '1h', pattern),
    watches: ({ names }) => ({
      namespace: names.securityNamespace,
      metricName,
      dimensions: {},
      statistic: 'Sum',
    }),
    threshold: 0,
    isEvent: true,
    isNeeded: isOwner,
  }),
);

/** Creates the metric filters that count the security events in the trail's log group, for the alarms that the pipeline has. */
export function countSecurityEvents(scope: Construct, { names, audit, settings }: MonitoringProps): void {
  if (!isOwner(settings)) return;
  for (const { purpose, metricName, pattern } of SECURITY_EVENTS) {
    if (settings.alarms[`security-${purpose}`] === false) continue;
    new CloudwatchLogMetricFilter(scope, `security_${purpose.replaceAll('-', '_')}`, {
      name: names.securityFilter(purpose),
      logGroupName: audit.trailLogGroup.name,
      pattern,
      metricTransformation: { namespace: names.securityNamespace, name: metricName, value: '1' },
    });
  }
}

function isOwner({ audit }: MonitoringProps['settings']): boolean {
  return audit === undefined;
}
