import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Statistic } from '../../../../src/infrastructure/monitoring/metric';
import { EmbeddedCloudWatch } from '../../../../tools/kit/cloudwatch/embedded-cloudwatch';
import { PipelineClock } from '../../../../tools/kit/cloudwatch/pipeline-clock';
import { SynthesizedStack } from '../../../../tools/kit/embedded/synthesized-stack';
import { newDirectory } from '../../../../tools/kit/new-directory';
import { readTemplate } from '../../../../tools/kit/stacks/stacks';

/** The most that an alarm tolerates, and what makes it ring: by metric, its sum in five minutes or its value in each minute. */
const LIMITS: Readonly<Record<string, Readonly<Record<string, readonly [quiet: number, rings: number]>>>> = {
  'sqs-queue-depth': { ApproximateNumberOfMessagesVisible: [1_000, 1_001] },
  'sqs-queue-backlog': {
    ApproximateNumberOfMessagesVisible: [50_000, 50_000],
    ApproximateNumberOfMessagesNotVisible: [10_000, 10_001],
  },
  'sqs-in-flight': { ApproximateNumberOfMessagesNotVisible: [96_000, 96_001] },
  'sqs-oldest-message-age': { ApproximateAgeOfOldestMessage: [15 * 60, 15 * 60 + 1] },
  'sqs-dlq-messages': { ApproximateNumberOfMessagesVisible: [0, 1] },
  'sqs-dlq-growth': { NumberOfMessagesSent: [10, 11] },
  'sqs-dlq-oldest-message-age': { ApproximateAgeOfOldestMessage: [967_680, 967_681] },
  'lambda-error-rate': { Invocations: [100, 100], Errors: [1, 2] },
  'lambda-concurrency': { ConcurrentExecutions: [44, 45] },
  'lambda-throttles': { Throttles: [0, 1] },
  'payments-failed': { PaymentsProcessed: [100, 100], PaymentsFailed: [1, 2] },
  'payments-parked': { PaymentsParked: [0, 1] },
  'payments-outcomes-failed': { OutcomesFailed: [5, 6] },
  'sns-outcomes-undelivered': { NumberOfNotificationsFailed: [0, 1] },
  'payments-review-age': { OldestReviewAge: [86_400, 86_401] },
  'security-root-use': { RootAccountUses: [0, 1] },
  'security-trail-change': { TrailChanges: [0, 1] },
  'security-key-disabled': { KeysDisabled: [0, 1] },
  'security-foreign-write': { ForeignWrites: [0, 1] },
  'security-evidence-change': { EvidenceChanges: [0, 1] },
};

const MINUTE = 60_000;

const STACK = join(newDirectory(), 'stack.json');
const { resource } = readTemplate('everyAlarm').json;
writeFileSync(STACK, JSON.stringify({ resource, provider: { aws: [{ region: 'ap-southeast-1' }] } }));

function start() {
  let time = Date.now();
  const stack = SynthesizedStack.read(STACK);
  const cloudWatch = new EmbeddedCloudWatch(stack, new PipelineClock(1, () => time));
  const wait = (minutes: number) => {
    time += minutes * MINUTE;
    cloudWatch.tick();
  };
  return { cloudWatch, wait };
}

function alarmOf(cloudWatch: EmbeddedCloudWatch, purpose: string) {
  return cloudWatch.alarms.find(({ definition: { name } }) => name === `alarm-${purpose}-dev`)!;
}

/** Puts the values that the alarm reads for a quarter of an hour. */
function alarmWith(purpose: string, which: 0 | 1) {
  const { cloudWatch, wait } = start();
  const alarm = alarmOf(cloudWatch, purpose);
  const inputs = alarm.definition.queries.flatMap(({ reads }) => ('expression' in reads ? [] : [reads]));
  for (let minute = 0; minute < 15; minute++) {
    for (const input of inputs)
      if (input.statistic !== 'Sum' || minute === 0)
        put(cloudWatch, input, LIMITS[purpose]![input.metricName]?.[which]);
    wait(1);
  }
  return alarm;
}

function put(cloudWatch: EmbeddedCloudWatch, { statistic: _, ...metric }: Statistic, value: number | undefined): void {
  if (value !== undefined) cloudWatch.put(metric, value);
}

