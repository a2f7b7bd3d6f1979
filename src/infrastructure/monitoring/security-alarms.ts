import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter';
import type { Construct } from 'constructs';
import type { AlarmDefinition } from './alarm';
import type { Monitored } from './monitored';

interface SecurityEvent {
  /** In the alarm's name after `security-`. */
  readonly purpose: string;
  readonly metricName: string;
  /** Filter pattern of CloudWatch Logs. Without quotes, which HCL would need escaped. */
  readonly pattern: string;
  readonly description: string;
}

/** Events after which the audit trail may not be trusted any more; CIS AWS Foundations Benchmark 1.4, 4.3, 4.5 and 4.7. */
const SECURITY_EVENTS: readonly SecurityEvent[] = [
  {
    purpose: 'root-use',
    metricName: 'RootAccountUses',
    pattern: '{ ($.userIdentity.type = Root) && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != AwsServiceEvent) }',
    description:
      "Somebody used the account's root, which nothing here needs. First ask who did; if nobody did, treat the account as taken over.",
  },
  {
    purpose: 'trail-change',
    metricName: 'TrailChanges',
    pattern:
      '{ ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StopLogging) || ($.eventName = PutEventSelectors) }',
    description: 'The audit trail was changed or stopped. First look in the trail who did it, and whether a deployment explains it.',
  },
  {
    purpose: 'key-disabled',
    metricName: 'KeysDisabled',
    pattern: '{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }',
    description:
      'A key was disabled or is to be deleted; if it is one of the pipeline, payments, logs or audit objects cannot be read without ' +
      'it. First cancel the deletion or enable the key, then look in the trail who did it.',
  },
];

/** Counts what the trail's log group shows of them, and the alarms on those counts. */
export function securityAlarms(scope: Construct, { names, audit }: Monitored): AlarmDefinition[] {
  return SECURITY_EVENTS.map(({ purpose, metricName, pattern, description }) => {
    const namespace = names.securityNamespace;
    new CloudwatchLogMetricFilter(scope, `security_${purpose.replaceAll('-', '_')}`, {
      name: names.securityFilter(purpose),
      logGroupName: audit.trailLogGroup.name,
      pattern,
      metricTransformation: { namespace, name: metricName, value: '1' },
    });
    return {
      purpose: `security-${purpose}`,
      description,
      watches: { namespace, metricName, dimensions: {}, statistic: 'Sum' },
      comparison: 'GreaterThanThreshold',
      threshold: 0,
      period: 300,
      periods: 1,
    };
  });
}
