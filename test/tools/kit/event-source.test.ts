import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { createHash } from 'node:crypto';
import { startEmbeddedAws } from '../../../tools/kit/embedded/aws';
import { pollQueue, succeeded } from '../../../tools/kit/embedded/event-source';

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
