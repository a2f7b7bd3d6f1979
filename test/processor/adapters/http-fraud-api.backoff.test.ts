import fc from 'fast-check';
import { contractProtocol } from '../../../src/processor/adapters/fraud-api-protocol';
import { HttpFraudApi } from '../../../src/processor/adapters/http-fraud-api';
import type { FraudCheck } from '../../../src/processor/core/ports';
import { aPayment } from '../../../tools/kit/payments/payments';
import { RecordedTelemetry } from '../../../tools/kit/cores/telemetry';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

interface Run {
  /** Virtual milliseconds from the beginning, one a call. */
  readonly calls: readonly number[];
  readonly check: FraudCheck;
  readonly ended: number;
}

/** One receive of a payment, in virtual time, of an API that fails every call at once. */
async function run(settings: {
  maxAttempts: number;
  budgetMs: number;
  chances: readonly number[];
  retryAfter?: number | undefined;
}): Promise<Run> {
  const began = Date.now();
  const calls: number[] = [];
  const chances = [...settings.chances];
  const api = new HttpFraudApi(
    { protocol: contractProtocol('https://fraud.invalid/check'), timeoutMs: 2_000, maxAttempts: settings.maxAttempts },
    {
      telemetry: new RecordedTelemetry(),
      clock: { now: () => Date.now() },
      random: () => chances.shift() ?? 0,
      send: () => {
        calls.push(Date.now() - began);
        const headers = settings.retryAfter === undefined ? {} : { 'retry-after': String(settings.retryAfter) };
        return Promise.resolve({ status: 503, headers, body: Buffer.alloc(0) });
      },
    },
  );
  const limits = { deadline: began + settings.budgetMs, lastReceive: false, signal: new AbortController().signal };
  const checking = api.check(aPayment(), limits);
  await jest.runAllTimersAsync();
  return { calls, check: await checking, ended: Date.now() - began };
}

/** A number with four decimals: faked timers read delays as texts, and 4e-7 as 4. */
const chance4 = fc.nat({ max: 9_999 }).map((part) => part / 10_000);
const chances = fc.array(chance4, { minLength: 12, maxLength: 12 });
const attempts = fc.integer({ min: 1, max: 10 });
const gaps = (calls: readonly number[]) => calls.slice(1).map((at, index) => at - calls[index]!);

test('full jitter: each backoff is a random part of its ceiling; ceilings double from 100 ms to 5 s', async () => {
  await fc.assert(
    fc.asyncProperty(attempts, chances, async (maxAttempts, chance) => {
      const { calls } = await run({ maxAttempts, budgetMs: 1e6, chances: chance });
      expect(calls).toHaveLength(maxAttempts);
      for (const [index, gap] of gaps(calls).entries()) {
        const ceiling = Math.min(5_000, 100 * 2 ** index);
        expect(Math.abs(gap - chance[index]! * ceiling)).toBeLessThanOrEqual(1); // timers know whole milliseconds
      }
    }),
    { numRuns: 40 },
  );
});

test('Retry-After: no call comes sooner than the API asks for', async () => {
  await fc.assert(
    fc.asyncProperty(attempts, chances, fc.integer({ min: 0, max: 20 }), async (maxAttempts, chance, retryAfter) => {
      const { calls } = await run({ maxAttempts, budgetMs: 1e6, chances: chance, retryAfter });
      expect(calls).toHaveLength(maxAttempts);
      for (const gap of gaps(calls)) expect(gap).toBeGreaterThanOrEqual(retryAfter * 1_000);
    }),
    { numRuns: 40 },
  );
});

test("nothing outlasts the payment's budget, and the API's Retry-After is passed on", async () => {
  const retryAfters = fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(
      attempts,
      chances,
      fc.integer({ min: 1, max: 20_000 }),
      retryAfters,
      async (maxAttempts, chance, budgetMs, retryAfter) => {
        const { calls, check, ended } = await run({ maxAttempts, budgetMs, chances: chance, retryAfter });
        expect(calls.length).toBeGreaterThanOrEqual(1);
        expect(calls.length).toBeLessThanOrEqual(maxAttempts);
        expect(Math.max(...calls)).toBeLessThan(budgetMs);
        expect(ended).toBeLessThan(budgetMs);
        expect(check).toMatchObject({
          kind: 'unavailable',
          ...(retryAfter !== undefined && { retryAfterSeconds: Math.min(retryAfter, 3_600) }),
        });
      },
    ),
    { numRuns: 60 },
  );
});
