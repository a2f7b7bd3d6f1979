import { SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { StartLoggingCommand, StopLoggingCommand, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { ModifyVpcEndpointCommand } from '@aws-sdk/client-ec2';
import {
  CancelKeyDeletionCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { DEAD_LETTER_QUEUE, DLQ_PROCESSOR, PROCESSOR, PROCESSOR_LOG_GROUP, QUEUE, TRAIL } from '../support/names';
import {
  alarmWith,
  functionWith,
  keyWith,
  logKept,
  mappingWith,
  type Plant,
  queueWith,
  reserving,
  roleWithout,
  withDeletionProtection,
  withoutRecovery,
} from './plant';

/** A fault that somebody makes in what was deployed, and what `verify` has to say of it. */
export interface DeploymentFault {
  readonly what: string;
  readonly plant: Plant;
  /** The checks that fail, and no other does. */
  readonly checks: readonly string[];
  readonly found: RegExp;
  /** @default to deploy again */
  readonly whatToDo?: RegExp;
}

const ALARM = 'alarm-sqs-dlq-oldest-message-age-dev';

export const DEPLOYMENT_FAULTS: readonly DeploymentFault[] = [
  {
    what: 'the mapping is paused',
    plant: mappingWith({ Enabled: false }, { Enabled: true }),
    checks: ['Mapping: enabled'],
    found: /The mapping is Disabled: payments wait/,
    whatToDo: /^Resume: aws lambda update-event-source-mapping --uuid \S+ --enabled$/,
  },
  {
    what: 'the mapping takes whole batches of five',
    plant: mappingWith(
      { BatchSize: 5, FunctionResponseTypes: [] },
      { BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'] },
    ),
    checks: ['Mapping: settings'],
    found: /BatchSize is 5, not 10; FunctionResponseTypes is not set, not ReportBatchItemFailures/,
  },
  {
    what: 'the mapping runs 20 batches at a time',
    plant: mappingWith({ ScalingConfig: { MaximumConcurrency: 20 } }, { ScalingConfig: { MaximumConcurrency: 50 } }),
    checks: ['Mapping: settings'],
    found: /MaximumConcurrency is 20, not 50/,
  },
  {
    what: 'the payment queue hides messages for 30 s',
    plant: queueWith(QUEUE, { VisibilityTimeout: '30' }),
    checks: ['Payment queue: settings'],
    found: /VisibilityTimeout is 30, not 360/,
  },
  {
    what: 'a payment is received five times, where the function expects three',
    plant: queueWith(QUEUE, {}, (policy) => ({ ...policy, maxReceiveCount: 5 })),
    checks: ['Payment queue: settings'],
    found: /maxReceiveCount is 5, not 3/,
  },
  {
    what: 'dead letters are kept for a day',
    plant: queueWith(DEAD_LETTER_QUEUE, { MessageRetentionPeriod: '86400' }),
    checks: ['Dead-letter queue: settings'],
    found: /MessageRetentionPeriod is 86400, not 1209600/,
  },
  {
    what: 'the dead-letter queue has a key of AWS',
    plant: queueWith(DEAD_LETTER_QUEUE, { KmsMasterKeyId: 'alias/aws/sqs' }),
    checks: ['Dead-letter queue: settings'],
    found: /KmsMasterKeyId is alias\/aws\/sqs, not arn:/,
  },
  {
    what: 'the table has no point-in-time recovery',
    plant: withoutRecovery,
    checks: ['Payment table: point-in-time recovery'],
    found: /is DISABLED, not ENABLED/,
  },
  {
    what: 'the table has another deletion protection',
    plant: withDeletionProtection,
    checks: ['Payment table: state and settings'],
    found: /deletion protection is true, not false/,
  },
  {
    what: "the queues' key is disabled",
    plant: keyWith(
      'payments_sqs_key_id',
      (kms, key) => kms.send(new DisableKeyCommand(key)),
      (kms, key) => kms.send(new EnableKeyCommand(key)),
    ),
    checks: ['Key of queues and alert topic: enabled, rotated'],
    found: /is Disabled: its services fail/,
    whatToDo: /^Follow docs\/runbooks\/key-changes\.md: aws kms enable-key --key-id \S+$/,
  },
  {
    what: "the table's key awaits its deletion",
    plant: async ({ aws, outputs }) => {
      const key = { KeyId: String(outputs.payments_dynamodb_key_id) };
      await aws.kms.send(new ScheduleKeyDeletionCommand({ ...key, PendingWindowInDays: 7 }));
      return async () => {
        await aws.kms.send(new CancelKeyDeletionCommand(key));
        await aws.kms.send(new EnableKeyCommand(key));
      };
    },
    checks: ['Key of payment table and logs: enabled, rotated'],
    found: /is PendingDeletion/,
    whatToDo: /: aws kms cancel-key-deletion .* then aws kms enable-key/,
  },
  {
    what: "the trail's key is not rotated",
    plant: keyWith(
      'payments_s3_key_id',
      (kms, key) => kms.send(new DisableKeyRotationCommand(key)),
      (kms, key) => kms.send(new EnableKeyRotationCommand(key)),
    ),
    checks: ['Key of audit trail: enabled, rotated'],
    found: /does not rotate/,
  },
  {
    what: 'the trail is stopped',
    plant: async ({ aws }) => {
      await aws.cloudtrail.send(new StopLoggingCommand({ Name: TRAIL }));
      return () => aws.cloudtrail.send(new StartLoggingCommand({ Name: TRAIL }));
    },
    checks: ['Audit trail: logging and delivering'],
    found: /does not log/,
    whatToDo: /: aws cloudtrail start-logging --name \S+$/,
  },
  {
    what: 'the trail is of one region',
    plant: async ({ aws }) => {
      await aws.cloudtrail.send(new UpdateTrailCommand({ Name: TRAIL, IsMultiRegionTrail: false }));
      return () => aws.cloudtrail.send(new UpdateTrailCommand({ Name: TRAIL, IsMultiRegionTrail: true }));
    },
    checks: ['Audit trail: settings'],
    found: /IsMultiRegionTrail is false, not true/,
  },
  {
    what: "the payment processor's log is kept for three days",
    plant: logKept(PROCESSOR_LOG_GROUP, 3, 1),
    checks: ['Log groups: retention'],
    found: /the log group \S+lambda-payment-processor-dev is kept for 3 days, not kept for 1 day/,
  },
  {
    what: "an alarm's actions are off",
    plant: alarmWith(ALARM, { ActionsEnabled: false }),
    checks: ['Alarms: actions on'],
    found: /The actions of alarm-sqs-dlq-oldest-message-age-dev are off/,
    whatToDo: /^aws cloudwatch enable-alarm-actions --alarm-names alarm-sqs-dlq-oldest-message-age-dev$/,
  },
  {
    what: 'an alarm rings',
    plant: async ({ aws }) => {
      const set = (StateValue: 'OK' | 'ALARM') =>
        aws.cloudwatch.send(new SetAlarmStateCommand({ AlarmName: ALARM, StateValue, StateReason: 'e2e' }));
      await set('ALARM');
      return () => set('OK');
    },
    checks: ['Alarms: none rings'],
    found: /rings/,
    whatToDo: /^Follow docs\/runbooks\/alarm-sqs-dlq-oldest-message-age\.md\.$/,
  },
  {
    what: 'an alarm is deleted',
    plant: alarmWith(ALARM, 'deleted'),
    checks: ['Alarms: all exist'],
    found: /There is no alarm alarm-sqs-dlq-oldest-message-age-dev/,
  },
  {
    what: 'the payment processor may not update records',
    plant: roleWithout('payment-processor', 'dynamodb:UpdateItem'),
    checks: ['Role of the payment processor: allows each call'],
    found: /^dynamodb:UpdateItem on arn:\S+table\/payment-status-dev is refused \(implicitDeny\)/,
  },
  {
    what: "Lambda may not write the DLQ processor's log",
    plant: roleWithout('dlq-processor', 'logs:PutLogEvents'),
    checks: ['Role of the DLQ processor: allows each call'],
    found: /^logs:PutLogEvents on .*log-group:\/aws\/lambda\/lambda-dlq-processor-dev/,
  },
  {
    what: "the payment processor's environment lacks the fraud API's timeout",
    plant: functionWith(PROCESSOR, { FRAUD_API_TIMEOUT_MS: undefined }),
    checks: ['Functions: environment'],
    found: /FRAUD_API_TIMEOUT_MS is missing/,
  },
  {
    what: 'the DLQ processor publishes no outcomes',
    plant: functionWith(DLQ_PROCESSOR, { OUTCOME_TOPIC_ARN: undefined }),
    checks: ['Outcome topic: settings, if outcomes are published'],
    found: /the DLQ processor's OUTCOME_TOPIC_ARN is not set, not arn:/,
  },
  {
    what: 'the DLQ processor is of another release',
    plant: functionWith(DLQ_PROCESSOR, { RELEASE_ID: 'of-yesterday' }),
    checks: ['Functions: one release'],
    found: /the DLQ processor's RELEASE_ID is of-yesterday, not/,
  },
  {
    what: 'the API key has no secret and no permission',
    plant: functionWith(PROCESSOR, {
      FRAUD_API_KEY_SECRET_ARN: 'arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:fraud-api-key-AbCdEf',
    }),
    checks: ['Role of the payment processor: allows each call', "Fraud API's key: readable, if it has one"],
    found: /There is no secret of the fraud API's key/,
    whatToDo: /^Check /,
  },
  {
    what: 'the payment processor has ten executions reserved',
    plant: reserving(PROCESSOR, 10, 50),
    checks: ['Concurrency: reserved as deployed'],
    found: /reserved concurrency \(-1 for none\) is 10, not 50/,
  },
  {
    what: 'another function has reserved most of the quota',
    plant: reserving(DLQ_PROCESSOR, 870, undefined),
    checks: ['Concurrency: within the quota'],
    found: /quota in ap-southeast-1 is 1000, of which other functions leave 130/,
    whatToDo: /^Set max_concurrency = 30, or set reserve_concurrency = false/,
  },
  {
    what: "SQS's endpoint is not in one of the subnets",
    plant: async ({ aws, outputs }) => {
      const VpcEndpointId = String(outputs.payments_sqs_endpoint_id);
      const subnets = [String(outputs.payments_private_subnet_3_id)];
      await aws.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, RemoveSubnetIds: subnets }));
      return () => aws.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, AddSubnetIds: subnets }));
    },
    checks: ['Endpoints: one for each service, in every subnet'],
    found: /The endpoint for sqs is not in subnet-/,
  },
];
