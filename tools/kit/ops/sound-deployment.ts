import type { EventSourceMappingConfiguration, FunctionConfiguration } from '@aws-sdk/client-lambda';
import { outputsOf } from './ops-bench';

export const REGION = 'ap-southeast-1';
const ACCOUNT = '000000000000';
/** The ARN of a resource of the deployment. */
export const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const key = (name: string) => arn('kms', `key/${name}`);

export const TOPIC = arn('sns', 'alerts');
export const OUTCOME_TOPIC = arn('sns', 'outcomes.fifo');
export const KEY_CHANGE_TOPIC = arn('sns', 'key-changes');
const REVIEW_RULE = arn('events', 'rule/event-rule-payment-reviews-test');
const ALARMS = ['alarm-dlq-test', 'alarm-throttles-test'];
const LOG_GROUPS = [
  '/aws/lambda/payment-processor',
  '/aws/lambda/dlq-processor',
  '/aws/cloudtrail/trail-test',
  '/aws/vpc-flow-logs/vpc-test',
];
const SUBNETS = ['subnet-1', 'subnet-2'];

/** The outputs of the deployment below. */
export const OUTPUTS = {
  ...outputsOf({
    payments_trail_arn: arn('cloudtrail', 'trail/trail-test'),
    payments_audit_bucket_name: 'audit-test',
    payments_key_change_topic_arn: KEY_CHANGE_TOPIC,
    payments_review_rule_arn: REVIEW_RULE,
    payments_release_id: 'release-1',
    payments_sqs_key_arn: key('sqs'),
    payments_dynamodb_key_arn: key('dynamodb'),
    payments_s3_key_arn: key('s3'),
    payments_flow_log_to_bucket_id: 'fl-s3',
    ...Object.fromEntries(
      ['sqs', 'sns', 'lambda', 'logs', 'secretsmanager', 'dynamodb'].map((service) => [
        `payments_${service}_endpoint_id`,
        `vpce-${service}`,
      ]),
    ),
    ...Object.fromEntries(ALARMS.map((name, index) => [`payments_alarm_${index}_name`, name])),
  }),
  payments_settings: {
    value: {
      visibility_timeout_seconds: 400,
      dead_letter_retention_seconds: 1_209_600,
      max_concurrency: 50,
      reserved_concurrency: 50,
      deletion_protection: true,
      data_events: ['tableWrites', 'dlqInvocations', 'auditObjects'],
      audit_lock: { mode: 'GOVERNANCE', days: 400 },
      log_groups: LOG_GROUPS.map((name) => ({ name, retention_days: 365 })),
    },
  },
};

