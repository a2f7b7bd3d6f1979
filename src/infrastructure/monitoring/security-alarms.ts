import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter';
import type { Construct } from 'constructs';
import type { AlarmDefinition } from './alarm';
import { searchLog } from './first-command';
import type { MonitoringProps } from './monitoring-props';

interface SecurityEvent {
  /** In the alarm's name after `security-`. */
  readonly purpose: string;
  readonly metricName: string;
  /** Filter pattern of CloudWatch Logs. Without quotes, which HCL would need escaped. */
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
      "Somebody used the account's root, which nothing here needs. If nobody says that they did, the account is taken over.",
  },
  {
    purpose: 'trail-change',
    metricName: 'TrailChanges',
    pattern:
      '{ ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StopLogging) || ($.eventName = PutEventSelectors) }',
    meaning: 'The audit trail was changed or stopped, by a deployment or by somebody who wants no witness.',
  },
  {
    purpose: 'key-disabled',
    metricName: 'KeysDisabled',
    pattern:
      '{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }',
    meaning:
      'A key was disabled or is to be deleted; if it is one of the pipeline, payments, logs or audit objects cannot be read without it.',
  },
];

/** Counts what the trail's log group shows of them, and the alarms on those counts. */
export function securityAlarms(scope: Construct, { names, audit }: MonitoringProps): AlarmDefinition[] {
  return SECURITY_EVENTS.map(({ purpose, metricName, pattern, meaning }) => {
    const namespace = names.securityNamespace;
    new CloudwatchLogMetricFilter(scope, `security_${purpose.replaceAll('-', '_')}`, {
      name: names.securityFilter(purpose),
      logGroupName: audit.trailLogGroup.name,
      pattern,
      metricTransformation: { namespace, name: metricName, value: '1' },
    });
    return {
      purpose: `security-${purpose}`,
      meaning,
      firstCommand: searchLog(names.trailLogGroup, '1h', pattern),
      watches: { namespace, metricName, dimensions: {}, statistic: 'Sum' },
      comparison: 'GreaterThanThreshold',
      threshold: 0,
      period: 300,
      periods: 1,
    };
  });
}
