import { join } from 'node:path';
import { GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { STATUS_INDEX } from '../../../../src/contract/payment-record';
import { EmbeddedCloudWatch } from '../../../../tools/kit/cloudwatch/embedded-cloudwatch';
import { floor, MINUTE_MS } from '../../../../tools/kit/cloudwatch/metric-store';
import { PipelineClock } from '../../../../tools/kit/cloudwatch/pipeline-clock';
import { type EmbeddedAws, startEmbeddedAws } from '../../../../tools/kit/embedded/aws';
import { pollQueue } from '../../../../tools/kit/embedded/event-source';
import { FunctionMeter, ThrottleError } from '../../../../tools/kit/embedded/function-meter';
import { deploy } from '../../../../tools/kit/embedded/resources';
import { SqsFifoQueue } from '../../../../tools/kit/embedded/sqs-fifo-queue';
import { SynthesizedStack } from '../../../../tools/kit/embedded/synthesized-stack';
import { STACK_DIRECTORY, thisProject } from '../../../../tools/kit/project';

const STACK = join(thisProject.root, STACK_DIRECTORY, 'cdk.tf.json');

let time: number;
let cloudWatch: EmbeddedCloudWatch;
let aws: EmbeddedAws;
let tableName: string;

beforeAll(async () => {
  time = Date.now();
  const stack = SynthesizedStack.read(STACK);
  cloudWatch = new EmbeddedCloudWatch(stack, new PipelineClock(10, () => time));
  aws = await startEmbeddedAws(stack.region, { cloudWatch });
  ({ tableName } = await deploy(stack, aws));
});

afterAll(() => aws.close());

/** A statistic of all that was put from now on. */
function measure(namespace: string, dimensions: Record<string, string>) {
  time += 60_000;
  const range = { from: floor(cloudWatch.clock.now(), MINUTE_MS), to: Infinity };
  return (metricName: string, statistic: string) =>
    cloudWatch.metrics.value({ namespace, metricName, dimensions, statistic }, range);
}

describe('a queue', () => {
  let queue: SqsFifoQueue;
  let deadLetters: SqsFifoQueue;
  let count = 0;
  const nameOf = ({ url }: SqsFifoQueue) => url.split('/').at(-1)!;
  const measured = (one: SqsFifoQueue) => measure('AWS/SQS', { QueueName: nameOf(one) });

  beforeEach(async () => {
    deadLetters = await SqsFifoQueue.create(aws, {}, `dead-${++count}.fifo`);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 1 });
    queue = await SqsFifoQueue.create(aws, { RedrivePolicy }, `payments-${count}.fifo`);
  });

  test('counts messages that are sent, received and deleted, and no duplicate', async () => {
    const its = measured(queue);
    await queue.send('a', '1');
    await queue.send('a', '1');
    await queue.send('b', '2');
    const [first] = await queue.receive();
    await queue.delete(first!);
    await queue.delete(first!);
    expect(its('NumberOfMessagesSent', 'Sum')).toBe(2);
    expect(its('NumberOfMessagesReceived', 'Sum')).toBe(2);
    expect(its('NumberOfMessagesDeleted', 'Sum')).toBe(1);
  });

  test('is sampled: what waits, what is in flight and of how many accounts, and the age in pipeline time', async () => {
    const its = measured(queue);
    await queue.send('a', '1');
    await queue.send('a', '2');
    await queue.send('b', '3');
    await queue.receive();
    await queue.send('c', '4');
    time += 6_000;
    cloudWatch.tick();
    expect(its('ApproximateNumberOfMessagesVisible', 'Maximum')).toBe(1);
    expect(its('ApproximateNumberOfMessagesNotVisible', 'Maximum')).toBe(3);
    expect(its('ApproximateNumberOfGroupsWithInflightMessages', 'Maximum')).toBe(2);
    expect(its('ApproximateAgeOfOldestMessage', 'Maximum')).toBe(60);
  });

  test('has no age while it is empty, and nothing in flight that it could report', () => {
    const its = measured(queue);
    cloudWatch.tick();
    expect(its('ApproximateNumberOfMessagesVisible', 'Maximum')).toBe(0);
    expect(its('ApproximateNumberOfMessagesNotVisible', 'Maximum')).toBeUndefined();
    expect(its('ApproximateAgeOfOldestMessage', 'Maximum')).toBeUndefined();
  });

  test('that SQS moves a message to does not count it as sent, and its age begins there', async () => {
    await queue.send('a', '1');
    const [message] = await queue.receive();
    await queue.hide(message!, 0);
    const its = measured(deadLetters);
    await queue.receive();
    time += 3_000;
    cloudWatch.tick();
    expect(its('NumberOfMessagesSent', 'Sum')).toBeUndefined();
    expect(its('ApproximateNumberOfMessagesVisible', 'Maximum')).toBe(1);
    expect(its('ApproximateAgeOfOldestMessage', 'Maximum')).toBe(30);
    await deadLetters.send('b', '2');
    expect(its('NumberOfMessagesSent', 'Sum')).toBe(1);
  });

  test('has older messages when a drill ages them', async () => {
    const its = measured(queue);
    await queue.send('a', '1');
    aws.ageMessages(nameOf(queue), 60_000);
    cloudWatch.tick();
    expect(its('ApproximateAgeOfOldestMessage', 'Maximum')).toBe(600);
  });
});

