import { environmentRate, HEADROOM, planCapacity, recoveryMinutes } from '../../../tools/capacity/plan';
import type { UsageFile } from '../../../tools/cost/usage';

const COUNTS = {
  read_units: 0,
  sqs_requests: 3,
  sns_requests: 0,
  outcome_bytes: 0,
  log_bytes: 0,
  metric_bytes: 0,
  stored_bytes: 0,
};

function usage(indexWrites: number): Pick<UsageFile, 'fills'> {
  const batch = {
    payments: 10,
    table_write_units: 20,
    index_write_units: 10 * indexWrites,
    table_calls: 20,
    cpu_ms: 40,
  };
  return { fills: [{ ...COUNTS, ...batch }] };
}

/** As the circuit bounds it. */
const IN_FLIGHT = 722;

const plan = (paymentsPerDay: number, { peakFactor = 10, fraudLatencyMs = 50, indexWrites = 1 } = {}) =>
  planCapacity({ paymentsPerDay, peakFactor, fraudLatencyMs }, usage(indexWrites), IN_FLIGHT);

test('an environment waits for its accounts at the same time, and computes one after the other', () => {
  const [batch] = usage(1).fills;
  expect(environmentRate(batch!, 50, 1_769)).toBeCloseTo(10 / 0.1);
  expect(environmentRate(batch!, 50, 1_769 / 7)).toBeCloseTo(10 / 0.34);
});

test.each([
  [1e6, 116],
  [10e6, 1_157],
  [100e6, 11_574],
])('%d payments a day with ten times the average at the peak', (paymentsPerDay, peak) => {
  const { peakPerSecond, pipelines, limits, settings } = plan(paymentsPerDay);
  expect(Math.round(peakPerSecond)).toBe(peak);
  const functions = limits.find(({ name }) => name.includes('functions'))!;
  expect(functions.paymentsPerSecond * pipelines).toBeGreaterThanOrEqual(HEADROOM * peak);
  for (const { paymentsPerSecond } of limits) expect(paymentsPerSecond * pipelines).toBeGreaterThanOrEqual(peak);
  expect(settings.maxConcurrency).toBeLessThanOrEqual(1_000);
});

test.each([
  [3, 500],
  [1, 1_000],
])('with %d index writes a payment, the status index takes %d payments a second', (indexWrites, most) => {
  const { limits, pipelines } = plan(10e6, { indexWrites });
  expect(limits.find(({ name }) => name === 'the status index')!.paymentsPerSecond).toBe(most);
  expect(pipelines).toBe(Math.ceil((HEADROOM * 1_157) / most));
});

test('more memory comes before messages in flight beyond their quota', () => {
  const { settings, requests } = plan(5.7e6, { fraudLatencyMs: 1_500 });
  expect(settings.lambdaMemory).toBeGreaterThan(256);
  expect(settings.maxConcurrency * IN_FLIGHT).toBeLessThanOrEqual(120_000);
  expect(requests).toEqual([]);
});

test('a slow fraud API needs more than the quotas', () => {
  const { requests } = plan(80e6, { fraudLatencyMs: 2_000 });
  expect(requests).toEqual([expect.stringContaining('L-B99A9384'), expect.stringContaining('in flight')]);
});

test('a backlog at the planned peak is gone in twice the time of the outage', () => {
  expect(recoveryMinutes(30, 100, HEADROOM * 100)).toBeCloseTo(60);
});
