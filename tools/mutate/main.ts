import { EXIT, UsageError } from '../../src/cli/command-error';
import { program, type Program, runAsProcess } from '../../src/cli/program';
import { pluralize } from '../../src/cli/pluralize';
import { EQUIVALENT, type EquivalentMutant } from './equivalent';
import { judge, outdated, type Judgement, type MutantResult } from './judgement';
import { changedSince, everything, selected } from './parts';
import { DIRECTORY, type Mutate, runStryker } from './stryker';

const LEAST_SCORE = 90;

interface Options {
  readonly mutate?: readonly string[];
  readonly since?: string;
  readonly force?: boolean;
}

export function mutateCommand(mutate: Mutate = runStryker, listed: readonly EquivalentMutant[] = EQUIVALENT): Program {
  return program('npx projen mutate', {
    description: [
      "Change the code in one place at a time, and run the tests of that part. The parts are the contract, the producer and both functions' cores. A change that no test notices (a survivor) shows what the tests don't say. Takes minutes for each part.",
      `Results are kept in ${DIRECTORY}, and the next run takes them over where neither the file nor the tests of the part have changed. Each part also has a report in HTML there.`,
    ],
    exitCodes: {
      success: `every part scores ${LEAST_SCORE} or more`,
      failed: 'one does not',
      usageError: 'bad usage',
    },
    examples: [
      'npx projen mutate',
      "npx projen mutate -- --mutate 'src/contract/hold.ts'",
      "npx projen mutate -- --mutate 'src/processor/core/batch.ts:40-80'",
      'npx projen mutate -- --since origin/main',
    ],
  })
    .option(
      '--mutate <pattern>',
      'only these files: a path, a glob, or lines of a file; others by more --mutate',
      (pattern, before: readonly string[] | undefined) => [...(before ?? []), pattern],
    )
    .option('--since <base>', 'only files that have changed since the branch left it')
    .option('--force', 'run every mutant again, and ignore kept results')
    .work(async (options: Options, { stdout }) => {
      const { force = false } = options;
      const selection = selectionOf(options);
      if (selection.length === 0) stdout.write('Nothing that is mutated has changed.\n');
      const all: MutantResult[] = [];
      const summaries: string[] = [];
      let code: number = EXIT.success;
      for (const chosen of selection) {
        const results = await mutate({ ...chosen, force });
        all.push(...results);
        const judgement = judge(results, listed);
        if (judgement.score < LEAST_SCORE) code = EXIT.failed;
        summaries.push(inWords(chosen.part.name, judgement));
      }
      stdout.write(summaries.join(''));
      if (options.mutate === undefined && options.since === undefined) {
        for (const { file, original, replacement } of outdated(all, listed)) {
          stdout.write(
            `tools/mutate/equivalent.ts: ${shown({ file, original, replacement })} does not survive; delete the entry.\n`,
          );
          code = EXIT.failed;
        }
      }
      return code;
    });
}

function selectionOf({ mutate, since }: Options) {
  if (mutate !== undefined && since !== undefined) throw new UsageError('--mutate and --since exclude each other.');
  if (mutate !== undefined) return selected(mutate);
  return since === undefined ? everything() : changedSince(since);
}

function inWords(name: string, { mutants, killed, timedOut, equivalent, survivors, score }: Judgement): string {
  const summary = `${name}: ${score.toFixed(1)} of 100. ${pluralize(mutants, 'mutant')}: ${killed} killed (${timedOut} by the time limit), ${equivalent} equivalent, ${pluralize(survivors.length, 'survivor')}.\n`;
  return summary + survivors.map((mutant) => `  ${shown(mutant)}\n`).join('');
}

function shown({
  file,
  line,
  original,
  replacement,
}: Omit<MutantResult, 'status' | 'line'> & { readonly line?: number }): string {
  return `${file}${line === undefined ? '' : `:${line}`} ${JSON.stringify(original)} -> ${JSON.stringify(replacement)}`;
}

if (require.main === module) runAsProcess(mutateCommand());
