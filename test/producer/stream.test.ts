import { getEventListeners } from 'node:events';
import { runInThisContext } from 'node:vm';
import type { PaymentMessage } from '../../src/contract';
import type { SendResult } from '../../src/producer';
import { idsOf, payments, Producing } from '../../tools/kit/producer/producing';

/** A source that says how much of it was read, and whether it was let go. */
class Source {
  read = 0;
  isOver = false;

  constructor(
    private readonly total: number,
    private readonly accounts = total,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<PaymentMessage> {
    try {
      for (const payment of payments(this.total, this.accounts)) {
        this.read++;
        await Promise.resolve();
        yield payment;
      }
    } finally {
      this.isOver = true;
    }
  }
}

test('reads no further ahead than its window, however many there are', async () => {
  const producing = new Producing();
  const source = new Source(2_000, 50);
  let furthest = 0;
  let taken = 0;

  await producing.run(async () => {
    for await (const { status } of producing.producer.stream(source)) {
      expect(status).toBe('accepted');
      furthest = Math.max(furthest, source.read - ++taken);
    }
  });

  expect(taken).toBe(2_000);
  expect(furthest).toBeGreaterThan(500);
  expect(furthest).toBeLessThan(1_100);
});

test('results come while the source still waits for its next payment', async () => {
  const producing = new Producing();
  const results: SendResult[] = [];
  async function* live() {
    yield* payments(3, 3);
    await producing.time.sleep(60_000);
    expect(results).toHaveLength(3);
    yield* payments(5, 5).slice(3);
  }

  await producing.run(async () => {
    for await (const result of producing.producer.stream(live())) results.push(result);
  });

  expect(results.map(({ payment }) => payment.transaction_id)).toEqual(idsOf(payments(5, 5)));
});

test('who leaves the loop ends the sending and the reading', async () => {
  const producing = new Producing();
  const source = new Source(300, 1);

  await producing.run(async () => {
    for await (const { payment } of producing.producer.stream(source)) {
      if (payment.transaction_id === 'payment-4') break;
    }
    await producing.time.sleep(60_000);
  });

  expect(producing.queued.length).toBeLessThan(8);
  expect(source.isOver).toBe(true);
});

test('a source that fails is heard of after the results of what it gave before', async () => {
  const producing = new Producing();
  const results: SendResult[] = [];
  async function* broken() {
    yield* payments(30, 3);
    await Promise.reject(new Error('The file ends in the middle.'));
  }

  const sending = producing.send(broken(), { onResult: (result) => results.push(result) });

  await expect(sending).rejects.toThrow('The file ends in the middle.');
  expect(results).toHaveLength(30);
  expect(producing.queued).toHaveLength(30);
});

test('a source that fails far ahead of a slow reader is no unhandled rejection', async () => {
  const producing = new Producing();
  const unhandled = jest.fn();
  const node = runInThisContext('process') as NodeJS.Process; // Jest's own has no such events
  node.on('unhandledRejection', unhandled);
  async function* broken() {
    yield* payments(3, 3);
    await Promise.reject(new Error('The file ends in the middle.'));
  }
  const reading = producing.run(async () => {
    for await (const { status } of producing.producer.stream(broken())) {
      expect(status).toBe('accepted');
      await producing.time.sleep(60_000);
    }
  });

  await expect(reading).rejects.toThrow('The file ends in the middle.');
  node.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

test('nothing is read after an abort, and the source is let go', async () => {
  const [never, meanwhile] = [new Source(300, 1), new Source(5_000, 1)]; // more than is read ahead
  const stop = new AbortController();
  const producing = new Producing();

  expect(await producing.send(never, { signal: AbortSignal.abort() })).toEqual([]);
  const results = await producing.send(meanwhile, {
    signal: stop.signal,
    onResult: () => {
      stop.abort();
    },
  });

  expect(never.read).toBe(0);
  expect(meanwhile.isOver).toBe(true);
  expect(results[0]).toMatchObject({ status: 'accepted' });
});

test('a signal that outlives the sending is left without listeners', async () => {
  const { signal } = new AbortController();

  await new Producing().send(payments(50, 50), { signal });

  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('an abort lets go of a source that hangs, and the results so far come', async () => {
  const producing = new Producing();
  const stop = new AbortController();
  async function* hanging() {
    yield* payments(3, 3);
    producing.time.after(1_000, () => {
      stop.abort();
    });
    await new Promise(() => undefined);
  }

  const results = await producing.send(hanging(), { signal: stop.signal });

  expect(results.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted']);
});