test('each alarm of the stack has its limit here', () => {
  const names = start().cloudWatch.alarms.map(({ definition: { name } }) => name);
  expect(names.sort()).toEqual(
    Object.keys(LIMITS)
      .map((purpose) => `alarm-${purpose}-dev`)
      .sort(),
  );
});

describe.each(Object.keys(LIMITS))('%s', (purpose) => {
  test('is quiet at its limit', () => {
    expect(alarmWith(purpose, 0).history).toEqual([]);
  });

  test('rings beyond it, and the mail leads to its runbook', () => {
    const { history, runbook } = alarmWith(purpose, 1);
    expect(history[0]).toMatchObject({ from: 'OK', to: 'ALARM' });
    expect(runbook).toBe(`docs/runbooks/alarm-${purpose}.md`);
    expect(existsSync(runbook!)).toBe(true);
    expect(history[0]!.mail!.subject).toBe(`ALARM: "alarm-${purpose}-dev" in ap-southeast-1`);
    expect(history[0]!.mail!.body).toContain(runbook);
  });
});

test('an event of the trail rings the alarm on it, which is over a quarter of an hour later', () => {
  const { cloudWatch, wait } = start();
  cloudWatch.trail({ eventName: 'StopLogging', userIdentity: { type: 'IAMUser' } });
  wait(1);
  expect(alarmOf(cloudWatch, 'security-trail-change').state).toBe('ALARM');
  expect(cloudWatch.alarms.filter(({ state }) => state === 'ALARM')).toHaveLength(1);
  wait(15);
  expect(alarmOf(cloudWatch, 'security-trail-change').state).toBe('OK');
});

/** The alarms that an event of the trail rings, by purpose. */
function rungBy(event: Readonly<Record<string, unknown>>): string[] {
  const { cloudWatch, wait } = start();
  cloudWatch.trail(event);
  wait(1);
  return cloudWatch.alarms
    .filter(({ state }) => state === 'ALARM')
    .map(({ definition: { name } }) => name.replace(/^alarm-|-dev$/g, ''));
}

const stack = SynthesizedStack.read(STACK);
const BUCKET = stack.text('aws_s3_bucket', stack.only('aws_s3_bucket'), 'bucket');
const TABLE = 'payment-status-dev';
const TRAIL_LOG = '/aws/cloudtrail/cloudtrail-payment-processing-dev';
const recovery = (pointInTimeRecoveryEnabled: boolean) => ({
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled },
});

// The parameters are those of https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/, and of the references of S3 and CloudWatch Logs.
test.each<[eventName: string, requestParameters: object]>([
  ['UpdateContinuousBackups', { tableName: TABLE, ...recovery(false) }],
  [
    'UpdateTable',
    { tableName: `arn:aws:dynamodb:ap-southeast-1:000000000000:table/${TABLE}`, deletionProtectionEnabled: false },
  ],
  ['DeleteTable', { tableName: TABLE }],
  ['PutRetentionPolicy', { logGroupName: TRAIL_LOG, retentionInDays: 364 }],
  ['DeleteLogGroup', { logGroupName: '/aws/lambda/lambda-payment-processor-dev' }],
  ['DeleteLogStream', { logGroupName: '/aws/vpc-flow-logs/vpc-payment-processing-dev', logStreamName: 'x' }],
  ['PutBucketLifecycle', { bucketName: BUCKET }],
  ['DeleteBucketLifecycle', { bucketName: BUCKET }],
  ['PutBucketObjectLockConfiguration', { bucketName: BUCKET }],
  ['PutBucketVersioning', { bucketName: BUCKET }],
  ['DeleteBucketPolicy', { bucketName: BUCKET }],
])('%s %j rings the alarm on evidence alone', (eventName, requestParameters) => {
  expect(rungBy({ eventName, requestParameters })).toEqual(['security-evidence-change']);
});

