import { processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch';
import type { SQSEvent } from 'aws-lambda';
import fc from 'fast-check';
import type { QueueMessage } from '../../../src/processor/core/ports';
import { aMessage } from '../../../tools/kit/payments/payments';
import { decided, Processor } from '../../../tools/kit/cores/processor';
import { runs } from '../../../tools/kit/thorough';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Virtual milliseconds: nothing but the fraud API takes any. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = Date.now();
  let took = NaN;
  const done = work().then(() => {
    took = Date.now() - began;
  });
  await jest.runAllTimersAsync();
  await done;
  return took;
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** @param accounts the fraud API's latency for each payment of each account */
function batchOf(accounts: readonly (readonly number[])[], groupConcurrency = 10) {
  const processor = new Processor({ groupConcurrency });
  const messages: QueueMessage[] = [];
  for (const [account, latencies] of accounts.entries()) {
    for (const [at, latency] of latencies.entries()) {
      const transaction_id = `${account}-${at}`;
      messages.push(aMessage({ account_id: `account-${account}`, transaction_id }));
      processor.fraudApi.answer(transaction_id, async () => {
        await sleep(latency);
        return decided('approve');
      });
    }
  }
  return { run: () => processor.deliver(...messages), messages };
}

const serialTime = (latencies: readonly number[]) => latencies.reduce((sum, latency) => sum + latency, 0);

const someAccounts = fc.array(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 10,
});

test('a batch takes exactly as long as its slowest account alone', async () => {
  await fc.assert(
    fc.asyncProperty(someAccounts, async (accounts) => {
      expect(await timeOf(batchOf(accounts).run)).toBe(Math.max(...accounts.map(serialTime)));
    }),
    { numRuns: runs(50) },
  );
});

test('with fewer accounts at a time, no place stays empty while an account waits', async () => {
  await fc.assert(
    fc.asyncProperty(someAccounts, fc.integer({ min: 1, max: 9 }), async (accounts, places) => {
      const freeAt = Array.from({ length: places }, () => 0);
      for (const latencies of accounts) {
        const first = freeAt.indexOf(Math.min(...freeAt));
        freeAt[first]! += serialTime(latencies);
      }
      expect(await timeOf(batchOf(accounts, places).run)).toBe(Math.max(...freeAt));
    }),
    { numRuns: runs(50) },
  );
});

test("ten accounts take a tenth of the time of Powertools' FIFO processor, one account as long", async () => {
  for (const [accounts, ratio] of [
    [Array.from({ length: 10 }, () => [50]), 10],
    [[Array.from({ length: 10 }, () => 50)], 1],
  ] as const) {
    const { run, messages } = batchOf(accounts);
    const event = { Records: messages.map(({ messageId }) => ({ messageId, body: '' })) } as unknown as SQSEvent;
    const powertools = () =>
      processPartialResponse(event, () => sleep(50), new SqsFifoPartialProcessorAsync(), {
        throwOnFullBatchFailure: false,
      });
    expect((await timeOf(powertools)) / (await timeOf(run))).toBe(ratio);
  }
});
