import { type CloudWatchClient, GetMetricDataCommand, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { awsCall, type Place } from './aws-call';
import type { Pipeline } from './pipeline';
import type { AlarmState } from './services';

/** Every alarm of the construct begins so. */
const PREFIX = 'alarm-';
/** SQS tells CloudWatch each minute or five, and some minutes late. */
const LOOK_BACK_MS = 15 * 60_000;
const PERIOD_SECONDS = 60;

/** The pipeline's alarms, those that ring first. */
export async function alarmStates(client: CloudWatchClient, { isAlarm }: Pipeline, place: Place): Promise<AlarmState[]> {
  const found: AlarmState[] = [];
  await awsCall(place, 'service CloudWatch', async () => {
    for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, { AlarmNamePrefix: PREFIX, AlarmTypes: ['MetricAlarm'] })) {
      for (const { AlarmName: name = '', StateValue: state = 'unknown', StateUpdatedTimestamp, AlarmDescription: description = '', AlarmActions = [] } of MetricAlarms) {
        if (isAlarm(name, AlarmActions)) found.push({ name, state, since: StateUpdatedTimestamp?.toISOString() ?? 'unknown', description });
      }
    }
  });
  return found.sort((one, other) => Number(other.state === 'ALARM') - Number(one.state === 'ALARM'));
}

/** Seconds that the queue's oldest message has waited, as of some minutes ago; undefined when CloudWatch knows none. */
export async function ageOfOldest(client: CloudWatchClient, QueueName: string, place: Place): Promise<number | undefined> {
  const Metric = { Namespace: 'AWS/SQS', MetricName: 'ApproximateAgeOfOldestMessage', Dimensions: [{ Name: 'QueueName', Value: QueueName }] };
  const command = new GetMetricDataCommand({
    StartTime: new Date(Date.now() - LOOK_BACK_MS),
    EndTime: new Date(),
    ScanBy: 'TimestampDescending',
    MetricDataQueries: [{ Id: 'age', MetricStat: { Metric, Period: PERIOD_SECONDS, Stat: 'Maximum' } }],
  });
  const { MetricDataResults } = await awsCall(place, 'service CloudWatch', () => client.send(command));
  return MetricDataResults?.[0]?.Values?.[0];
}
