import { duration, quantity, tick, ticks } from '../../../tools/page/format';

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [1_234, '1.2 s'],
  [9_990, '10.0 s'],
  [59_600, '1 min'],
  [61_000, '1 min 1 s'],
  [3_600_000, '1 h'],
  [5_400_000, '1 h 30 min'],
  [90_000_000, '1 d 1 h'],
])('%d ms is %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test.each([
  [0, '0'],
  [0.126, '0.13'],
  [12.34, '12.3'],
  [1_250, '1,250'],
  [12_500, '12.5k'],
  [3_400_000, '3.4M'],
])('%d is %s in a graph', (value, text) => {
  expect(quantity(value)).toBe(text);
});

test.each([
  [90, ['0', '30 s', '1 min', '1 min 30 s']],
  [5_400, ['0', '15 min', '30 min', '45 min', '1 h', '1 h 15', '1 h 30']],
])('the axis of %d seconds', (seconds, labels) => {
  expect(ticks(seconds).map(tick)).toEqual(labels);
});

test('an axis of any length has seven steps at most', () => {
  for (let seconds = 1; seconds < 1e8; seconds *= 1.7) expect(ticks(seconds).length).toBeLessThanOrEqual(8);
});
