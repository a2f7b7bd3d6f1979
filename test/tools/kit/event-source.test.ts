import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedAws } from '../../../tools/kit/embedded/aws';
import { pollQueue, succeeded } from '../../../tools/kit/embedded/event-source';
import { SqsFifoQueue } from '../../../tools/kit/embedded/sqs-fifo-queue';

const messages = [{ MessageId: 'a' }, { MessageId: 'b' }, { MessageId: 'c' }];
const failures = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

test.each<[what: string, response: unknown, ids: string[]]>([
  ['no failures', failures(), ['a', 'b', 'c']],
  ['some failures', failures('b', 'c'), ['a']],
  ['no answer at all', undefined, ['a', 'b', 'c']],
  ['an empty answer', {}, ['a', 'b', 'c']],
  ['failures that are null', { batchItemFailures: null }, ['a', 'b', 'c']],
  ['an id that the batch lacks, which fails the whole batch', failures('a', 'x'), []],
])('%s', (_what, response, ids) => {
  expect(succeeded(messages, response).map(({ MessageId }) => MessageId)).toEqual(ids);
});

/** The example event of https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
test('the event has every field that Lambda fills for a FIFO queue', async () => {
  const aws = await startEmbeddedAws('eu-central-1');
  try {
    const Attributes = { FifoQueue: 'true' };
    const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName: 'payments.fifo', Attributes }));
    await aws.sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'hello',
        MessageGroupId: 'account-1',
        MessageDeduplicationId: 'deduplication-1',
        MessageAttributes: { source_message_id: { DataType: 'String', StringValue: 'm1' } },
      }),
    );
    const stopping = new AbortController();
    const events: SQSEvent[] = [];
    const environment = {
      invoke(event: SQSEvent) {
        events.push(event);
        stopping.abort();
        return Promise.resolve(undefined);
      },
    };
    const queueArn = 'arn:aws:sqs:eu-central-1:000000000000:payments.fifo';
    await pollQueue(environment, {
      sqs: aws.sqs,
      queueUrl: QueueUrl!,
      queueArn,
      batchSize: 10,
      signal: stopping.signal,
      onFunctionError: () => undefined,
    });

    const milliseconds = expect.stringMatching(/^\d{13}$/) as string;
    expect(events).toEqual([
      {
        Records: [
          {
            messageId: expect.stringMatching(/./) as string,
            receiptHandle: expect.stringMatching(/./) as string,
            body: 'hello',
            attributes: {
              ApproximateReceiveCount: '1',
              SentTimestamp: milliseconds,
              ApproximateFirstReceiveTimestamp: milliseconds,
              SenderId: expect.stringMatching(/./) as string,
              SequenceNumber: expect.stringMatching(/^\d{20}$/) as string,
              MessageGroupId: 'account-1',
              MessageDeduplicationId: 'deduplication-1',
            },
            messageAttributes: {
              source_message_id: { stringValue: 'm1', stringListValues: [], binaryListValues: [], dataType: 'String' },
            },
            md5OfBody: createHash('md5').update('hello').digest('hex'),
            md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
            eventSource: 'aws:sqs',
            eventSourceARN: queueArn,
            awsRegion: 'eu-central-1',
          },
        ],
      },
    ]);
  } finally {
    await aws.close();
  }
});

/** Long enough for a receive to wait at the queue; a shorter one makes the test weaker, not wrong. */
const POLLING_MS = 200;

test('a poll that is ended leaves no message hidden', async () => {
  const aws = await startEmbeddedAws('eu-central-1');
  try {
    const queue = await SqsFifoQueue.create(aws);
    const stopping = new AbortController();
    const invoke = jest.fn(() => Promise.resolve(undefined));
    const polling = pollQueue(
      { invoke },
      {
        sqs: aws.sqs,
        queueUrl: queue.url,
        queueArn: queue.arn,
        batchSize: 10,
        signal: stopping.signal,
        onFunctionError: () => undefined,
      },
    );
    await sleep(POLLING_MS);
    stopping.abort();
    const ended = polling.then(() => true);
    while (!(await Promise.race([ended, sleep(10, false)]))) aws.endPolls();
    await queue.send('account-1', 'hello');
    await expect(queue.receive()).resolves.toHaveLength(1);
    expect(invoke).not.toHaveBeenCalled();
  } finally {
    await aws.close();
  }
});
