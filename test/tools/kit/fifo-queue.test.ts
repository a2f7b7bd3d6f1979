import { setTimeout as sleep } from 'node:timers/promises';
import { type Message, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { type EmbeddedAws, startEmbeddedAws } from '../../../tools/kit/embedded/aws';
import { bodies, HIDDEN_SECONDS, SqsFifoQueue } from '../../../tools/kit/embedded/sqs-fifo-queue';
import { runs } from '../../../tools/kit/thorough';

let aws: EmbeddedAws;
beforeAll(async () => {
  aws = await startEmbeddedAws('ap-southeast-1');
});
afterAll(() => aws.close());

/** The emulator's clock is this process's. */
const now = Date.now.bind(Date);
let passedMs = 0;
beforeEach(() => {
  passedMs = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + passedMs);
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** SQS Developer Guide, "FIFO queue delivery logic in Amazon SQS". */
describe('one receive', () => {
  test('brings up to ten messages of a group, in their order, and no more of it until all of them are gone', async () => {
    const queue = await SqsFifoQueue.create(aws);
    for (let index = 0; index < 12; index++) await queue.send('a', `a${index}`);

    const first = await queue.receive();
    expect(bodies(first)).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8', 'a9']);
    for (const message of first) {
      expect(await queue.receive()).toEqual([]);
      await queue.delete(message);
    }
    expect(bodies(await queue.receive())).toEqual(['a10', 'a11']);
  });

  test('is filled up with other groups', async () => {
    const queue = await SqsFifoQueue.create(aws);
    for (const body of ['a1', 'b1', 'a2', 'b2']) await queue.send(body[0]!, body);

    expect(bodies(await queue.receive(3))).toEqual(['a1', 'a2', 'b1']);
    expect(await queue.receive()).toEqual([]);
  });

  test('delivers returned and expired messages in their order again, once the whole group is visible', async () => {
    const queue = await SqsFifoQueue.create(aws);
    for (const body of ['a1', 'a2', 'a3', 'a4']) await queue.send('a', body);

    const [first, second, third] = await queue.receive(3);
    await queue.hide(first!, 0);
    await queue.hide(third!, 500);
    await queue.hide(second!, 0);
    passedMs += 499_000;
    expect(await queue.receive()).toEqual([]);
    passedMs += 1_000;
    expect(bodies(await queue.receive())).toEqual(['a1', 'a2', 'a3', 'a4']);
    passedMs += HIDDEN_SECONDS * 1_000;
    const again = await queue.receive();
    expect(bodies(again)).toEqual(['a1', 'a2', 'a3', 'a4']);
    expect(again.map(({ Attributes }) => Attributes!.ApproximateReceiveCount)).toEqual(['3', '3', '3', '2']);
    expect(again[0]!.Attributes!.ApproximateFirstReceiveTimestamp).toBe(
      first!.Attributes!.ApproximateFirstReceiveTimestamp,
    );
  });

  test('a receipt handle expires with the visibility timeout: it deletes nothing', async () => {
    const queue = await SqsFifoQueue.create(aws);
    await queue.send('a', 'a1');
    const [late] = await queue.receive();
    passedMs += HIDDEN_SECONDS * 1_000;
    await queue.delete(late!);

    expect(bodies(await queue.receive())).toEqual(['a1']);
  });

  test('any sequence of sends, receives, deletions, visibility changes and expiries keeps the delivery logic', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('send' as const), group: fc.constantFrom('a', 'b', 'c') }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('receive' as const), max: fc.integer({ min: 1, max: 10 }) }),
      },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), pick: fc.nat() }) },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constant('hide' as const),
          pick: fc.nat(),
          seconds: fc.constantFrom(0, 100, 1_000),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.constantFrom(50, 200, 400) }),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const queue = await SqsFifoQueue.create(aws);
        const model: { body: string; group: string; hiddenUntil: number; message?: Message }[] = [];
        let time = 0; // seconds
        let sent = 0;
        const isHidden = ({ hiddenUntil }: { hiddenUntil: number }) => hiddenUntil > time;
        for (const one of steps) {
          const hidden = model.filter(isHidden);
          if (one.kind === 'send') {
            const body = `${one.group}${++sent}`;
            await queue.send(one.group, body);
            model.push({ body, group: one.group, hiddenUntil: 0 });
          } else if (one.kind === 'pass') {
            passedMs += one.seconds * 1_000;
            time += one.seconds;
          } else if (one.kind === 'receive') {
            const free = model.filter(({ group }) => !hidden.some((other) => other.group === group));
            const received = await queue.receive(one.max);
            expect(received).toHaveLength(Math.min(one.max, free.length));
            const groups = [...new Set(received.map(({ Attributes }) => Attributes!.MessageGroupId!))];
            const inOrder = groups
              .flatMap((group) => free.filter((entry) => entry.group === group))
              .slice(0, received.length);
            expect(bodies(received)).toEqual(inOrder.map(({ body }) => body)); // as many of a group as possible, then the next
            for (const [index, entry] of inOrder.entries())
              Object.assign(entry, { message: received[index], hiddenUntil: time + HIDDEN_SECONDS });
          } else if (hidden.length > 0) {
            const entry = hidden[one.pick % hidden.length]!;
            if (one.kind === 'delete') {
              await queue.delete(entry.message!);
              model.splice(model.indexOf(entry), 1);
            } else {
              await queue.hide(entry.message!, one.seconds);
              entry.hiddenUntil = time + one.seconds;
            }
          }
        }
      }),
      { numRuns: runs(60) },
    );
  });
});

