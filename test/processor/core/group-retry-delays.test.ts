import { aMessage } from '../../../tools/kit/payments/payments';
import { decided, Processor, REFUSED, unavailable, NOT_CALLED } from '../../../tools/kit/cores/processor';

const of = (account_id: string, transaction_id: string, receiveCount = 1) =>
  aMessage({ account_id, transaction_id }, { receiveCount });

/** The middle of the jitter. */
const SHORT = 13;
const LONG = 1_953;

test("one retry delay for the account's payments, head and followers alike; each account has its own", async () => {
  const processor = new Processor();
  let chance = 0;
  processor.random = () => (chance = (chance + 0.31) % 1);
  for (const id of ['a1', 'b1']) processor.fraudApi.answer(id, unavailable(processor.clock.now()));
  const { retryDelays } = await processor.deliver(
    of('a', 'a1'),
    of('a', 'a2'),
    of('a', 'a3'),
    of('b', 'b1'),
    of('c', 'c1'),
  );
  expect(Object.keys(retryDelays).sort()).toEqual(['a1', 'a2', 'a3', 'b1']);
  expect(new Set([retryDelays.a1, retryDelays.a2, retryDelays.a3]).size).toBe(1);
  expect(retryDelays.b1).not.toBe(retryDelays.a1);
});

test('it is the longest that any of them needs: no message has its last receive too soon', async () => {
  for (const counts of [
    [1, 2, 1],
    [2, 1, 1],
    [1, 1, 2],
  ] as const) {
    const processor = new Processor();
    processor.fraudApi.answer('a0', unavailable(processor.clock.now()));
    const { retryDelays } = await processor.deliver(...counts.map((count, at) => of('a', `a${at}`, count)));
    expect(retryDelays).toEqual({ a0: LONG, a1: LONG, a2: LONG });
  }
});

test('on the first receive the retry delay is short, and 300 s while the circuit is open', async () => {
  const processor = new Processor();
  processor.fraudApi.answer('a1', unavailable(processor.clock.now()), NOT_CALLED);
  expect((await processor.deliver(of('a', 'a1'))).retryDelays).toEqual({ a1: SHORT });
  processor.fraudApi.circuitOpen = true;
  expect((await processor.deliver(of('a', 'a1'))).retryDelays).toEqual({ a1: 300 });
});

test.each([
  [
    'the table does not answer',
    (processor: Processor) => {
      processor.store.failNext('insert');
    },
    aMessage(),
  ],
  [
    'the dead-letter queue does not answer',
    (processor: Processor) => {
      processor.deadLetters.failNext();
    },
    aMessage({ body: '?', messageId: 'tx-1' }),
  ],
])('the retry delays are the same when %s', async (_name, breaks, message) => {
  const processor = new Processor();
  breaks(processor);
  expect((await processor.deliver(message)).retryDelays).toEqual({ 'tx-1': SHORT });
  breaks(processor);
  expect((await processor.deliver({ ...message, receiveCount: 2 })).retryDelays).toEqual({ 'tx-1': LONG });
});

test("the API's Retry-After sets the retry delay, of the followers too", async () => {
  const processor = new Processor();
  processor.fraudApi.answer('a1', unavailable(processor.clock.now(), 77));
  expect((await processor.deliver(of('a', 'a1'), of('a', 'a2'))).retryDelays).toEqual({ a1: 77, a2: 77 });
});

test('RETRY_WAITS_SECONDS sets both retry delays', async () => {
  const processor = new Processor({ retryDelays: [0, 2] });
  processor.store.failNext('insert');
  expect((await processor.deliver(of('a', 'a1'))).retryDelays).toEqual({ a1: 0 });
});

describe('the last but one receive: has the API answered another payment since?', () => {
  /** Account a's payment fails, account b's is answered so much later (ms). */
  async function waitWhenOtherIsAnswered(laterMs: number, answer = decided('approve')): Promise<number | undefined> {
    const processor = new Processor({ groupConcurrency: 1 });
    const failed = of('a', 'a1', 2);
    const other = of('b', 'b1');
    processor.fraudApi.answer('a1', () => unavailable(processor.clock.now()));
    processor.fraudApi.answer('b1', () => {
      processor.clock.advance(laterMs);
      return answer;
    });
    return (await processor.deliver(failed, other)).retryDelays.a1;
  }

  test('yes, after the last failed call: the API is well, the retry delay is short', async () => {
    expect(await waitWhenOtherIsAnswered(1)).toBe(SHORT);
  });

  test('a refusal is an answer too', async () => {
    expect(await waitWhenOtherIsAnswered(1, REFUSED)).toBe(SHORT);
  });

  test('not later than the failed call: the retry delay is long', async () => {
    expect(await waitWhenOtherIsAnswered(0)).toBe(LONG);
  });

  test('another failure does not count as an answer', async () => {
    expect(await waitWhenOtherIsAnswered(1, unavailable(0))).toBe(LONG);
    expect(await waitWhenOtherIsAnswered(1, NOT_CALLED)).toBe(LONG);
  });

  test('an answer before the failure says nothing', async () => {
    const processor = new Processor({ groupConcurrency: 1 });
    processor.fraudApi.answer('a1', () => {
      processor.clock.advance(1);
      return unavailable(processor.clock.now());
    });
    expect((await processor.deliver(of('b', 'b1'), of('a', 'a1', 2))).retryDelays).toEqual({ a1: LONG });
  });

  test('an answer of an earlier invocation says nothing', async () => {
    const processor = new Processor();
    processor.fraudApi.answer('a1', unavailable(processor.clock.now() - 1));
    await processor.deliver(of('b', 'b1'));
    expect((await processor.deliver(of('a', 'a1', 2))).retryDelays).toEqual({ a1: LONG });
  });

  test('a payment without a call of its own has the long retry delay: no call failed that the answer could follow', async () => {
    const processor = new Processor({ groupConcurrency: 1 });
    processor.fraudApi.answer('a1', NOT_CALLED);
    expect((await processor.deliver(of('a', 'a1', 2), of('b', 'b1'))).retryDelays).toEqual({ a1: LONG });
  });
});
