import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { run } from '../../../tools/kit/command-run';
import { newDirectory } from '../../../tools/kit/new-directory';
import { batchEngine } from '../../../tools/bench/batch-engine';
import { benchCommand } from '../../../tools/bench/main';

let now = 0;
beforeEach(() => jest.spyOn(performance, 'now').mockImplementation(() => now));
afterEach(() => jest.restoreAllMocks());

const taking = (milliseconds: number) => () => {
  now += milliseconds;
  return Promise.resolve();
};
const tenTimes = (floor: number) => [
  { name: 'slow / quick', baseline: () => taking(100), ours: () => taking(10), floor },
];

test.each([
  [10, 0, /slow \/ quick *│ 10\.000 │ 10\.000 │ *10\.000 │ *10 │ held/],
  [10.1, 1, /slow \/ quick *│ 10\.000 │ 10\.000 │ *10\.000 │ *10\.1 │ MISSED/],
])('ten times as fast, and the floor is %d: exit code %i', async (floor, exitCode, line) => {
  const { code, stdout } = await run(benchCommand(tenTimes(floor)), '--rounds', '3');
  expect([code, stdout]).toEqual([exitCode, expect.stringMatching(line)]);
});

test('the median counts, of the rounds behind the first; the JSON has each', async () => {
  const times = [9_990, 10, 90, 20].values();
  const json = join(newDirectory(), 'bench.json');
  const uneven = [{ name: 'a', floor: 3, baseline: () => taking(times.next().value ?? NaN), ours: () => taking(10) }];
  expect((await run(benchCommand(uneven), '--', '--rounds', '3', '--json', json)).code).toBe(1);
  expect(JSON.parse(readFileSync(json, 'utf8'))).toEqual({
    rounds: 3,
    holds: false,
    comparisons: [{ name: 'a', floor: 3, ratios: [1, 9, 2], median: 2, lowest: 1, highest: 9, holds: false }],
  });
});

test.each([
  ['--rounds', '0'],
  ['--rounds', 'many'],
  ['--rounds', '1001'],
  ['--turns', '1'],
])('%s %s is refused: exit code 2', async (...args) => {
  const { code, stderr } = await run(benchCommand(tenTimes(1)), ...args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(args[0]!)]);
});

test('both sides of every comparison decide all their payments', async () => {
  const sides = batchEngine(1).flatMap(({ baseline, ours }) => [baseline(), ours()]);
  await Promise.all(sides.map((work) => work()));
  expect(sides).toHaveLength(8);
});
