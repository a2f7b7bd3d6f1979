import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EXIT, runAsProcess, type Command, type Terminal } from '../../src/cli/command';
import { mustBeWritable } from '../../src/cli/output-file';
import { UsageError, wholeNumber } from '../../src/cli/options';
import { ON_FAILED_PAYMENT, type OnFailedPayment } from '../../src/contract';
import { loadCore, type Core } from './core';
import { runSeeds, type SeedsReport } from './run-seeds';
import { SHRINK_RUNS } from './seeds';
import { pluralize } from '../kit/pluralize';

const MOST_SEEDS = 10_000_000;
const LARGEST_SEED = 2 ** 31 - 1;

const HELP = `Runs the code of both functions in a simulated world: SQS, the payment table, the fraud API, Lambda, operators and the clock
are models, and nearly everything that can go wrong there does. Each seed is one run of some minutes to some days of
simulated time, always the same for the same seed; after each step and at the end it is judged what must hold.

The first three seeds that fail are shrunk to fewer messages and fewer troubles, in at most ${SHRINK_RUNS} runs each, and their
stories are told.

Usage: npx projen simulate [--seeds N] [--from S] [--on-failed-payment MODE] [--json FILE]

Options:
  --seeds N    how many seeds to run (default: 1000)
  --from S     the first of them (default: 1)
  --on-failed-payment MODE
               "continue" (default): an account goes on when one of its payments has failed; "hold": it waits for it
  --json FILE  write the report as JSON

Examples:
  npx projen simulate
  npx projen simulate --seeds 100000 --json report.json
  npx projen simulate --from 4711 --seeds 1
  npx projen simulate --on-failed-payment hold --seeds 5000

Exit codes: 0 every seed holds, 1 one does not, 2 bad usage, 130 ended by Ctrl-C. Behind npx projen every failure is 1.
`;

/** @param load the code to be simulated */
export function simulateCommand(load: () => Promise<Core> = loadCore): Command {
  return {
    help: HELP,
    run: async (args, { stdout, stderr }: Terminal) => {
      const { seeds, from, onFailedPayment, json } = readOptions(args);
      const stopping = new AbortController();
      const stop = () => {
        stopping.abort();
      };
      process.once('SIGINT', stop);
      try {
        const report = await runSeeds({
          core: await load(),
          onFailedPayment,
          from,
          seeds,
          stdout,
          stderr,
          signal: stopping.signal,
        });
        if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
        stdout.write(inWords(report));
        return exitCode(report);
      } finally {
        process.off('SIGINT', stop);
      }
    },
  };
}

function exitCode({ violated, interrupted }: SeedsReport): number {
  if (violated.length > 0) return EXIT.failed;
  return interrupted ? EXIT.interrupted : EXIT.success;
}

function inWords({ from, seeds, violated, seeds_per_second, interrupted }: SeedsReport): string {
  const range = seeds === 0 ? 'No seed was run' : `Seeds ${from} to ${from + seeds - 1}`;
  const verdict =
    violated.length === 0
      ? 'all hold'
      : `${pluralize(violated.length, 'seed')} of ${seeds} violated something: ${violated.map(({ seed }) => seed).join(', ')}`;
  return `${range}: ${verdict}. ${seeds_per_second} seeds a second.${interrupted ? ' Ended by Ctrl-C.' : ''}\n`;
}

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly onFailedPayment: OnFailedPayment;
  readonly json: string | undefined;
}

function readOptions(args: string[]): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args, options: { seeds: text, from: text, 'on-failed-payment': text, json: text } });
  const mode = values['on-failed-payment'] ?? 'continue';
  const onFailedPayment = ON_FAILED_PAYMENT.find((one) => one === mode);
  if (onFailedPayment === undefined) throw new UsageError(`--on-failed-payment ${mode} must be "continue" or "hold".`);
  const from = wholeNumber('--from', values.from, 1, 1, LARGEST_SEED);
  const seeds = wholeNumber(
    '--seeds',
    values.seeds,
    Math.min(1_000, LARGEST_SEED - from + 1),
    1,
    Math.min(MOST_SEEDS, LARGEST_SEED - from + 1),
  );
  if (values.json !== undefined) mustBeWritable(values.json);
  return { seeds, from, onFailedPayment, json: values.json };
}

if (require.main === module) runAsProcess(simulateCommand());
