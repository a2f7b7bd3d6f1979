import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../tools/kit/command-run';
import { newDirectory } from '../../../tools/kit/new-directory';
import { batchEngine } from '../../../tools/bench/batch-engine';
import type { Comparison } from '../../../tools/bench/comparison';
import { benchCommand } from '../../../tools/bench/main';

const taking = (milliseconds: number) => () => Promise.resolve(milliseconds);
const benchOf = (comparisons: readonly Comparison[], measured?: string) =>
  benchCommand(() => Promise.resolve({ comparisons, close: () => undefined }), measured);
const tenTimes = (floor: number) => [
  { name: 'slow / quick', baseline: () => taking(100), ours: () => taking(10), floor },
];

test.each([
  [10, 0, /slow \/ quick *│ 10\.000 │ 10\.000 │ *10\.000 │ *10 │ held/],
  [10.1, 1, /slow \/ quick *│ 10\.000 │ 10\.000 │ *10\.000 │ *10\.1 │ MISSED/],
])('ten times as fast, and the floor is %d: exit code %i', async (floor, exitCode, line) => {
  const { code, stdout } = await run(benchOf(tenTimes(floor)), '--rounds', '3');
  expect([code, stdout]).toEqual([exitCode, expect.stringMatching(line)]);
});

test('the median counts, of the rounds behind the first; the JSON has each', async () => {
  const times = [9_990, 10, 90, 20].values();
  const json = join(newDirectory(), 'bench.json');
  const uneven = [{ name: 'a', floor: 3, baseline: () => taking(times.next().value ?? NaN), ours: () => taking(10) }];
  expect((await run(benchOf(uneven), '--', '--rounds', '3', '--json', json)).code).toBe(1);
  expect(JSON.parse(readFileSync(json, 'utf8'))).toEqual({
    machine: expect.objectContaining({ node: process.version, cores: expect.any(Number) as number }) as object,
    versions: expect.objectContaining({ '@aws-lambda-powertools/batch': expect.any(String) as string }) as object,
    rounds: 3,
    holds: false,
    comparisons: [{ name: 'a', floor: 3, ratios: [1, 9, 2], median: 2, lowest: 1, highest: 9, holds: false }],
  });
});

test.each([
  ['slow / quick', 10, 0],
  ['slow / quick', 10.1, 1],
  ['another', 10, 1],
])('--check: %s was at least %d times as fast when it was measured, exit code %i', async (name, lowest, exitCode) => {
  const measured = join(newDirectory(), 'measured.json');
  writeFileSync(measured, JSON.stringify({ comparisons: [{ name, lowest }] }));
  const { code, stdout } = await run(benchOf(tenTimes(1), measured), '--rounds', '3', '--check');
  expect([code, /WORSE/.test(stdout)]).toEqual([exitCode, exitCode === 1]);
});

test.each([
  ['--rounds', '0'],
  ['--rounds', 'many'],
  ['--rounds', '1001'],
  ['--turns', '1'],
])('%s %s is refused: exit code 2', async (...args) => {
  const { code, stderr } = await run(benchOf(tenTimes(1)), ...args);
  expect([code, stderr]).toEqual([2, expect.stringContaining(args[0]!)]);
});

test('both sides of every comparison decide all their payments', async () => {
  const sides = batchEngine(1).flatMap(({ baseline, ours }) => [baseline(), ours()]);
  await Promise.all(sides.map((work) => work()));
  expect(sides).toHaveLength(10);
});
