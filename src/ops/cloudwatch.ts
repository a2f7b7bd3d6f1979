import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataResult,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import { byOutcome, METRIC_DIMENSION, METRICS, type MetricName, PAYMENT_STATUSES } from '../contract';
import { awsCall, AwsCallError, type Place } from './aws-call';
import type { Pipeline } from './pipeline';
import type { AlarmState, MetricSource, Throughput } from './services';

/** How the name of every alarm of the construct begins. */
const PREFIX = 'alarm-';
/** SQS reports to CloudWatch every one or five minutes, some minutes late. */
const LOOK_BACK_MS = 15 * 60_000;
const PERIOD_SECONDS = 60;
const MINUTE_MS = 60_000;
const MINUTES = 5;

const RATES: Readonly<Record<keyof Throughput, MetricName>> = {
  processed: METRICS.processed,
  ...byOutcome((outcome) => PAYMENT_STATUSES[outcome].metric),
  retried: METRICS.retried,
  fraud_check_errors: METRICS.fraudCheckErrors,
};

/** The pipeline's alarms. Those in ALARM come first. */
export async function alarmStates(
  client: CloudWatchClient,
  { isAlarm }: Pipeline,
  place: Place,
): Promise<AlarmState[]> {
  const found: AlarmState[] = [];
  await awsCall(place, 'service CloudWatch', async () => {
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms(
      { client },
      { AlarmNamePrefix: PREFIX, AlarmTypes: ['MetricAlarm'] },
    )) {
      for (const {
        AlarmName: name = '',
        StateValue: state = 'unknown',
        StateUpdatedTimestamp,
        AlarmDescription: description = '',
        AlarmActions: actions = [],
      } of MetricAlarms) {
        if (isAlarm({ name, actions, description }))
          found.push({ name, state, since: StateUpdatedTimestamp?.toISOString() ?? 'unknown', description });
      }
    }
  });
  return found.sort((one, other) => Number(other.state === 'ALARM') - Number(one.state === 'ALARM'));
}

/** Age in seconds of the queue's oldest message, some minutes ago. Undefined when CloudWatch has no value. */
export async function ageOfOldest(
  client: CloudWatchClient,
  QueueName: string,
  place: Place,
): Promise<number | undefined> {
  const Metric = {
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    Dimensions: [{ Name: 'QueueName', Value: QueueName }],
  };
  const command = new GetMetricDataCommand({
    StartTime: new Date(Date.now() - LOOK_BACK_MS),
    EndTime: new Date(),
    ScanBy: 'TimestampDescending',
    MetricDataQueries: [{ Id: 'age', MetricStat: { Metric, Period: PERIOD_SECONDS, Stat: 'Maximum' } }],
  });
  const [age] = await metricData(client, command, place);
  return age?.Values?.[0];
}

/** A minute without a value counts as zero. */
export async function throughput(
  client: CloudWatchClient,
  { namespace, service }: MetricSource,
  place: Place,
): Promise<Throughput> {
  const lastMinute = Math.floor(Date.now() / MINUTE_MS - 1) * MINUTE_MS;
  const command = new GetMetricDataCommand({
    StartTime: new Date(lastMinute - MINUTES * MINUTE_MS),
    EndTime: new Date(lastMinute),
    MetricDataQueries: Object.entries(RATES).map(([Id, MetricName]) => ({
      Id,
      MetricStat: {
        Metric: { Namespace: namespace, MetricName, Dimensions: [{ Name: METRIC_DIMENSION, Value: service }] },
        Period: PERIOD_SECONDS,
        Stat: 'Sum',
      },
    })),
  });
  const results = await metricData(client, command, place);
  const perMinute = (id: string) =>
    (results.find(({ Id }) => Id === id)?.Values ?? []).reduce((sum, value) => sum + value, 0) / MINUTES;
  return Object.fromEntries(Object.keys(RATES).map((id) => [id, perMinute(id)])) as Throughput;
}

/** CloudWatch also answers when it could not read a metric; the answer then has a message. */
async function metricData(
  client: CloudWatchClient,
  command: GetMetricDataCommand,
  place: Place,
): Promise<MetricDataResult[]> {
  const { MetricDataResults = [] } = await awsCall(place, 'service CloudWatch', () => client.send(command));
  const failed = MetricDataResults.find(
    ({ StatusCode }) => StatusCode === 'InternalError' || StatusCode === 'Forbidden',
  );
  if (failed !== undefined)
    throw new AwsCallError(
      `The service CloudWatch in ${place.region} could not read its metrics (${failed.StatusCode}): try again.`,
    );
  return MetricDataResults;
}