describe('a function', () => {
  const its = () => measure('AWS/Lambda', { FunctionName: 'f' });
  let meter: FunctionMeter;
  beforeEach(() => {
    meter = new FunctionMeter('f', cloudWatch);
  });

  test('counts invocations, errors and their duration, and how many run at the same time', async () => {
    const metric = its();
    await Promise.allSettled([
      meter.run(() => Promise.resolve()),
      meter.run(() => {
        time += 500;
        return Promise.reject(new Error('a handler threw'));
      }),
    ]);
    expect(metric('Invocations', 'Sum')).toBe(2);
    expect(metric('Errors', 'Sum')).toBe(1);
    expect(metric('Duration', 'Maximum')).toBe(500);
    expect(metric('ConcurrentExecutions', 'Maximum')).toBe(2);
    expect(metric('Throttles', 'Sum')).toBe(0);
  });

  test('an invocation that runs for minutes is concurrent in each of them', async () => {
    let end!: () => void;
    const running = meter.run(() => new Promise<void>((resolve) => (end = resolve)));
    const metric = its();
    cloudWatch.tick();
    expect(metric('ConcurrentExecutions', 'Maximum')).toBe(1);
    end();
    await running;
  });

  test('an invocation beyond the reserved concurrency is throttled, and is none', async () => {
    const metric = its();
    meter.reservedConcurrency = 0;
    await expect(meter.run(() => Promise.resolve())).rejects.toThrow(ThrottleError);
    expect(metric('Throttles', 'Sum')).toBe(1);
    expect(metric('Invocations', 'Sum')).toBeUndefined();
  });

  test('the messages of a throttled invocation stay in the queue, in flight, and polling goes on', async () => {
    const queue = await SqsFifoQueue.create(aws, {}, 'throttled.fifo');
    await queue.send('a', '1');
    const stopping = new AbortController();
    const environment = { invoke: () => meter.run(() => Promise.resolve(stopping.abort())) };
    meter.reservedConcurrency = 0;
    const errors: unknown[] = [];
    const polling = pollQueue(environment, {
      sqs: aws.sqs,
      queueUrl: queue.url,
      queueArn: queue.arn,
      batchSize: 10,
      signal: stopping.signal,
      onFunctionError: (error) => errors.push(error),
    });
    const metric = measure('AWS/SQS', { QueueName: 'throttled.fifo' });
    while (metric('NumberOfMessagesReceived', 'Sum') === undefined) await new Promise((next) => setTimeout(next, 10));
    cloudWatch.tick();
    expect(metric('ApproximateNumberOfMessagesNotVisible', 'Maximum')).toBe(1);
    meter.reservedConcurrency = 1;
    await queue.send('b', '2');
    await polling;
    expect(errors).toEqual([]);
  });
});

describe('a table', () => {
  const its = () => measure('AWS/DynamoDB', { TableName: tableName });
  const item = (size: number) => ({ transaction_id: { S: 't' }, text: { S: 'x'.repeat(size) } });
  const put = (size: number, ConditionExpression?: string) =>
    aws.dynamodb.send(new PutItemCommand({ TableName: tableName, Item: item(size), ConditionExpression }));

  test('counts the capacity units of writes and reads, and those of its index apart', async () => {
    const metric = its();
    await put(1_500);
    expect(metric('ConsumedWriteCapacityUnits', 'Sum')).toBe(2);
    const key = { TableName: tableName, Key: { transaction_id: { S: 't' } } };
    await aws.dynamodb.send(new GetItemCommand(key));
    await aws.dynamodb.send(new GetItemCommand({ ...key, ConsistentRead: true }));
    expect(metric('ConsumedReadCapacityUnits', 'Sum')).toBe(1.5);
    await aws.dynamodb.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: STATUS_INDEX,
        KeyConditionExpression: 'payment_status = :status',
        ExpressionAttributeValues: { ':status': { S: 'APPROVED' } },
      }),
    );
    expect(metric('ConsumedReadCapacityUnits', 'Sum')).toBe(1.5);
  });

  test('counts a write whose condition is false', async () => {
    await put(10);
    const metric = its();
    await expect(put(10, 'attribute_not_exists(transaction_id)')).rejects.toThrow('conditional');
    expect(metric('ConsumedWriteCapacityUnits', 'Sum')).toBe(1);
  });
});
