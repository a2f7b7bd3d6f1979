import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Command, EXIT, isColoured, runAsProcess, type Terminal } from '../../src/cli/command';
import { inTemporaryDirectory } from '../../src/cli/temporary-directory';
import { mustBeWritable } from '../../src/cli/output-file';
import { UsageError, wholeNumber } from '../../src/cli/options';
import { type Build, buildArtifacts } from '../kit/embedded/artifacts';
import { keepArtifact } from '../demo/run-artifacts';
import { progressOn } from '../demo/progress';
import { makeChaosReport } from './report';
import { type ChaosSettings, runChaos } from './run';
import { renderChaosReport } from './view';

const DEFAULTS = { payments: 5_000, kills: 20, seed: 1 };

/** A batch's size, and so what one kill can hit. */
const PAYMENTS_PER_KILL = 10;

const HELP = `Runs payments through the real function bundle, in worker processes over an embedded SQS and DynamoDB, and breaks things
meanwhile: processes are killed (SIGKILL) in the middle of their work, the table's connections are cut, and the fraud API
answers with faults. It then judges, from what is left, the same claims as the demo.

Usage: npx projen chaos [--payments N] [--kills N] [--seed N] [--json FILE]

Options:
  --payments N   payments to send, from ${PAYMENTS_PER_KILL} on (default: ${DEFAULTS.payments})
  --kills N      kills that must hit a function at work, or the run fails; at most one for ${PAYMENTS_PER_KILL} payments (default: ${DEFAULTS.kills})
  --seed N       draws the payments, the decisions, how many payments go before each blow, and which of the functions at
                 work is killed how many milliseconds later (default: ${DEFAULTS.seed})
  --json FILE    write the report as JSON

The same seed makes a run alike, not the same: which functions are at work then, and what a kill meets in them, depends
on real time.

A killed invocation fails like one that crashed in Lambda, and a new process takes the place. Its payments come back when
their visibility timeout ends, which the run shortens for them, as it does the retry waits; the report says to what. Two
things are judged as a run with crashes can be:
  metrics        are written when an invocation ends, so what killed ones had settled may be missing. Never more than the
                 records say, and never less by more than the payments settled by invocations that did not live to
                 acknowledge them.
  dead letters   each crash uses up a receive, and after the last one the queue's own redrive dead-letters the payment,
                 healthy as it is, until a person redrives it. So no batch is hit that holds a payment in its last receive,
                 and the dead-letter queue must hold exactly what cannot succeed.

Takes about two minutes for 5,000 payments. Needs no AWS account, and calls only loopback addresses.

Examples:
  npx projen chaos
  npx projen chaos --payments 1000 --kills 8 --seed 7
  npx projen chaos --json report.json

Exit codes: 0 all claims hold, 1 a claim does not hold, 2 bad usage, or the run could not be made. Behind npx projen every
failure is 1.
`;

/** @param build makes the bundle and the stack */
export function chaosCommand(build: Build): Command {
  return {
    help: HELP,
    run: async (args, terminal) => {
      const options = readOptions(args);
      return inTemporaryDirectory((directory) => chaos(options, terminal, build, directory));
    },
  };
}

async function chaos(
  { json, ...options }: Options,
  { stdout, stderr }: Terminal,
  build: Build,
  directory: string,
): Promise<number> {
  const progress = progressOn(stderr, options.payments);
  const artifacts = await build(progress.step, directory);
  const settings = { ...artifacts, ...options, logFile: join(directory, 'functions.log') };
  const ended = await runChaos(settings, progress).finally(progress.stop);
  const result = { ...ended, logFile: keepArtifact('chaos', ended.logFile) };

  const { report, claims } = makeChaosReport(result);
  stdout.write(String(renderChaosReport(result, report, claims, isColoured(stdout))));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  return claims.every(({ holds }) => holds) ? EXIT.success : EXIT.failed;
}

type Options = Pick<ChaosSettings, 'payments' | 'kills' | 'seed'> & { readonly json: string | undefined };

function readOptions(args: string[]): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args, options: { payments: text, kills: text, seed: text, json: text } });
  const payments = wholeNumber('--payments', values.payments, DEFAULTS.payments, PAYMENTS_PER_KILL, 1_000_000);
  const kills = wholeNumber('--kills', values.kills, DEFAULTS.kills, 1, 100_000);
  const seed = wholeNumber('--seed', values.seed, DEFAULTS.seed, 0, 2_147_483_647);
  const mostKills = Math.floor(payments / PAYMENTS_PER_KILL);
  if (kills > mostKills) {
    throw new UsageError(
      `--kills ${kills} is too many for --payments ${payments}: give at most ${mostKills}, one for ${PAYMENTS_PER_KILL} payments.`,
    );
  }
  if (values.json !== undefined) mustBeWritable(values.json);
  return { payments, kills, seed, json: values.json };
}

if (require.main === module) runAsProcess(chaosCommand(buildArtifacts));