/** SQS Developer Guide, "Using dead-letter queues in Amazon SQS": it counts the receives of each message. */
test('a message ends one long poll, and the others wait for theirs', async () => {
  const queue = await SqsFifoQueue.create(aws);
  const ended: string[][] = [];
  const polls = Array.from({ length: 3 }, async () => ended.push(bodies(await queue.receive(10, 5)) as string[]));
  await sleep(100); // until they wait

  await queue.send('a', 'a1');
  while (ended.length === 0) await sleep(10);
  await sleep(50);
  expect(ended).toEqual([['a1']]);

  await queue.send('b', 'b1');
  await queue.send('c', 'c1');
  await Promise.all(polls);
  expect(ended).toEqual([['a1'], ['b1'], ['c1']]);
});

test('the redrive policy moves the one message that was received too often, with any group and deduplication id', async () => {
  const deadLetters = await SqsFifoQueue.create(aws, { DeduplicationScope: 'messageGroup' });
  const queue = await SqsFifoQueue.create(aws, {
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 2 }),
  });
  await deadLetters.send('a', 'a copy', 'a1');
  for (const body of ['a1', 'a2', 'b1']) await queue.send(body[0]!, body);
  for (const max of [1, 3]) {
    for (const message of await queue.receive(max)) await queue.hide(message, 0);
  }

  const received = await queue.receive();
  expect(bodies(received)).toEqual(['a2', 'b1']);
  expect(received.map(({ Attributes }) => Attributes!.ApproximateReceiveCount)).toEqual(['2', '2']);
  const [copy, moved] = await deadLetters.receive();
  expect(bodies([copy!, moved!])).toEqual(['a copy', 'a1']);
  expect(moved!.Attributes).toMatchObject({ MessageGroupId: 'a', MessageDeduplicationId: 'a1' });
});

/** SQS API Reference, SetQueueAttributes, DeduplicationScope; Developer Guide, "Exactly-once processing in Amazon SQS". */
describe('deduplication', () => {
  test.each<[scope: string, attributes: Record<string, string>, inOtherGroup: string[]]>([
    ['messageGroup', { DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' }, ['in b']],
    ['queue', { DeduplicationScope: 'queue' }, []],
    ['queue, by default', {}, []],
  ])('scope %s', async (_scope, attributes, inOtherGroup) => {
    const queue = await SqsFifoQueue.create(aws, attributes);
    await queue.send('a', 'in a', 'same');
    await queue.send('b', 'in b', 'same');

    expect(bodies(await queue.receive())).toEqual(['in a', ...inOtherGroup]);
  });

  test('a repeat within five minutes is answered with the original, and not delivered, even after that is deleted', async () => {
    const queue = await SqsFifoQueue.create(aws, { DeduplicationScope: 'messageGroup' });
    const original = await queue.send('a', 'one', 'same');
    const [received] = await queue.receive();
    await queue.delete(received!);
    passedMs += 299_000;

    const repeat = await queue.send('a', 'two', 'same');
    const { Successful } = await aws.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queue.url,
        Entries: [{ Id: '0', MessageBody: 'three', MessageGroupId: 'a', MessageDeduplicationId: 'same' }],
      }),
    );
    for (const answer of [repeat, Successful![0]!]) {
      expect(answer).toMatchObject({ MessageId: original.MessageId, SequenceNumber: original.SequenceNumber });
    }
    expect(await queue.receive()).toEqual([]);

    passedMs += 2_000;
    await queue.send('a', 'four', 'same');
    expect(bodies(await queue.receive())).toEqual(['four']);
  });

  test('by content, where the queue says so', async () => {
    const queue = await SqsFifoQueue.create(aws, {
      DeduplicationScope: 'messageGroup',
      ContentBasedDeduplication: 'true',
    });
    for (const MessageGroupId of ['a', 'a', 'b']) {
      await aws.sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'same', MessageGroupId }));
    }

    expect((await queue.receive()).map(({ Attributes }) => Attributes!.MessageGroupId)).toEqual(['a', 'b']);
  });
});
