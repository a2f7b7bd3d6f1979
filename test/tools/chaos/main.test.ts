import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chaosCommand } from '../../../tools/chaos/main';
import type { ChaosReport } from '../../../tools/chaos/report';
import { run } from '../../../tools/kit/command-run';
import { newDirectory } from '../../../tools/kit/new-directory';
import { thoroughConcurrentTest } from '../../../tools/kit/thorough';
import { BUNDLE, faultyBundle, STACK_FILE } from '../../../tools/demo/fixtures/demo-run';

const FEW = ['--payments', '30', '--kills', '3'];
/** A few seconds, most of them new processes' starts, which a busy machine draws out. */
const PATIENCE_MS = 60_000;

async function runChaosCommand(args: readonly string[], bundle = BUNDLE) {
  const json = join(newDirectory(), 'report.json');
  const command = chaosCommand(() => Promise.resolve({ stackFile: STACK_FILE, bundle }));
  const ended = await run(command, ...args, '--json', json);
  return { ...ended, report: JSON.parse(readFileSync(json, 'utf8')) as ChaosReport };
}

function broken({ claims }: ChaosReport): string[] {
  return Object.entries(claims)
    .filter(([, holds]) => !holds)
    .map(([name]) => name);
}

describe('a run whose functions are killed', () => {
  test.concurrent(
    'holds its claims, and tells what was done to it [G1]',
    async () => {
      const { code, report, stdout, stderr } = await runChaosCommand(FEW);

      expect(broken(report)).toEqual([]);
      expect(code).toBe(0);
      expect(stdout).toContain('All 8 claims hold.');
      expect(report).toMatchObject({
        accepted: 30,
        lost: 0,
        order_violations: 0,
        double_decisions: 0,
        stray_dead_letters: 0,
      });
      expect(report).toMatchObject({ kills_asked: 3, kills_hit: 3, unexplained_failures: 0 });
      expect(report.kills).toHaveLength(3);
      expect(report.payments_hit[0]).toBeGreaterThan(0);
      expect(report.connections_dropped.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
      expect(report.settings_overridden).toMatchObject({
        visibility_timeout_after_crash_seconds: { stack: 360, run: 1 },
        batch_size: { stack: 10, run: 2 },
        RETRY_WAITS_SECONDS: { stack: '20,1860', run: '1,2' },
      });
      expect(stdout).toContain('visibility_timeout_after_crash_seconds 1 (stack: 360)');
      expect(stderr).toMatch(/Paying: \d+ function processes/);
    },
    PATIENCE_MS,
  );

  thoroughConcurrentTest(
    'names the claim that a bundle breaks which takes a second receive for a duplicate',
    async () => {
      const { code, report, stdout } = await runChaosCommand(FEW, faultyBundle('trust-a-crash'));

      expect(broken(report)).toContain('nothing_lost');
      expect(stdout).toMatch(/Broken: .*nothing_lost/);
      expect(code).toBe(1);
    },
    PATIENCE_MS,
  );
});

describe('bad usage is one clear sentence, exit 2, and no run', () => {
  test.each<[what: string, args: string[], sentence: RegExp]>([
    [
      'no kills',
      ['--kills', '0'],
      /^Option '--kills <n>' argument '0' is invalid\. It must be a whole number from 1 to/,
    ],
    ['negative kills', ['--kills=-1'], /'--kills <n>' argument '-1' is invalid/],
    ['kills that are no number', ['--kills', 'many'], /'--kills <n>' argument 'many' is invalid/],
    [
      'too few payments',
      ['--payments', '9'],
      /'--payments <n>' argument '9' is invalid\. It must be a whole number from 10/,
    ],
    ['half a seed', ['--seed', '1.5'], /'--seed <n>' argument '1\.5' is invalid/],
    [
      'more kills than batches',
      ['--payments', '200', '--kills', '21'],
      /^--kills 21 is too many for --payments 200: give at most 20/,
    ],
    [
      'a report in a directory that is missing',
      ['--json', join(newDirectory(), 'none', 'report.json')],
      /report\.json cannot be written/,
    ],
    ['a directory as report', ['--json', newDirectory()], /cannot be written: it is a directory/],
  ])('%s', async (_what, args, sentence) => {
    const { code, stdout, stderr } = await run(
      chaosCommand(() => {
        throw new Error('built');
      }),
      ...args,
    );

    expect(stderr).toMatch(sentence);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
