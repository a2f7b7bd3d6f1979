import { mkdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { EXIT, runAsProcess, type Command, type Terminal } from '../../src/cli/command';
import { UsageError } from '../../src/cli/options';
import { EQUIVALENT, type EquivalentMutant } from './equivalent';
import { judge, outdated, type Judgement, type MutantResult } from './judgement';
import { changedSince, everything, selected, testsDigest, type Selection } from './parts';
import { pluralize } from '../kit/pluralize';

const LEAST_SCORE = 90;

const DIRECTORY = '.mutation';

const HELP = `Changes the code of the contract, the producer and both functions' cores in one place at a time, and runs the tests of
that part: a change that no test notices (a survivor) shows what the tests don't say. Takes minutes for each part.

Results are kept in ${DIRECTORY}, and taken over by the next run where neither the file nor the part's tests have changed.
There is a report in HTML for each part, too.

Usage: npx projen mutate [-- --mutate PATTERN]... [--since BASE] [--force]

Options:
  --mutate PATTERN  only these files: a path, a glob, or lines of a file
  --since BASE      only files that have changed since the branch left BASE
  --force           run all of it again, whatever is kept

Examples:
  npx projen mutate
  npx projen mutate -- --mutate 'src/contract/hold.ts'
  npx projen mutate -- --mutate 'src/processor/core/batch.ts:40-80'
  npx projen mutate -- --since origin/main

Exit codes: 0 every part scores ${LEAST_SCORE} or more, 1 one does not, 2 bad usage. Behind npx projen every failure is 1.
`;

/** One part, mutated. */
export type Mutate = (run: Selection[number] & { readonly force: boolean }) => Promise<MutantResult[]>;

export function mutateCommand(mutate: Mutate = runStryker, listed: readonly EquivalentMutant[] = EQUIVALENT): Command {
  return {
    help: HELP,
    run: async (args, { stdout }: Terminal) => {
      const { selection, force, isWhole } = readOptions(args);
      if (selection.length === 0) stdout.write('Nothing that is mutated has changed.\n');
      const all: MutantResult[] = [];
      const verdicts: string[] = [];
      let code: number = EXIT.success;
      for (const chosen of selection) {
        const results = await mutate({ ...chosen, force });
        all.push(...results);
        const judgement = judge(results, listed);
        if (judgement.score < LEAST_SCORE) code = EXIT.failed;
        verdicts.push(inWords(chosen.part.name, judgement));
      }
      stdout.write(verdicts.join(''));
      if (isWhole) {
        for (const { file, original, replacement } of outdated(all, listed)) {
          stdout.write(
            `tools/mutate/equivalent.ts: ${shown({ file, original, replacement })} does not survive; delete the entry.\n`,
          );
          code = EXIT.failed;
        }
      }
      return code;
    },
  };
}

function inWords(name: string, { mutants, killed, timedOut, equivalent, survivors, score }: Judgement): string {
  const verdict = `${name}: ${score.toFixed(1)} of 100. ${pluralize(mutants, 'mutant')}: ${killed} killed (${timedOut} by the time limit), ${equivalent} equivalent, ${pluralize(survivors.length, 'survivor')}.\n`;
  return verdict + survivors.map((mutant) => `  ${shown(mutant)}\n`).join('');
}

function shown({
  file,
  line,
  original,
  replacement,
}: Omit<MutantResult, 'status' | 'line'> & { readonly line?: number }): string {
  return `${file}${line === undefined ? '' : `:${line}`} ${JSON.stringify(original)} -> ${JSON.stringify(replacement)}`;
}

function readOptions(args: string[]): { selection: Selection; force: boolean; isWhole: boolean } {
  const { values } = parseArgs({
    args,
    options: { mutate: { type: 'string', multiple: true }, since: { type: 'string' }, force: { type: 'boolean' } },
  });
  const { mutate, since, force = false } = values;
  if (mutate !== undefined && since !== undefined) throw new UsageError('--mutate and --since exclude each other.');
  const selection = mutate !== undefined ? selected(mutate) : since !== undefined ? changedSince(since) : everything();
  return { selection, force, isWhole: mutate === undefined && since === undefined };
}

async function runStryker({ part, mutate, force }: Parameters<Mutate>[0]): Promise<MutantResult[]> {
  const { Stryker } = await import('@stryker-mutator/core');
  const directory = `${DIRECTORY}/${part.name}`;
  mkdirSync(directory, { recursive: true });
  const results = await new Stryker({
    configFile: 'stryker.config.json',
    mutate: [...mutate],
    force,
    incrementalFile: `${directory}/incremental-${testsDigest(part)}.json`,
    tempDirName: `${directory}/sandbox`,
    htmlReporter: { fileName: `${directory}/report.html` },
    jsonReporter: { fileName: `${directory}/report.json` },
    jest: { config: { globals: { PURE_SUITES: part.suites } } },
  }).runMutationTest();
  return results.map(({ fileName, location: { start, end }, replacement, status }) => ({
    file: relative(process.cwd(), fileName),
    line: start.line,
    original: textBetween(fileName, start, end),
    replacement,
    status,
  }));
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** Lines and columns count from 1. */
function textBetween(file: string, start: Position, end: Position): string {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines.at(-1)!.slice(0, end.column - 1);
  lines[0] = lines[0]!.slice(start.column - 1);
  return lines.join('\n');
}

if (require.main === module) runAsProcess(mutateCommand());
