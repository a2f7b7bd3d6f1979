import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mutateCommand } from '../../../tools/mutate/main';
import type { Mutate } from '../../../tools/mutate/stryker';
import { EQUIVALENT, type EquivalentMutant } from '../../../tools/mutate/equivalent';
import { judge, outdated, type MutantResult, type Status } from '../../../tools/mutate/judgement';
import { changedSince } from '../../../tools/mutate/parts';
import { newDirectory } from '../../../tools/kit/new-directory';
import { run } from '../../../tools/kit/command-run';

const mutant = (status: Status, replacement = 'false'): MutantResult => ({
  file: 'src/contract/hold.ts',
  line: 7,
  original: 'a < b',
  replacement,
  status,
});
const times = (count: number, status: Status) => Array.from({ length: count }, () => mutant(status));

/** Files that are not mutated, in Stryker's patterns. */
const NOT_MUTATED = ['!src/contract/currency.ts', '!src/contract/self-checking.ts'];

/** Each part's run, and what comes of it. */
function mutating(results: readonly MutantResult[], listed: readonly EquivalentMutant[] = []) {
  const runs: Parameters<Mutate>[0][] = [];
  const mutate: Mutate = (asked) => {
    runs.push(asked);
    return Promise.resolve([...results]);
  };
  return { runs, command: mutateCommand(mutate, listed) };
}

test('the score: killed or timed out, of those that can run and are not equivalent', () => {
  const listed = [{ file: 'src/contract/hold.ts', original: 'a < b', replacement: 'a <= b', reason: 'Never equal.' }];
  const results = [
    mutant('Killed'),
    mutant('Timeout'),
    mutant('Survived'),
    mutant('NoCoverage'),
    mutant('Survived', 'a <= b'),
    mutant('CompileError'),
  ];
  expect(judge(results, listed)).toMatchObject({ mutants: 5, killed: 2, timedOut: 1, equivalent: 1, score: 50 });
  expect(judge(results, listed).survivors).toEqual([mutant('Survived'), mutant('NoCoverage')]);
  expect(judge([], listed).score).toBe(100);
});

test('an entry of the list that does not survive is outdated', () => {
  const entry = { file: 'src/contract/hold.ts', original: 'a < b', replacement: 'a <= b', reason: 'Never equal.' };
  expect(outdated([mutant('Survived', 'a <= b')], [entry])).toEqual([]);
  expect(outdated([mutant('Killed', 'a <= b')], [entry])).toEqual([entry]);
});

test('nine of ten killed are enough for a part, fewer are not: 1, and the survivors', async () => {
  const enough = await run(
    mutating([...times(9, 'Killed'), mutant('Survived')]).command,
    '--mutate',
    'src/contract/hold.ts',
  );
  expect([enough.code, enough.stdout]).toEqual([
    0,
    expect.stringContaining(
      'contract: 90.0 of 100. 10 mutants: 9 killed (0 by the time limit), 0 equivalent, 1 survivor.',
    ),
  ]);
  const few = await run(
    mutating([...times(8, 'Killed'), mutant('Survived')]).command,
    '--mutate',
    'src/contract/hold.ts',
  );
  expect([few.code, few.stdout]).toEqual([1, expect.stringContaining('src/contract/hold.ts:7 "a < b" -> "false"')]);
});

test('each pattern goes to its part, and parts without one are left out', async () => {
  const { command, runs } = mutating(times(1, 'Killed'));
  await run(command, '--mutate', 'src/contract/hold.ts', '--mutate', 'src/processor/core/*.ts', '--force');
  expect(runs.map(({ part, mutate, force }) => [part.name, mutate, force])).toEqual([
    ['contract', ['src/contract/hold.ts', ...NOT_MUTATED], true],
    ['processor', ['src/processor/core/*.ts'], true],
  ]);
});

test('by default all parts are run, without generated code', async () => {
  const { command, runs } = mutating(times(1, 'Killed'));
  expect((await run(command)).code).toBe(0);
  expect(runs.map(({ part }) => part.name)).toEqual(['contract', 'producer', 'processor', 'dlq-processor']);
  expect(runs.map(({ mutate }) => mutate)).toEqual([
    ['src/contract/**/*.ts', ...NOT_MUTATED],
    ['src/producer/**/*.ts'],
    ['src/processor/core/**/*.ts'],
    ['src/dlq-processor/core/**/*.ts'],
  ]);
});

test('an entry of the list that is killed fails a run of everything, and no other', async () => {
  const listed = [{ file: 'src/contract/hold.ts', original: 'a < b', replacement: 'false', reason: 'Never true.' }];
  const whole = await run(mutating(times(1, 'Killed'), listed).command);
  expect([whole.code, whole.stdout]).toEqual([
    1,
    expect.stringContaining('src/contract/hold.ts "a < b" -> "false" does not survive'),
  ]);
  expect((await run(mutating(times(1, 'Survived'), listed).command)).code).toBe(0);
  expect((await run(mutating(times(1, 'Killed'), listed).command, '--mutate', 'src/contract/hold.ts')).code).toBe(0);
});

test('each entry of the list is about code that is there, and says why', () => {
  for (const { file, original, reason } of EQUIVALENT) {
    expect(readFileSync(file, 'utf8')).toContain(original);
    expect(reason).toMatch(/^[A-Z].{10,}\.$/);
  }
});

test('--since takes the files that differ from where the branch began, committed or not, and that are mutated', () => {
  const directory = newDirectory();
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: directory });
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  };
  const commit = () => {
    git('add', '.');
    git('commit', '-qm', 'x');
  };
  git('init', '-q', '-b', 'main');
  for (const file of [
    'src/contract/hold.ts',
    'src/contract/json.ts',
    'src/contract/notes.md',
    'src/contract/currency.ts',
    'src/producer/send-attempt.ts',
    'src/processor/handler.ts',
  ])
    write(file, '1');
  commit();
  git('checkout', '-qb', 'branch');
  for (const file of [
    'src/contract/hold.ts',
    'src/contract/currency.ts',
    'src/contract/notes.md',
    'src/processor/handler.ts',
  ])
    write(file, '2');
  commit();
  write('src/producer/send-attempt.ts', '2');
  git('checkout', '-q', 'branch');
  const changed = changedSince('main', directory).map(({ part, mutate }) => [part.name, mutate]);
  expect(changed).toEqual([
    ['contract', ['src/contract/hold.ts', ...NOT_MUTATED]],
    ['producer', ['src/producer/send-attempt.ts']],
  ]);
});

test('a file that is not mutated, and a missing base, are bad usage: 2', async () => {
  const { command, runs } = mutating([]);
  for (const args of [
    ['--mutate', 'src/app/main.ts'],
    ['--mutate', 'src/contract/currency.ts'],
    ['--since', 'no-such-branch'],
    ['--since', '--help-me'],
    ['--since=--octopus'],
    ['--since', 'HEAD', '--mutate', 'src/contract/hold.ts'],
  ]) {
    expect([args, (await run(command, ...args)).code]).toEqual([args, 2]);
  }
  expect(runs).toEqual([]);
});
