import { seededRandom } from '../../../tools/kit/random';
import { FifoQueue, type Queued, type QueueSettings } from '../../../tools/kit/fifo-queue';
import { VirtualTime } from '../../../tools/kit/virtual-time';

const MINUTE = 60_000;

class Bench {
  readonly time = new VirtualTime();
  readonly redriven: string[] = [];
  readonly expired: string[] = [];
  readonly queue: FifoQueue;

  constructor(settings: Partial<QueueSettings> = {}) {
    this.queue = new FifoQueue(
      this.time,
      seededRandom(1),
      { visibilityTimeoutMs: 6 * MINUTE, maxReceiveCount: 3, batchSize: 10, ...settings },
      ({ messageId }) => this.redriven.push(messageId),
      ({ messageId }) => this.expired.push(messageId),
    );
  }

  send(...bodies: string[]): void {
    for (const body of bodies) this.queue.send(body[0]!, body, body);
  }

  /** Everything that can be received now. */
  receive(): Queued[] {
    const batches = Array.from({ length: 20 }, () => this.queue.receive());
    return batches.flat();
  }

  async pass(milliseconds: number): Promise<void> {
    const end = this.time.now() + milliseconds;
    this.time.after(milliseconds, () => undefined);
    await this.time.runUntil(() => this.time.now() >= end);
  }
}

const bodies = (messages: readonly Queued[]) => messages.map(({ body }) => body).sort();

test('a receive brings several messages of a group, in the order of sending', () => {
  const { queue, ...bench } = new Bench();
  for (const body of ['a1', 'a2', 'a3']) queue.send('a', body, body);
  expect(queue.receive().map(({ body }) => body)).toEqual(['a1', 'a2', 'a3']);
  expect(bench.redriven).toEqual([]);
});

test('sequence numbers rise, and no two are equal', () => {
  const bench = new Bench();
  bench.send('a1', 'a2', 'a3');
  const numbers = bench.receive().map(({ sequenceNumber }) => sequenceNumber);
  expect([...new Set(numbers)].sort()).toEqual(numbers);
  expect(numbers).toHaveLength(3);
});

test('at most ten at a time', () => {
  const bench = new Bench();
  for (let index = 0; index < 12; index++) bench.queue.send('a', `a${index}`, `a${index}`);
  expect(bench.queue.receive()).toHaveLength(10);
});

test('while one message of a group is hidden, none of it is received; other groups are', async () => {
  const bench = new Bench();
  bench.send('a1');
  bench.receive();
  bench.send('a2', 'b1');
  expect(bodies(bench.receive())).toEqual(['b1']);
  await bench.pass(6 * MINUTE);
  expect(bodies(bench.receive())).toEqual(['a1', 'a2', 'b1']);
});

test('groups are found among the first messages of the queue only: a deep backlog of one account keeps the others waiting', () => {
  const bench = new Bench({ groupWindow: 3 });
  bench.send('a1', 'a2', 'a3', 'b1');
  expect(bodies(bench.receive())).toEqual(['a1', 'a2', 'a3']);
  bench.send('c1');
  expect(bench.receive()).toEqual([]);
  expect(bench.queue.remove('m1')).toMatchObject({ body: 'a1' });
  expect(bodies(bench.receive())).toEqual(['b1']);
});

test('a message is dropped when its retention is over, hidden or not', async () => {
  const bench = new Bench({ retentionMs: 10 * MINUTE });
  bench.send('a1');
  await bench.pass(5 * MINUTE);
  bench.send('b1');
  bench.receive();
  await bench.pass(5 * MINUTE);
  expect(bench.receive()).toEqual([]);
  await bench.pass(MINUTE);
  expect(bodies(bench.receive())).toEqual(['b1']);
  expect(bench.expired).toEqual(['m1']);
});

test('deleting the hidden message frees its group', () => {
  const bench = new Bench();
  bench.send('a1', 'a2');
  const [first, second] = bench.receive();
  expect(bench.queue.delete(first!)).toBe(true);
  expect(bench.receive()).toEqual([]);
  expect(bench.queue.delete(second!)).toBe(true);
  bench.send('a3');
  expect(bodies(bench.receive())).toEqual(['a3']);
});

test('a receipt handle is stale when its time is up, received again or not', async () => {
  const bench = new Bench();
  bench.send('a1');
  const [first] = bench.receive();
  await bench.pass(6 * MINUTE);
  expect(bench.queue.delete(first!)).toBe(false);
  const [again] = bench.receive();
  expect(bench.queue.delete(first!)).toBe(false);
  expect(bench.queue.delete(again!)).toBe(true);
});

test('after the third receive the next one moves it to the dead-letter queue, and brings its follower', async () => {
  const bench = new Bench();
  bench.send('a1');
  for (let receive = 1; receive <= 3; receive++) {
    expect(bench.receive().map(({ receives }) => receives)).toEqual([receive]);
    await bench.pass(6 * MINUTE);
  }
  bench.send('a2');
  expect(bodies(bench.receive())).toEqual(['a2']);
  expect(bench.redriven).toEqual(['m1']);
});

test('the same deduplication id is delivered once in five minutes, and once in each group', async () => {
  const bench = new Bench();
  expect(bench.queue.send('a', 'body', 'id')).toEqual({ messageId: 'm1', isNew: true });
  expect(bench.queue.send('a', 'body', 'id')).toEqual({ messageId: 'm1', isNew: false });
  expect(bench.queue.send('b', 'body', 'id')).toEqual({ messageId: 'm2', isNew: true });
  await bench.pass(5 * MINUTE);
  expect(bench.queue.send('a', 'body', 'id')).toEqual({ messageId: 'm3', isNew: true });
});

test('a visibility timeout is set again from now on, up to twelve hours from the receive', async () => {
  const bench = new Bench();
  bench.send('a1');
  const [message] = bench.receive();
  await bench.pass(MINUTE);
  expect(bench.queue.wouldHide(message!, 43_200 - 60)).toBe(true);
  expect(bench.queue.wouldHide(message!, 43_200 - 59)).toBe(false);
  bench.queue.changeVisibility(message!, 20);
  await bench.pass(19_999);
  expect(bench.receive()).toEqual([]);
  await bench.pass(1);
  expect(bodies(bench.receive())).toEqual(['a1']);
});
