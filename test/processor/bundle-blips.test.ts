import type { SQSRecord } from 'aws-lambda';
import { NO_TIME_TO_WAIT_MS, ProcessorBench, type Run } from '../../tools/kit/bundles/processor-bench';
import { type Answer, APPROVE } from '../../tools/kit/bundles/scripted-fraud-api';
import { payment } from '../../tools/kit/payments/black-box-payments';
import { THOROUGH } from '../../tools/kit/thorough';

const BLIPS: Readonly<Record<string, Answer>> = {
  'HTTP 503': { status: 503 },
  'a reset': 'reset',
  'a timeout': 'hang',
};
/** Ten are the most that Lambda takes from a FIFO queue at once. */
const AT_ONCE = THOROUGH ? [1, 10, 50] : [1, 10];
const CALLS = 4;

const SETTINGS = { FRAUD_API_MAX_ATTEMPTS: String(CALLS), FRAUD_API_TIMEOUT_MS: '1500' };

jest.setTimeout(300_000); // seconds on a machine of its own

let bench: ProcessorBench;
beforeAll(async () => {
  bench = await ProcessorBench.start(SETTINGS);
});
afterAll(() => bench.close());

/** Each payment's first calls fail; the API is well then. Accounts of their own, so that all are checked at once. */
async function blip(
  payments: number,
  receiveCount: number,
  fault: Answer,
  calls = 1,
  remainingMs?: number,
): Promise<Run & { readonly ids: readonly string[] }> {
  const bodies = Array.from({ length: payments }, () => payment());
  const ids = bodies.map(({ transaction_id }) => transaction_id);
  for (const id of ids) bench.fraud.script(id, ...Array.from({ length: calls }, () => fault), APPROVE);
  const records: SQSRecord[] = [];
  for (let at = 0; at < payments; at += 10)
    records.push(...(await bench.deliver(...bodies.slice(at, at + 10).map((body) => ({ body, receiveCount })))));
  return { ...(await bench.run(records, remainingMs)), ids };
}

async function statuses(ids: readonly string[]): Promise<unknown[]> {
  return Promise.all(ids.map(async (id) => (await bench.record(id))?.payment_status));
}

const cases = Object.keys(BLIPS).flatMap((fault) => [1, 3].map((receiveCount) => ({ fault, receiveCount })));

test.each(cases)(
  '$fault for one payment and for many at once on receive $receiveCount: all are approved in that invocation [G8]',
  async ({ fault, receiveCount }) => {
    for (const payments of AT_ONCE) {
      const run = await blip(payments, receiveCount, BLIPS[fault]!);
      const seen = {
        payments,
        returned: run.returned,
        opened: run.sum('CircuitOpened'),
        statuses: new Set(await statuses(run.ids)),
      };
      expect(seen).toEqual({ payments, returned: [], opened: 0, statuses: new Set(['APPROVED']) });
      expect(run.sum('FraudCheckErrors')).toBeGreaterThanOrEqual(payments); // a busy machine has timeouts of its own
    }
  },
);

test.each(Object.keys(BLIPS))('%s for all calls but the last costs nothing either', async (fault) => {
  const run = await blip(10, 3, BLIPS[fault]!, CALLS - 1);
  expect(await statuses(run.ids)).toEqual(Array.from({ length: 10 }, () => 'APPROVED'));
});

test.each([1, 3])('with GROUP_CONCURRENCY %i too', async (concurrency) => {
  await bench.restart({ ...SETTINGS, GROUP_CONCURRENCY: String(concurrency) });
  for (const [receive, fault] of Object.values(BLIPS).entries()) {
    const run = await blip(10, receive + 1, fault);
    expect(await statuses(run.ids)).toEqual(Array.from({ length: 10 }, () => 'APPROVED'));
  }
});

test('while the API stays down, the circuit opens, and a batch without time to wait makes no call', async () => {
  await bench.restart(SETTINGS);
  const down = { status: 503 };
  const calls: number[] = [];
  for (let batch = 0; batch < 5; batch++) {
    const before = bench.fraud.calls.length;
    const run = await blip(10, 1, down, 100, NO_TIME_TO_WAIT_MS);
    calls.push(bench.fraud.calls.length - before);
    expect(run.returned).toHaveLength(10);
  }
  expect(calls[0]).toBe(10 * CALLS);
  expect(calls[2]).toBeLessThan(10 * CALLS);
  expect(calls.slice(3)).toEqual([0, 0]);
});

test('on the last receive each payment has its calls while the circuit is open, and fails only then', async () => {
  const run = await blip(10, 3, { status: 503 }, 100);
  expect(run.ids.map((id) => bench.fraud.callsFor(id).length)).toEqual(Array.from({ length: 10 }, () => CALLS));
  expect(await statuses(run.ids)).toEqual(Array.from({ length: 10 }, () => 'FAILED'));
  const healed = await blip(10, 3, { status: 503 }, CALLS - 1);
  expect(await statuses(healed.ids)).toEqual(Array.from({ length: 10 }, () => 'APPROVED'));
});