test.each<[what: string, event: Readonly<Record<string, unknown>>]>([
  [
    'its first deployment: recovery',
    { eventName: 'UpdateContinuousBackups', requestParameters: { tableName: TABLE, ...recovery(true) } },
  ],
  [
    'its first deployment: the table',
    { eventName: 'CreateTable', requestParameters: { tableName: TABLE, deletionProtectionEnabled: true } },
  ],
  [
    'its first deployment: retention',
    { eventName: 'PutRetentionPolicy', requestParameters: { logGroupName: TRAIL_LOG, retentionInDays: 365 } },
  ],
  ["another's log group", { eventName: 'DeleteLogGroup', requestParameters: { logGroupName: `${TRAIL_LOG}-2` } }],
  ["another's bucket", { eventName: 'PutBucketLifecycle', requestParameters: { bucketName: `${BUCKET}-2` } }],
  ["another's table", { eventName: 'DeleteTable', requestParameters: { tableName: `other-${TABLE}` } }],
])('%s rings no alarm', (_, event) => {
  expect(rungBy(event)).toEqual([]);
});

test('a data event of DynamoDB rings the alarm on foreign writes; a management event does not', () => {
  const write = { eventSource: 'dynamodb.amazonaws.com', eventName: 'PutItem' };
  expect(rungBy({ ...write, eventCategory: 'Data' })).toEqual(['security-foreign-write']);
  expect(rungBy({ ...write, eventCategory: 'Management' })).toEqual([]);
});

/** Values of an outage of the fraud API of 60 minutes that begins at minute 5; its backlog is decided at minute 80. By metric, with the queue. */
function outageAt(minute: number): Readonly<Record<string, number>> {
  const lasts = minute >= 5 && minute < 65;
  const waits = minute >= 5 && minute < 80;
  return {
    ConcurrentExecutions: lasts ? 50 : 5,
    'payment-processing.fifo ApproximateNumberOfMessagesVisible': waits ? (minute - 5) * 600 : 0,
    'payment-processing.fifo ApproximateAgeOfOldestMessage': waits ? (minute - 5) * 60 : 1,
    'payment-processing-dlq.fifo ApproximateNumberOfMessagesVisible': Math.max(0, Math.min(minute, 65) - 36) * 50,
    'payment-processing-dlq.fifo NumberOfMessagesSent': minute >= 36 && minute < 65 ? 50 : 0,
    PaymentsProcessed: 100,
    PaymentsFailed: minute >= 36 && minute < 65 ? 50 : 0,
  };
}

test('an outage of the fraud API rings six alarms, and the outage alarm once; the dead letters outlast it', () => {
  const { cloudWatch, wait } = start();
  const reads = cloudWatch.alarms.flatMap(({ definition }) =>
    definition.queries.flatMap(({ reads: input }) => ('expression' in input ? [] : [input])),
  );
  const metrics = new Map(reads.map(({ statistic: _, ...metric }) => [JSON.stringify(metric), metric]));
  const { alarm_rule } = Object.values(readTemplate('outageAlarm').json.resource.aws_cloudwatch_composite_alarm!).find(
    ({ alarm_name }) => alarm_name === 'alarm-payments-outage-dev',
  )!;
  const symptoms = cloudWatch.alarms.filter(({ definition: { name } }) =>
    String(alarm_rule).includes(`payments_${name.slice(0, -'-dev'.length).replaceAll('-', '_')}.alarm_name`),
  );
  const outage: boolean[] = [];
  for (let minute = 0; minute < 120; minute++) {
    const values = outageAt(minute);
    for (const metric of metrics.values()) {
      const value = values[metric.metricName] ?? values[`${metric.dimensions.QueueName} ${metric.metricName}`];
      if (value !== undefined) cloudWatch.put(metric, value);
    }
    wait(1);
    outage.push(symptoms.some(({ state }) => state === 'ALARM'));
  }
  const rang = cloudWatch.alarms.filter(({ history }) => history.length > 0).map(({ definition: { name } }) => name);

  expect(rang.sort()).toEqual([
    'alarm-lambda-concurrency-dev',
    'alarm-payments-failed-dev',
    'alarm-sqs-dlq-growth-dev',
    'alarm-sqs-dlq-messages-dev',
    'alarm-sqs-oldest-message-age-dev',
    'alarm-sqs-queue-depth-dev',
  ]);
  expect(outage.filter((isOn, at) => isOn && !outage[at - 1])).toHaveLength(1);
  expect(outage.at(-1)).toBe(false);
  expect(alarmOf(cloudWatch, 'sqs-dlq-messages').state).toBe('ALARM');
});
