import { MetricStore } from '../../../../tools/kit/cloudwatch/metric-store';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const metric = { namespace: 'n', metricName: 'm', dimensions: { a: '1', b: '2' } };

function storeOf(...values: readonly (readonly [at: number, value: number])[]): MetricStore {
  const store = new MetricStore();
  for (const [at, value] of values) store.put({ ...metric, at, value });
  return store;
}

test.each([
  ['Sum', 111],
  ['Average', 37],
  ['Minimum', 1],
  ['Maximum', 100],
  ['SampleCount', 3],
])('the %s of all values', (statistic, value) => {
  expect(storeOf([0, 1], [1, 10], [2, 100]).value({ ...metric, statistic })).toBeCloseTo(value, 10);
});

test('percentiles are right within one percent, of any number of values', () => {
  const store = storeOf(...Array.from({ length: 10_000 }, (_, index) => [index % 1_000, index + 1] as const));
  const percentile = (statistic: string) => store.value({ ...metric, statistic })! / 10_000;
  expect(percentile('p50')).toBeCloseTo(0.5, 2);
  expect(percentile('p99')).toBeCloseTo(0.99, 2);
  expect(storeOf([0, 0], [0, 5]).value({ ...metric, statistic: 'p50' })).toBe(0);
});

test('a statistic that it does not know is an error', () => {
  expect(() => storeOf([0, 1]).value({ ...metric, statistic: 'tm99' })).toThrow('tm99');
});

test('periods begin with the range, and one without values is missing', () => {
  const store = storeOf([0, 1], [MINUTE, 2], [3 * MINUTE, 4], [5 * MINUTE, 8], [6 * MINUTE, 16]);
  const points = (period: number, from: number, to: number) =>
    store.points({ ...metric, statistic: 'Sum' }, period, { from, to }).map(({ at, value }) => [at / MINUTE, value]);
  expect(points(60, 0, 4 * MINUTE)).toEqual([
    [0, 1],
    [1, 2],
    [3, 4],
  ]);
  expect(points(180, MINUTE, 7 * MINUTE)).toEqual([
    [1, 6],
    [4, 24],
  ]);
});

test('a metric is told by its dimensions in any order', () => {
  const store = storeOf([0, 1]);
  const sum = (dimensions: Record<string, string>) => store.value({ ...metric, dimensions, statistic: 'Sum' });
  expect(sum({ b: '2', a: '1' })).toBe(1);
  expect(sum({ a: '1' })).toBeUndefined();
  expect(sum({ a: '1', b: '3' })).toBeUndefined();
});

test('old data points are summed up in longer periods, and forgotten after sixty days', () => {
  const store = new MetricStore();
  for (let at = 0; at < 90 * 24 * HOUR; at += 10 * MINUTE) store.put({ ...metric, at, value: 1 });
  const end = 90 * 24 * HOUR;
  const count = (period: number, from: number, to: number) =>
    store.points({ ...metric, statistic: 'Sum' }, period, { from, to }).length;
  expect(count(60, 0, end)).toBeLessThanOrEqual(12 * 6);
  expect(count(300, 0, end)).toBeLessThanOrEqual(3 * 24 * 6);
  expect(count(3_600, 0, end)).toBe(60 * 24);
  const kept = store.value({ ...metric, statistic: 'Sum' })!;
  expect(kept).toBeGreaterThanOrEqual(60 * 24 * 6 - 6);
  expect(kept).toBeLessThanOrEqual(60 * 24 * 6);
});

test('a late value of an old period is in the sum of its hour', () => {
  const store = storeOf([0, 1], [30 * 24 * HOUR, 1], [MINUTE, 1]);
  expect(store.points({ ...metric, statistic: 'Sum' }, 3_600, { from: 0, to: HOUR })).toEqual([{ at: 0, value: 2 }]);
});
