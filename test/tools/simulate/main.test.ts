import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulateCommand } from '../../../tools/simulate/main';
import { loadCore } from '../../../tools/simulate/core';
import { MUTANTS } from '../../../tools/simulate/mutants';
import { run, runWith } from '../../../tools/kit/command-run';
import { newDirectory } from '../../../tools/kit/new-directory';

/** Seeds are shrunk, some ten seconds each where nothing else runs. */
const SHRINKING_MS = 180_000;

const sound = simulateCommand();
const broken = simulateCommand(() => loadCore(MUTANTS['only the failed message is returned to the queue']!.patches));

test('seeds that hold: 0, a sentence and a report', async () => {
  const json = join(newDirectory(), 'report.json');
  const { code, stdout } = await run(sound, '--seeds', '5', '--from', '7', '--json', json);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^Seeds 7 to 11: all hold\. \d+ seeds a second\.\n$/)]);
  expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ from: 7, seeds: 5, violated: [], interrupted: false });
});

test(
  'a seed that fails: 1, and its story, the same again by that seed alone',
  async () => {
    const json = join(newDirectory(), 'report.json');
    const { code, stdout } = await run(broken, '--from', '5', '--seeds', '3', '--json', json);
    const { violated } = JSON.parse(readFileSync(json, 'utf8')) as { violated: { seed: number }[] };
    const [story, verdict] = stdout.split(/^(?=Seeds )/m);
    expect([code, verdict]).toEqual([
      1,
      expect.stringContaining(`of 3 violated something: ${violated.map(({ seed }) => seed).join(', ')}.`),
    ]);
    const again = await run(broken, '--from', String(violated[0]!.seed), '--seeds', '1');
    expect(again.code).toBe(1);
    expect(story!.startsWith(again.stdout.split(/^(?=Seeds )/m)[0]!)).toBe(true);
  },
  SHRINKING_MS,
);

test('an interrupt ends it with what was found until then: 130', async () => {
  const signals = new EventEmitter();
  const running = runWith(signals, sound, '--seeds', '100000');
  setTimeout(() => signals.emit('SIGINT'), 300);
  const { code, stdout } = await running;
  expect([code, stdout]).toEqual([130, expect.stringContaining('all hold')]);
  expect(stdout).toContain('Ended by Ctrl-C.');
});

test.each([
  [['--seeds', '0'], "Option '--seeds <n>' argument '0' is invalid. It must be a whole number from 1 to 10000000."],
  [['--from', 'x'], "Option '--from <seed>' argument 'x' is invalid. It must be a whole number from 1 to 2147483647."],
  [['--from', '2147483647', '--seeds', '2'], '--seeds 2 is too many from 2147483647 on: give at most 1.'],
  [
    ['--on-failed-payment', 'stop'],
    "'--on-failed-payment <mode>' argument 'stop' is invalid. Allowed choices are continue, hold.",
  ],
  [['--json', '/nowhere/report.json'], '/nowhere/report.json cannot be written'],
])('bad usage %j: 2, and what is wrong', async (args, message) => {
  const { code, stdout, stderr } = await run(sound, ...args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});
