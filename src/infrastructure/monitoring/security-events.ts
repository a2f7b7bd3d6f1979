import { CloudwatchLogMetricFilter } from '@cdktf/provider-aws/lib/cloudwatch-log-metric-filter';
import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { recordedEvents } from '../audit/data-events';
import { Network } from '../network/network';
import type { ProfileName } from '../profile';
import type { Settings } from '../props';
import type { AlarmDefinition, MonitoringProps } from './alarm';
import { searchLog } from './first-command';

interface SecurityEvent {
  /** Follows `security-` in the alarm's name. */
  readonly purpose: string;
  readonly metricName: string;
  /** Filter pattern of CloudWatch Logs that finds the event, and perhaps others. It has no quotes, which HCL would need escaped. */
  readonly pattern: string;
  /** The patterns that are counted instead, by what they watch. */
  readonly counted?: (monitored: MonitoringProps) => Readonly<Record<string, string>>;
  readonly meaning: string;
  /** @default for the pipeline that owns the trail */
  readonly isNeeded?: (settings: Settings) => boolean;
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
  {
    purpose: 'foreign-write',
    metricName: 'ForeignWrites',
    // The trail records no other data events of DynamoDB.
    pattern: '{ ($.eventSource = dynamodb.amazonaws.com) && ($.eventCategory = Data) }',
    meaning:
      'Somebody other than the two functions wrote to a payment table. If no repair explains it, a payment record may be false.',
    isNeeded: (settings) => isOwner(settings) && recordedEvents(settings).tableWrites,
  },
  {
    purpose: 'evidence-change',
    metricName: 'EvidenceChanges',
    pattern:
      '{ ($.eventName = PutBucket*) || ($.eventName = DeleteBucket*) || ($.eventName = UpdateContinuousBackups) || ($.eventName = UpdateTable) || ($.eventName = DeleteTable) || ($.eventName = PutRetentionPolicy) || ($.eventName = DeleteLog*) }',
    counted: evidenceChanges,
    meaning:
      'A deployment, or somebody who hides something, deleted evidence of payments or made AWS keep it for a shorter time: point-in-time recovery, logs or audit objects.',
    isNeeded: ({ profile }) => profile === ('production' satisfies ProfileName),
  },
];

/** Events of https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html */
const BUCKET_CHANGES = [
  ...['DeleteBucket*', 'PutBucketLifecycle*', 'PutBucketPolicy', 'PutBucketVersioning'],
  ...['PutBucketObjectLock*', 'PutObjectLock*'],
];

/** The alarms on security events. A shared trail is watched by the pipeline that owns it. */
export const TRAIL_ALARMS: readonly AlarmDefinition[] = SECURITY_EVENTS.map(
  ({ purpose, metricName, pattern, meaning, isNeeded = isOwner }) => ({
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
    isNeeded,
  }),
);

/** Creates the metric filters that count the security events in the trail's log group, for the alarms that the pipeline has. */
export function countSecurityEvents(scope: Construct, monitored: MonitoringProps): void {
  const { names, audit, settings } = monitored;
  for (const { purpose, metricName, pattern, counted, isNeeded = isOwner } of SECURITY_EVENTS) {
    if (!isNeeded(settings) || settings.alarms[`security-${purpose}`] === false) continue;
    const patterns = counted === undefined ? { '': pattern } : counted(monitored);
    for (const [watched, one] of Object.entries(patterns)) {
      const name = watched === '' ? purpose : `${purpose}-${watched}`;
      new CloudwatchLogMetricFilter(scope, `security_${name.replaceAll('-', '_')}`, {
        name: names.securityFilter(name),
        logGroupName: audit.trailLogGroup.name,
        pattern: one,
        metricTransformation: { namespace: names.securityNamespace, name: metricName, value: '1' },
      });
    }
  }
}

/** What shortens or deletes evidence of this pipeline. Creating its resources matches none: a deployment must not ring the alarm. */
function evidenceChanges(monitored: MonitoringProps): Record<string, string> {
  const { settings, audit, network, table, processor, dlqProcessor } = monitored;
  const logGroups = [
    processor.logGroup,
    dlqProcessor.logGroup,
    ...(settings.network instanceof Network || network.flowLogs === undefined ? [] : [network.flowLogs.logGroup]),
    ...(isOwner(settings) ? [audit.trailLogGroup] : []),
  ].map(({ name }) => name);
  const days = settings.logRetentionDays;
  const parameters = '$.requestParameters';
  const recovery = `${parameters}.pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled`;
  const retention = `${parameters}.retentionInDays < ${Token.isUnresolved(days) ? Token.asString(days) : days}`;
  return {
    // DynamoDB takes an ARN for the name as well.
    table: pattern(
      fieldIsOneOf(`${parameters}.tableName`, [table.name, table.arn]),
      `($.eventName = DeleteTable) || (${recovery} IS FALSE) || (${parameters}.deletionProtectionEnabled IS FALSE)`,
    ),
    logs: pattern(
      fieldIsOneOf(`${parameters}.logGroupName`, logGroups),
      `($.eventName = DeleteLog*) || (${retention})`,
    ),
    ...(isOwner(settings) && {
      bucket: pattern(
        fieldIsOneOf(`${parameters}.bucketName`, [audit.bucket.bucket]),
        BUCKET_CHANGES.map((event) => `($.eventName = ${event})`).join(' || '),
      ),
    }),
  };
}

function pattern(one: string, other: string): string {
  return `{ (${one}) && (${other}) }`;
}

/** Terraform adds the quotes, which a text with a hyphen or a slash needs: cdktf's HCL does not escape them. */
function fieldIsOneOf(field: string, references: readonly string[]): string {
  return references.map((reference) => `(${field} = ${Fn.jsonencode(reference)})`).join(' || ');
}

function isOwner({ audit }: MonitoringProps['settings']): boolean {
  return audit === undefined;
}
