import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { join } from 'node:path';
import { EmbeddedCloudWatch } from '../../../../tools/kit/cloudwatch/embedded-cloudwatch';
import { PipelineClock } from '../../../../tools/kit/cloudwatch/pipeline-clock';
import { SynthesizedStack } from '../../../../tools/kit/embedded/synthesized-stack';
import { EmbeddedCloudWatchEndpoint } from '../../../../tools/kit/ops/embedded-cloudwatch-endpoint';
import { STACK_DIRECTORY, thisProject } from '../../../../tools/kit/project';

const SCALE = 60;
const queue = {
  namespace: 'AWS/SQS',
  metricName: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: 'payment-processing-dlq.fifo' },
};

let time = Date.now();
let cloudWatch: EmbeddedCloudWatch;
let endpoint: EmbeddedCloudWatchEndpoint;
let client: CloudWatchClient;

beforeAll(async () => {
  const stack = SynthesizedStack.read(join(thisProject.root, STACK_DIRECTORY, 'cdk.tf.json'));
  cloudWatch = new EmbeddedCloudWatch(stack, new PipelineClock(SCALE, () => time));
  endpoint = await EmbeddedCloudWatchEndpoint.start(cloudWatch);
  client = new CloudWatchClient({
    region: 'eu-west-1',
    endpoint: endpoint.url,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  for (let minute = 1; minute <= 30; minute++) {
    cloudWatch.put(queue, minute);
    time += 60_000 / SCALE;
    cloudWatch.tick();
  }
});

afterAll(() => endpoint.close());

test('the last five minutes are of pipeline time, the latest first unless said otherwise', async () => {
  const { namespace, metricName, dimensions } = queue;
  const query = async (ScanBy?: 'TimestampAscending') => {
    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(time - 5 * 60_000),
        EndTime: new Date(time),
        ScanBy,
        MetricDataQueries: [
          {
            Id: 'depth',
            MetricStat: {
              Metric: {
                Namespace: namespace,
                MetricName: metricName,
                Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
              },
              Period: 60,
              Stat: 'Maximum',
            },
          },
        ],
      }),
    );
    return MetricDataResults![0]!;
  };
  const { Values, Timestamps, StatusCode } = await query();
  expect(StatusCode).toBe('Complete');
  expect(Values!.slice(0, 5)).toEqual([30, 29, 28, 27, 26]);
  expect(Timestamps![0]!.getTime()).toBeGreaterThan(time - 2 * 60_000);
  expect((await query('TimestampAscending')).Values).toEqual(Values!.toReversed());
});

test('alarms have their state, its reason and since when, in pipeline time', async () => {
  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({}));
  expect(MetricAlarms).toHaveLength(cloudWatch.alarms.length);
  const ringing = MetricAlarms!.filter(({ StateValue }) => StateValue === 'ALARM');
  expect(ringing).toMatchObject([
    {
      AlarmName: 'alarm-sqs-dlq-messages-dev',
      StateReason: expect.stringContaining('Threshold Crossed') as string,
      AlarmActions: [expect.stringMatching(/^arn:aws:sns:/)],
    },
  ]);
  expect(ringing[0]!.StateUpdatedTimestamp!.getTime()).toBe(
    cloudWatch.alarms.find(({ state }) => state === 'ALARM')!.since,
  );
});