/** What AWS answers about a sound deployment. A test changes what it is about. */
export function soundState() {
  const variables = {
    PAYMENT_TABLE_NAME: 'payments',
    PAYMENT_QUEUE_URL: `https://sqs.example.com/${ACCOUNT}/payments.fifo`,
    PAYMENT_DLQ_URL: `https://sqs.example.com/${ACCOUNT}/dead.fifo`,
    RELEASE_ID: 'release-1',
    POWERTOOLS_SERVICE_NAME: 'payment-processor-test',
    POWERTOOLS_METRICS_NAMESPACE: 'PaymentPipeline',
    OUTCOME_TOPIC_ARN: OUTCOME_TOPIC,
  };
  const lambda = (name: string, Timeout: number, more: Record<string, string>): FunctionConfiguration => ({
    FunctionName: name,
    FunctionArn: arn('lambda', `function:${name}`),
    Role: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    Timeout,
    VpcConfig: { VpcId: 'vpc-1', SubnetIds: [...SUBNETS] },
    Environment: { Variables: { ...variables, ...more } },
  });
  const fifo = {
    DeduplicationScope: 'messageGroup',
    FifoThroughputLimit: 'perMessageGroupId',
    ContentBasedDeduplication: 'false',
    KmsMasterKeyId: key('sqs'),
  };
  const [paymentQueue, deadLetterQueue] = [arn('sqs', 'payments.fifo'), arn('sqs', 'dead.fifo')];
  const endpoint = (service: string) => ({
    VpcEndpointId: `vpce-${service}`,
    ServiceName: `com.amazonaws.${REGION}.${service}`,
    VpcEndpointType: 'Interface',
    State: 'available',
    SubnetIds: [...SUBNETS],
    RouteTableIds: [] as string[],
    PrivateDnsEnabled: true,
    Tags: [{ Key: 'Name', Value: `vpce-${service}-test` }],
  });
  return {
    functions: {
      'payment-processor': lambda('payment-processor', 60, {
        FRAUD_API_URL: 'https://fraud.example.com/check',
        FRAUD_API_TIMEOUT_MS: '2000',
        FRAUD_API_MAX_ATTEMPTS: '4',
        FRAUD_API_KEY_SECRET_ARN: arn('secretsmanager', 'secret:fraud-AbCdEf'),
        MAX_RECEIVE_COUNT: '3',
      }),
      'dlq-processor': lambda('dlq-processor', 120, { ALERT_TOPIC_ARN: TOPIC }),
    } as Record<string, FunctionConfiguration>,
    dlqProcessorPolicy: {
      Statement: [
        {
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'lambda:InvokeFunction',
          Condition: { ArnLike: { 'AWS:SourceArn': REVIEW_RULE } },
        },
      ],
    },
    mappings: [
      {
        UUID: 'mapping-1',
        EventSourceArn: paymentQueue,
        State: 'Enabled',
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 50 },
      },
    ] as EventSourceMappingConfiguration[],
    quota: { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 950 } as Record<string, number> | undefined,
    reserved: 50 as number | undefined,
    queues: {
      'payments.fifo': {
        ...fifo,
        QueueArn: paymentQueue,
        VisibilityTimeout: '400',
        MessageRetentionPeriod: '345600',
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterQueue, maxReceiveCount: 3 }),
      },
      'dead.fifo': {
        ...fifo,
        QueueArn: deadLetterQueue,
        VisibilityTimeout: '180',
        MessageRetentionPeriod: '1209600',
        RedriveAllowPolicy: JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [paymentQueue] }),
      },
    } as Record<string, Record<string, string>>,
    outcomeTopic: {
      FifoTopic: 'true',
      ContentBasedDeduplication: 'false',
      FifoThroughputScope: 'MessageGroup',
      KmsMasterKeyId: key('sqs'),
    } as Record<string, string>,
    table: {
      TableArn: arn('dynamodb', 'table/payments'),
      TableStatus: 'ACTIVE',
      DeletionProtectionEnabled: true,
      SSEDescription: { KMSMasterKeyArn: key('dynamodb') } as { KMSMasterKeyArn: string } | undefined,
      GlobalSecondaryIndexes: [{ IndexName: 'status-timestamp-index', IndexStatus: 'ACTIVE' }],
    },
    recovery: 'ENABLED',
    /** By the end of the key's ARN. */
    keyStates: { sqs: 'Enabled', dynamodb: 'Enabled', s3: 'Enabled', secret: 'Enabled' } as Record<string, string>,
    rotates: true,
    trail: {
      Name: 'trail-test',
      TrailARN: arn('cloudtrail', 'trail/trail-test'),
      S3BucketName: 'audit-test',
      KmsKeyId: key('s3') as string | undefined,
      IsMultiRegionTrail: true,
      LogFileValidationEnabled: true,
      IncludeGlobalServiceEvents: true,
    },
    trailStatus: { IsLogging: true } as Record<string, unknown>,
    selectors: [
      ['AWS::DynamoDB::Table', arn('dynamodb', 'table/payments')],
      ['AWS::Lambda::Function', arn('lambda', 'function:dlq-processor')],
      ['AWS::S3::Object', 'arn:aws:s3:::audit-test/'],
    ].map(([type, on]) => ({
      FieldSelectors: [
        { Field: 'resources.type', Equals: [type!] },
        { Field: 'resources.ARN', StartsWith: [on!] },
      ],
    })),
    objectLock: { Mode: 'GOVERNANCE', Days: 400 } as { Mode: string; Days?: number } | undefined,
    /** The last is another's, with a name that begins as one of the pipeline. */
    logGroups: [...LOG_GROUPS, '/aws/lambda/payment-processor-2'].map(
      (logGroupName): { logGroupName: string; retentionInDays: number | undefined } => ({
        logGroupName,
        retentionInDays: 365,
      }),
    ),
    endpoints: [
      ...['sqs', 'sns', 'secretsmanager', 'lambda', 'logs'].map(endpoint),
      { ...endpoint('dynamodb'), VpcEndpointType: 'Gateway', SubnetIds: [], RouteTableIds: ['rtb-1'] },
    ],
    flowLogs: ['s3', 'cloud-watch-logs'].map((LogDestinationType) => ({
      FlowLogId: `fl-${LogDestinationType}`,
      LogDestinationType,
      FlowLogStatus: 'ACTIVE',
      TrafficType: 'ALL',
      DeliverLogsErrorMessage: undefined as string | undefined,
    })),
    subscriptions: {
      [TOPIC]: [{ SubscriptionArn: `${TOPIC}:1`, Endpoint: 'oncall@example.com' }],
      [KEY_CHANGE_TOPIC]: [{ SubscriptionArn: `${KEY_CHANGE_TOPIC}:1`, Endpoint: 'oncall@example.com' }],
    } as Record<string, { SubscriptionArn: string; Endpoint: string }[]>,
    alarms: ALARMS.map((AlarmName) => ({
      AlarmName,
      ActionsEnabled: true,
      AlarmActions: [TOPIC],
      StateValue: 'OK',
      AlarmDescription: 'Too many. Then follow docs/runbooks/alarm-sqs-dlq-messages.md',
    })),
    composites: [] as { AlarmName: string; StateValue: string; AlarmRule?: string }[],
    /** The alarms that the topic's policy names. */
    admitted: ALARMS,
    /** Decisions of the simulator about actions that the roles do not have, by action, or by action and resource. */
    refused: {} as Record<string, string>,
    secret: {
      ARN: arn('secretsmanager', 'secret:fraud-AbCdEf'),
      VersionIdsToStages: { 1: ['AWSCURRENT'] },
      KmsKeyId: key('secret'),
    } as Record<string, unknown>,
    /** IAM actions that the operator lacks, each with the code of the service's refusal. */
    denied: {} as Record<string, string>,
    /** Resources that do not exist: the code of the answer, by IAM action. */
    missing: {} as Record<string, string>,
    /** The IAM actions of the calls that were made. */
    called: [] as string[],
  };
}

export type DeploymentState = ReturnType<typeof soundState>;
