import * as at from '../addresses';
import type { Row } from '../row';

/** The metric of each event, and what its filter finds in the trail. */
const SECURITY_EVENTS = [
  [
    'RootAccountUses',
    '{ ($.userIdentity.type = Root) && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != AwsServiceEvent) }',
  ],
  [
    'TrailChanges',
    '{ ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || ($.eventName = StopLogging) || ($.eventName = PutEventSelectors) }',
  ],
  [
    'KeysDisabled',
    '{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }',
  ],
] as const;

/** CloudTrail Audit Logging. */
export const cloudTrail: readonly Row[] = [
  {
    demand: 'A trail named cloudtrail-payment-processing-dev',
    met: 'As asked.',
    resources: [at.TRAIL],
    shows: (stack) => {
      expect(stack.addressesOf('aws_cloudtrail')).toEqual([at.TRAIL]);
      expect(stack.at(at.TRAIL)).toMatchObject({ name: 'cloudtrail-payment-processing-dev' });
    },
  },
  {
    demand: 'All management events are logged',
    met: 'The one event selector includes them; it excludes no source.',
    resources: [at.TRAIL],
    shows: (stack) => {
      expect(stack.at(at.TRAIL).event_selector).toEqual([{ include_management_events: true, read_write_type: 'All' }]);
      expect(stack.at(at.TRAIL)).not.toHaveProperty('enable_logging');
    },
  },
  {
    demand: 'The trail logs to the S3 audit bucket',
    met: 'Once the bucket policy is there, without which CreateTrail fails.',
    resources: [at.TRAIL, at.BUCKET],
    shows: (stack) => {
      expect(stack.at(at.TRAIL)).toMatchObject({ s3_bucket_name: `${at.BUCKET}.id` });
      expect(stack.at(at.TRAIL).depends_on).toContain(at.BUCKET_POLICY);
    },
  },
  {
    demand: 'Log file validation',
    met: 'As asked.',
    resources: [at.TRAIL],
    shows: (stack) => {
      expect(stack.at(at.TRAIL)).toMatchObject({ enable_log_file_validation: true });
    },
  },
  {
    demand: 'The trail is encrypted with the S3 KMS key',
    met: 'As asked.',
    resources: [at.TRAIL, at.S3_KEY],
    shows: (stack) => {
      expect(stack.at(at.TRAIL)).toMatchObject({ kms_key_id: `${at.S3_KEY}.arn` });
    },
  },
  {
    demand: 'Global service events are included',
    met: 'As asked: IAM and STS too.',
    resources: [at.TRAIL],
    shows: (stack) => {
      expect(stack.at(at.TRAIL)).toMatchObject({ include_global_service_events: true });
    },
  },
  {
    demand: 'The trail is integrated with CloudWatch Logs',
    met: 'It writes to a log group with a role of its own.',
    resources: [at.TRAIL, at.TRAIL_LOGS, at.roleOf(at.TRAIL_ID)],
    shows: (stack) => {
      expect(stack.at(at.TRAIL)).toMatchObject({
        cloud_watch_logs_group_arn: `${at.TRAIL_LOGS}.arn:*`,
        cloud_watch_logs_role_arn: `${at.roleOf(at.TRAIL_ID)}.arn`,
      });
    },
  },
  {
    demand: 'A dedicated log group, encrypted with the DynamoDB KMS key',
    met: 'As asked.',
    resources: [at.TRAIL_LOGS, at.DYNAMODB_KEY],
    shows: (stack) => {
      expect(stack.at(at.TRAIL_LOGS)).toMatchObject({
        name: '/aws/cloudtrail/cloudtrail-payment-processing-dev',
        kms_key_id: `${at.DYNAMODB_KEY}.arn`,
      });
    },
  },
  {
    demand: 'Real-time monitoring and alarming on security events',
    met: 'Metric filters on the log group count uses of the root account, changes of the trail and disabled keys; each rings at the first.',
    resources: [at.TRAIL_LOGS, ...at.SECURITY_FILTERS, ...at.SECURITY_ALARMS],
    shows: (stack) => {
      SECURITY_EVENTS.forEach(([name, pattern], index) => {
        const namespace = 'PaymentPipelineSecurity-dev';
        expect(stack.at(at.SECURITY_FILTERS[index]!)).toMatchObject({
          log_group_name: `${at.TRAIL_LOGS}.name`,
          pattern,
          metric_transformation: { namespace, name, value: '1' },
        });
        expect(stack.at(at.SECURITY_ALARMS[index]!)).toMatchObject({
          namespace,
          metric_name: name,
          statistic: 'Sum',
          comparison_operator: 'GreaterThanThreshold',
          threshold: 0,
          period: 300,
          evaluation_periods: 1,
        });
      });
    },
  },
  {
    demand: 'Read and write events',
    met: 'As asked.',
    resources: [at.TRAIL],
    shows: (stack) => {
      expect(stack.at(at.TRAIL)).toHaveProperty('event_selector.0.read_write_type', 'All');
    },
  },
  {
    demand: 'Events of all regions',
    met: 'As asked.',
    resources: [at.TRAIL],
    shows: (stack) => {
      expect(stack.at(at.TRAIL)).toMatchObject({ is_multi_region_trail: true });
    },
  },
];
