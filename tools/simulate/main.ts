import { EXIT, UsageError } from '../../src/cli/command-error';
import { choiceOption, reportOption, wholeNumber, writeReport } from '../../src/cli/options';
import { program, type Program, runAsProcess } from '../../src/cli/program';
import { interruptible } from '../../src/cli/terminal';
import { ON_FAILED_PAYMENT, type OnFailedPayment } from '../../src/contract';
import { pluralize } from '../../src/cli/pluralize';
import { loadCore, type Core } from './core';
import { runSeeds, type SeedsReport } from './run-seeds';
import { SHRINK_RUNS } from './seeds';

const LARGEST_SEED = 2 ** 31 - 1;

interface Options {
  readonly seeds?: number;
  readonly from: number;
  readonly onFailedPayment: OnFailedPayment;
  readonly json?: string;
}

/** @param load the code to simulate */
export function simulateCommand(load: () => Promise<Core> = loadCore): Program {
  return program('npx projen simulate', {
    description: [
      'Run the code of both functions in a simulated world. SQS, the payment table, the fraud API, Lambda, operators and the clock are models, and nearly everything that can go wrong there does. ' +
        'Each seed is one run of some minutes to some days of simulated time, always the same for the same seed. After each step and at the end the invariants are judged.',
      `The first three seeds that fail are shrunk to fewer messages and fewer troubles, in at most ${SHRINK_RUNS} runs each, and their stories are told.`,
    ],
    exitCodes: {
      success: 'every seed holds',
      failed: 'one does not',
      usageError: 'bad usage',
      interrupted: 'ended by Ctrl-C',
    },
    examples: [
      'npx projen simulate',
      'npx projen simulate --seeds 100000 --json report.json',
      'npx projen simulate --from 4711 --seeds 1',
      'npx projen simulate --on-failed-payment hold --seeds 5000',
    ],
  })
    .option('--seeds <n>', 'how many seeds to run (default: 1000)', wholeNumber(1, 10_000_000))
    .option('--from <seed>', 'the first of them', wholeNumber(1, LARGEST_SEED), 1)
    .addOption(
      choiceOption(
        '--on-failed-payment <mode>',
        'whether an account continues when one of its payments has failed, or waits for it',
        ON_FAILED_PAYMENT,
        'continue',
      ),
    )
    .addOption(reportOption())
    .work(({ from, onFailedPayment, json, ...options }: Options, terminal) => {
      const mostSeeds = LARGEST_SEED - from + 1;
      const { seeds = Math.min(1_000, mostSeeds) } = options;
      if (seeds > mostSeeds)
        throw new UsageError(`--seeds ${seeds} is too many from ${from} on: give at most ${mostSeeds}.`);
      return interruptible(terminal, async ({ stdout, stderr, signal }) => {
        const report = await runSeeds({ core: await load(), onFailedPayment, from, seeds, stdout, stderr, signal });
        writeReport(json, report);
        stdout.write(inWords(report));
        return exitCode(report);
      });
    });
}

function exitCode({ violated, interrupted }: SeedsReport): number {
  if (violated.length > 0) return EXIT.failed;
  return interrupted ? EXIT.interrupted : EXIT.success;
}

function inWords({ from, seeds, violated, seeds_per_second, interrupted }: SeedsReport): string {
  const range = seeds === 0 ? 'No seed was run' : `Seeds ${from} to ${from + seeds - 1}`;
  const conclusion =
    violated.length === 0
      ? 'all hold'
      : `${pluralize(violated.length, 'seed')} of ${seeds} violated something: ${violated.map(({ seed }) => seed).join(', ')}`;
  return `${range}: ${conclusion}. ${seeds_per_second} seeds a second.${interrupted ? ' Ended by Ctrl-C.' : ''}\n`;
}

if (require.main === module) runAsProcess(simulateCommand());
