import { join } from 'node:path';
import { EXIT, UsageError } from '../../src/cli/command-error';
import { colours } from '../../src/cli/escaped-text';
import { reportOption, wholeNumber, writeReport } from '../../src/cli/options';
import { program, type Program, runAsProcess } from '../../src/cli/program';
import { inTemporaryDirectory } from '../../src/cli/temporary-directory';
import { isColoured, type Terminal } from '../../src/cli/terminal';
import { outputWidth, readable } from '../../src/ops/table';
import { progressOn } from '../demo/progress';
import { keepArtifact } from '../demo/run-artifacts';
import { type Build, buildArtifacts } from '../kit/embedded/artifacts';
import { makeChaosReport } from './report';
import { type ChaosSettings, runChaos } from './run';
import { renderChaosReport } from './view';

/** The size of a batch, which is the number of payments that one kill can hit. */
const PAYMENTS_PER_KILL = 10;

type Options = Pick<ChaosSettings, 'payments' | 'kills' | 'seed'> & { readonly json?: string };

/** @param build makes the bundle and the stack */
export function chaosCommand(build: Build): Program {
  return program('npx projen chaos', {
    description: [
      'Run payments through the real function bundle, and break things meanwhile. The functions are worker processes over an embedded SQS and DynamoDB. ' +
        "Processes are killed (SIGKILL) in the middle of their work, the table's connections are cut, and the fraud API answers with faults. " +
        'From what is left the run judges the same claims as the demo.',
      'The same seed makes a similar run, not the same: what a kill interrupts depends on real time.',
      'A killed invocation fails like one that crashed in Lambda, and a new process takes its place. Its payments come back when their visibility timeout ends. ' +
        'The run shortens that, as it does the retry delays; the report says to what.',
      'Takes about two minutes for 5,000 payments. Needs no AWS account, and calls only loopback addresses.',
    ],
    lists: {
      'Judged as a run with crashes can be': {
        metrics:
          'written when an invocation ends, so those of killed invocations may be missing. Never more than the records say, and never less by more than the payments settled by invocations that were killed before they acknowledged them',
        'dead letters':
          'each crash uses up a receive, and after the last one the queue itself dead-letters the payment, healthy as it is. So no batch is hit that holds a payment in its last receive, and the dead-letter queue must hold exactly what cannot succeed',
      },
    },
    exitCodes: {
      success: 'all claims hold',
      failed: 'a claim does not hold',
      usageError: 'bad usage, or the run could not be made',
    },
    examples: [
      'npx projen chaos',
      'npx projen chaos --payments 1000 --kills 8 --seed 7',
      'npx projen chaos --json report.json',
    ],
  })
    .option('--payments <n>', 'payments to send', wholeNumber(PAYMENTS_PER_KILL, 1_000_000), 5_000)
    .option(
      '--kills <n>',
      `kills that must hit a function at work, or the run fails; at most one for ${PAYMENTS_PER_KILL} payments`,
      wholeNumber(1, 100_000),
      20,
    )
    .option(
      '--seed <n>',
      'draws the payments, the decisions, how many payments go before each kill, and which of the functions at work is killed how many milliseconds later',
      wholeNumber(0, 2_147_483_647),
      1,
    )
    .addOption(reportOption())
    .work((options: Options, terminal) => {
      const { kills, payments } = options;
      const mostKills = Math.floor(payments / PAYMENTS_PER_KILL);
      if (kills > mostKills) {
        throw new UsageError(
          `--kills ${kills} is too many for --payments ${payments}: give at most ${mostKills}, one for ${PAYMENTS_PER_KILL} payments.`,
        );
      }
      return inTemporaryDirectory((directory) => chaos(options, terminal, build, directory));
    });
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
  const look = { colours: colours(isColoured(stdout)), width: outputWidth(stdout) };
  stdout.write(String(readable(renderChaosReport(result, report, claims, look), stdout, look)));
  writeReport(json, report);
  return claims.every(({ holds }) => holds) ? EXIT.success : EXIT.failed;
}

if (require.main === module) runAsProcess(chaosCommand(buildArtifacts));
