import { CHECKS } from '../../../src/ops/verify/checks';
import { type Change, failedChecks, outputsPipeline } from '../../../tools/kit/ops/fake-deployment';
import { type DeploymentState, KEY_CHANGE_TOPIC, OUTPUTS, TOPIC } from '../../../tools/kit/ops/sound-deployment';

const processor = (state: DeploymentState) => state.functions['payment-processor']!;
const variables = (state: DeploymentState) => processor(state).Environment!.Variables!;
const queue = (state: DeploymentState) => state.queues['payments.fifo']!;
const deadLetters = (state: DeploymentState) => state.queues['dead.fifo']!;

const CORRECT = /^Correct the reason/;
const WAIT = /^Wait (a minute|some minutes), and verify again\.$/;

/** Each fault alone, by the one check that fails with it. What to do is to deploy again, unless a row says otherwise. */
const FAULTS: Readonly<Record<string, readonly (readonly [fault: Change, found: RegExp, whatToDo?: RegExp])[]>> = {
  'Mapping: enabled': [
    [(s) => (s.mappings[0]!.State = 'Disabled'), /is Disabled/, /mapping --uuid mapping-1 --enabled$/],
    [(s) => (s.mappings[0]!.State = 'Updating'), /is Updating/, WAIT],
  ],
  'Mapping: settings': [
    [(s) => (s.mappings[0]!.BatchSize = 1), /BatchSize is 1, not 10/],
    [(s) => (s.mappings[0]!.FunctionResponseTypes = undefined), /is not set, not ReportBatchItemFailures/],
  ],
  'Functions: active': [
    [(s) => Object.assign(processor(s), { State: 'Failed', StateReason: 'no key' }), /is Failed: no key/, CORRECT],
    [(s) => (processor(s).LastUpdateStatus = 'Failed'), /last update of payment-processor is Failed/, CORRECT],
    [(s) => (processor(s).State = 'Pending'), /being created or updated/, WAIT],
    [(s) => (processor(s).State = 'Inactive'), /put payment-processor to sleep/, /^Send a canary/],
  ],
  'Functions: one release': [
    [(s) => (variables(s).RELEASE_ID = 'release-0'), /is release-0, not release-1/],
    [
      (s) => Object.values(s.functions).forEach((one) => (one.Environment!.Variables!.RELEASE_ID = 'release-2')),
      /processor's RELEASE_ID is release-2, not release-1; the DLQ/,
      /^Write the outputs into the file again/,
    ],
  ],
  'Functions: reviews are measured': [
    [(s) => (s.dlqProcessorPolicy.Statement = []), /doesn't let the rule \S+event-rule-payment-reviews-test call it/],
    [
      (s) => (s.dlqProcessorPolicy.Statement[0]!.Condition.ArnLike['AWS:SourceArn'] = 'arn:aws:events:x:1:rule/other'),
      /doesn't let the rule/,
    ],
  ],
  'Functions: environment': [
    [(s) => delete variables(s).FRAUD_API_URL, /FRAUD_API_URL is missing/],
    [(s) => (variables(s).PAYMENT_QUEUE_URL = 'https://x/1/other.fifo'), /is other\.fifo, not payments\.fifo/],
    [(s) => (variables(s).PAYMENT_TABLE_NAME = 'other'), /PAYMENT_TABLE_NAME is other, not payments/],
  ],
  'Concurrency: reserved as deployed': [[(s) => (s.reserved = undefined), /is -1, not 50/]],
  'Concurrency: within the quota': [
    [
      (s) => (s.quota = { ConcurrentExecutions: 100, UnreservedConcurrentExecutions: 50 }),
      /quota in ap-southeast-1 is 100.*50\.$/,
      /^Set reserve_concurrency = false and max_concurrency = 50/,
    ],
  ],
  'Role of the payment processor: allows each call': [
    [(s) => (s.refused['dynamodb:PutItem'] = 'implicitDeny'), /PutItem on \S+table\/payments is refused \(implicit/],
    [(s) => (s.refused['secretsmanager:GetSecretValue'] = 'explicitDeny'), /on \S+secret:fraud/, /Find the denial/],
  ],
  'Role of the DLQ processor: allows each call': [
    [(s) => (s.refused['dynamodb:Query'] = 'implicitDeny'), /Query on \S+\/index\/status-timestamp-index/],
    [(s) => (s.refused[`sns:Publish on ${TOPIC}`] = 'implicitDeny'), /sns:Publish on \S+:alerts/],
  ],
  "Fraud API's key: readable, if it has one": [
    [(s) => (s.secret.DeletedDate = new Date(0)), /is deleted on 1970/, /restore-secret/],
    [(s) => (s.secret.VersionIdsToStages = {}), /has no value/, /rotate-the-api-key/],
    [(s) => (s.keyStates.secret = 'Disabled'), /key\/secret is Disabled/, /aws kms enable-key/],
    [
      (s) => (s.refused[`kms:Decrypt on ${String(s.secret.KmsKeyId)}`] = 'implicitDeny'),
      /key\/secret, which encrypts the secret, is refused/,
      /^Set fraud_api_key_kms_key_arn/,
    ],
  ],
  'Payment queue: settings': [
    [(s) => (queue(s).VisibilityTimeout = '360'), /VisibilityTimeout is 360, not 400/],
    [(s) => (queue(s).RedrivePolicy = '{}'), /the redrive policy's queue is not set/],
    [(s) => (variables(s).MAX_RECEIVE_COUNT = '4'), /maxReceiveCount is 3, not 4/],
    [(s) => (queue(s).DeduplicationScope = 'queue'), /DeduplicationScope is queue, not messageGroup/],
    [(s) => (queue(s).MessageRetentionPeriod = '60'), /MessageRetentionPeriod is 60, not 345600/],
  ],
  'Dead-letter queue: settings': [
    [(s) => (deadLetters(s).VisibilityTimeout = '120'), /VisibilityTimeout is 120, not at least 121/],
    [(s) => (deadLetters(s).RedriveAllowPolicy = '{"redrivePermission":"denyAll"}'), /is denyAll, not byQueue/],
  ],
  'Outcome topic: settings, if outcomes are published': [
    [(s) => delete s.outcomeTopic.KmsMasterKeyId, /KmsMasterKeyId is not set, not \S+key\/sqs/],
    [(s) => (s.outcomeTopic.FifoThroughputScope = 'Topic'), /FifoThroughputScope is Topic, not MessageGroup/],
    [(s) => delete variables(s).OUTCOME_TOPIC_ARN, /the DLQ processor's OUTCOME_TOPIC_ARN is \S+outcomes\.fifo, not /],
  ],
  'Payment table: state and settings': [
    [(s) => (s.table.TableStatus = 'ARCHIVED'), /the table is ARCHIVED, not ACTIVE/],
    [(s) => (s.table.TableStatus = 'UPDATING'), /the table is UPDATING/, WAIT],
    [(s) => (s.table.GlobalSecondaryIndexes = []), /status-timestamp-index is not set, not ACTIVE/],
    [(s) => (s.table.DeletionProtectionEnabled = false), /deletion protection is false, not true/],
  ],
  'Payment table: point-in-time recovery': [[(s) => (s.recovery = 'DISABLED'), /is DISABLED/]],
  'Key of queues and alert topic: enabled, rotated': [
    [(s) => (s.keyStates.sqs = 'Disabled'), /key\/sqs is Disabled/, /: aws kms enable-key --key-id \S+$/],
  ],
  'Key of payment table and logs: enabled, rotated': [
    [
      (s) => (s.keyStates.dynamodb = 'PendingDeletion'),
      /is PendingDeletion/,
      /: aws kms cancel-key-deletion .*enable-key/,
    ],
  ],
  'Key of audit trail: enabled, rotated': [
    [(s) => (s.keyStates.s3 = 'Unavailable'), /is Unavailable/, /docs\/runbooks\/key-changes\.md/],
  ],
  'Endpoints: available': [
    [(s) => (s.endpoints[3]!.State = 'PendingAcceptance'), /vpce-lambda .* is PendingAcceptance/, /Ask the owner/],
    [(s) => (s.endpoints[3]!.State = 'pending'), /is pending/, WAIT],
    [(s) => (s.endpoints[3]!.State = 'Rejected'), /is Rejected/, /Delete the endpoint/],
  ],
  'Endpoints: one for each service, in every subnet': [
    [(s) => s.endpoints.shift(), /no endpoint for sqs/],
    [(s) => s.endpoints[1]!.SubnetIds.pop(), /endpoint for sns is not in subnet-2/],
    [(s) => (s.endpoints[2]!.PrivateDnsEnabled = false), /secretsmanager has no private DNS name/],
    [(s) => (s.endpoints[5]!.RouteTableIds = []), /No route table leads to the endpoint for dynamodb/],
  ],
  'Flow logs: active': [
    [(s) => s.flowLogs.pop(), /no flow log to CloudWatch Logs/],
    [(s) => (s.flowLogs[0]!.DeliverLogsErrorMessage = 'Access error'), /audit bucket cannot deliver: Access error/],
    [(s) => (s.flowLogs[0]!.TrafficType = 'REJECT'), /takes REJECT traffic/],
    [(s) => (s.flowLogs[1]!.FlowLogStatus = 'FAILED'), /CloudWatch Logs is FAILED/],
  ],
  'Email for alarms: confirmed': [
    [
      (s) => (s.subscriptions[TOPIC]![0]!.SubscriptionArn = 'PendingConfirmation'),
      /oncall@example\.com has not confirmed/,
      /^Confirm the email/,
    ],
  ],
  'Email for key changes: confirmed': [
    [(s) => (s.subscriptions[KEY_CHANGE_TOPIC] = []), /Nobody hears of a change of the keys/],
    [
      (s) => (s.subscriptions[KEY_CHANGE_TOPIC]![0]!.SubscriptionArn = 'Deleted'),
      /Nobody hears of a change of the keys/,
    ],
  ],
  'Alarms: all exist': [[(s) => s.alarms.pop(), /no alarm alarm-throttles-test/]],
  'Alarms: actions on': [
    [(s) => (s.alarms[0]!.ActionsEnabled = false), /actions of alarm-dlq-test are off/, /-names alarm-dlq-test$/],
    [(s) => (s.alarms[0]!.AlarmActions = ['arn:other']), /alarm-dlq-test does not notify the alert topic/],
  ],
  'Alarms: none rings': [
    [
      (s) => (s.alarms[0]!.StateValue = 'ALARM'),
      /alarm-dlq-test rings/,
      /docs\/runbooks\/alarm-sqs-dlq-messages\.md\.$/,
    ],
  ],
  'Audit trail: logging and delivering': [
    [(s) => (s.trailStatus.IsLogging = false), /does not log/, /start-logging --name trail-test/],
    [(s) => (s.trailStatus.LatestDeliveryError = 'AccessDenied'), /audit bucket: AccessDenied/, /deploy again/],
    [(s) => (s.trailStatus.LatestCloudWatchLogsDeliveryError = 'gone'), /log group: gone/, /deploy again/],
  ],
  'Audit trail: settings': [
    [(s) => (s.trail.LogFileValidationEnabled = false), /LogFileValidationEnabled is false/],
    [(s) => (s.trail.S3BucketName = 'other'), /S3BucketName is other, not audit-test/],
  ],
  'Audit trail: data events': [
    [(s) => s.selectors.shift(), /^The trail does not record tableWrites\.$/],
    [(s) => (s.selectors = []), /not record tableWrites, dlqInvocations, auditObjects/],
    [(s) => (s.selectors[1]!.FieldSelectors[1]!.StartsWith = ['arn:aws:lambda:x:1:function:other']), /dlqInvocations/],
  ],
  'Audit bucket: Object Lock, if it has one': [
    [(s) => (s.objectLock = undefined), /retention is not set, not GOVERNANCE; its number of days is not set, not 400/],
    [(s) => (s.objectLock!.Days = 30), /^its number of days is 30, not 400\.$/],
    [(s) => (s.objectLock!.Mode = 'COMPLIANCE'), /^the mode of the default retention is COMPLIANCE, not GOVERNANCE\.$/],
  ],
  'Log groups: retention': [
    [
      (s) => (s.logGroups[0]!.retentionInDays = 1),
      /log group \S+\/payment-processor is kept for 1 day, not kept for 365 days/,
    ],
    [
      (s) => (s.logGroups[1]!.retentionInDays = undefined),
      /log group \S+\/dlq-processor is kept without end, not kept for 365/,
    ],
    [(s) => s.logGroups.splice(2, 1), /log group \S+\/trail-test is missing, not kept for 365 days/],
    [
      (s) => (s.logGroups[3]!.retentionInDays = 400),
      /log group \S+\/vpc-test is kept for 400 days, not kept for 365 days/,
    ],
  ],
};

test.each([
  ['its outputs', () => outputsPipeline()],
  ['outputs of a release without settings', () => outputsPipeline({ ...OUTPUTS, payments_settings: undefined })],
])('all checks of a sound deployment pass, found by %s', async (_by, pipeline) => {
  expect(await failedChecks(() => undefined, pipeline())).toEqual([]);
});

const cases = Object.entries(FAULTS).flatMap(([check, faults]) =>
  faults.map(([fault, found, whatToDo = /^Deploy again/]) => ({ check, fault, found, whatToDo })),
);

test.each(cases)('$check: alone fails with its fault, case $#', async ({ check, fault, found, whatToDo }) => {
  const failed = await failedChecks(fault);
  expect(failed.map(({ name }) => name)).toEqual([check]);
  expect(failed[0]!.findings).toHaveLength(1);
  expect(failed[0]!.findings[0]!.found).toMatch(found);
  expect(failed[0]!.findings[0]!.whatToDo).toMatch(whatToDo);
});

test('each check was seen failing', () => {
  expect(Object.keys(FAULTS)).toEqual(CHECKS.map(({ name }) => name));
});

test('a fault that several checks see: the mapping is of another queue', async () => {
  const failed = await failedChecks((state) => (state.mappings[0]!.EventSourceArn = 'arn:other'));
  expect(failed.map(({ name, findings }) => [name, findings[0]!.found])).toEqual(
    ['Mapping: enabled', 'Mapping: settings', 'Concurrency: reserved as deployed', 'Concurrency: within the quota'].map(
      (name) => [name, 'No mapping delivers from payments.fifo to payment-processor.'],
    ),
  );
});

test.each([
  ['alarm-dlq-test', []],
  ['alarm-other-test', ['Alarms: actions on']],
])('an alarm needs no action if a composite alarm follows it, here %s', async (followed, expected) => {
  const failed = await failedChecks((s) => {
    s.alarms[0]!.AlarmActions = [];
    s.composites = [{ ...s.alarms.pop()!, AlarmRule: `ALARM(${followed}) OR ALARM(alarm-lambda-test)` }];
  });
  expect(failed.map(({ name }) => name)).toEqual(expected);
});

test('a composite alarm is one of them, too', async () => {
  const failed = await failedChecks((s) => {
    s.composites = [s.alarms.pop()!];
    s.composites[0]!.StateValue = 'ALARM';
  });
  expect(failed.map(({ name }) => name)).toEqual(['Alarms: none rings']);
});

test.each<[string, Change]>([
  [
    'an endpoint that was replaced',
    (s) => s.endpoints.unshift({ ...s.endpoints[0]!, State: 'deleted', SubnetIds: [] }),
  ],
  [
    "somebody else's endpoint",
    (s) => s.endpoints.unshift({ ...s.endpoints[0]!, State: 'Rejected', SubnetIds: [], Tags: [] }),
  ],
  ["a secret with AWS's own key, by its alias", (s) => (s.secret.KmsKeyId = 'alias/aws/secretsmanager')],
  ["a secret without a key, which is AWS's own", (s) => delete s.secret.KmsKeyId],
  ["somebody else's log group", (s) => (s.logGroups[4]!.retentionInDays = undefined)],
  ["somebody else's flow log", (s) => s.flowLogs.unshift({ ...s.flowLogs[0]!, TrafficType: 'REJECT' })],
])('no fault: %s', async (_what, change) => {
  expect(await failedChecks(change)).toEqual([]);
});

test("an existing VPC lacks what the outputs don't name: endpoints that were left out, and flow logs", async () => {
  const {
    payments_sqs_endpoint_id: _,
    payments_flow_log_to_bucket_id: __,
    ...outputs
  } = OUTPUTS as Record<string, object>;
  const change: Change = (state) => {
    state.endpoints.shift();
    state.flowLogs = [];
  };
  expect(await failedChecks(change, outputsPipeline(outputs))).toEqual([]);
});

test('an interface endpoint of DynamoDB has no private name: the functions have it in a variable', async () => {
  const change: Change = (state) => {
    const dynamodb = state.endpoints.find(({ ServiceName }) => ServiceName.endsWith('.dynamodb'))!;
    Object.assign(dynamodb, {
      VpcEndpointType: 'Interface',
      SubnetIds: ['subnet-1', 'subnet-2'],
      PrivateDnsEnabled: false,
    });
    for (const lambda of Object.values(state.functions))
      lambda.Environment!.Variables!.AWS_ENDPOINT_URL_DYNAMODB =
        'https://vpce-1.dynamodb.ap-southeast-1.vpce.amazonaws.com';
  };
  expect(await failedChecks(change)).toEqual([]);
});

test("what AWS services do with the functions' roles is simulated, too", async () => {
  const failed = await failedChecks((s) => (s.refused['logs:PutLogEvents'] = 'implicitDeny'));
  expect(failed.map(({ findings }) => findings[0]!.found)).toEqual([
    expect.stringMatching(/^logs:PutLogEvents on arn:aws:logs:\S+:log-group:\/aws\/lambda\/payment-processor:/),
    expect.stringMatching(/^logs:PutLogEvents on arn:aws:logs:\S+:log-group:\/aws\/lambda\/dlq-processor:/),
  ]);
});
