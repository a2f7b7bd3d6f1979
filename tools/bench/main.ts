import Table from 'cli-table3';
import { EXIT } from '../../src/cli/command-error';
import { reportOption, wholeNumber, writeReport } from '../../src/cli/options';
import { program, type Program, runAsProcess } from '../../src/cli/program';
import { isColoured } from '../../src/cli/terminal';
import { batchEngine, FRAUD_LATENCY_MS } from './batch-engine';
import { compare, type Result } from './comparison';
import { deployedHandler, type Running } from './deployed-handler';
import { embeddedPipeline } from './embedded-pipeline';
import { machineOf, MEASURED, readMeasured, regressions, reportOf } from './measured';

interface Options {
  readonly rounds: number;
  readonly json?: string;
  readonly check?: true;
}

export function benchCommand(start: () => Promise<Running>, measured = MEASURED): Program {
  return program('npx projen bench', {
    description: [
      'Measure the batch engine and the payment processor side by side with their baselines.',
      `The batch engine runs over ports in memory, with a fraud API that takes ${FRAUD_LATENCY_MS} ms of real time, against each account alone, a loop over the messages, and the FIFO processor of Powertools for AWS Lambda. The bundle of the payment processor runs in a process, against a plain handler on that FIFO processor, the calls alone, the unbundled code, and an empty handler. On the embedded queue, the pipeline runs against a consumer that only receives and deletes.`,
      "All go in turn, several rounds. What counts is the baseline's time or CPU divided by ours; a median below its floor fails. On a busy machine only CPU means something.",
    ],
    exitCodes: { success: 'every floor is held', failed: 'one is missed', usageError: 'nothing was measured' },
    examples: [
      'npx projen bench',
      'npx projen bench -- --check',
      'npx projen bench -- --json tools/bench/measured.json',
    ],
  })
    .option('--rounds <n>', 'rounds that count; one more warms up', wholeNumber(1, 1_000), 9)
    .option('--check', 'fail also where a median is below every round of the measured run in tools/bench/measured.json')
    .addOption(reportOption())
    .work(async ({ rounds, json, check }: Options, { stdout, stderr }) => {
      const { comparisons, close } = await start();
      try {
        const results = await compare(comparisons, rounds, (round) => {
          stderr.write(round === 0 ? 'Warming up\n' : `Round ${round} of ${rounds}\n`);
        });
        const report = reportOf(rounds, results);
        const worse = check ? regressions(report, readMeasured(measured)) : [];
        stdout.write(`${machineOf(report)}\n${render(results, isColoured(stdout))}\n`);
        for (const line of worse) stdout.write(`${line}\n`);
        writeReport(json, report);
        return report.holds && worse.length === 0 ? EXIT.success : EXIT.failed;
      } finally {
        close();
      }
    });
}

/** Leaves the table 80 columns wide. */
const NAME_WIDTH = 33;

function render(results: readonly Result[], coloured: boolean): string {
  const table = new Table({
    head: ['baseline / ours', 'median', 'lowest', 'highest', 'floor', ''],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'left'],
    colWidths: [NAME_WIDTH],
    wordWrap: true,
    style: coloured ? {} : { head: [], border: [] },
  });
  for (const { name, median, lowest, highest, floor, holds } of results) {
    table.push([name, ...[median, lowest, highest].map((ratio) => ratio.toFixed(3)), floor, holds ? 'held' : 'MISSED']);
  }
  return table.toString();
}

async function everything(): Promise<Running> {
  const handlers = await deployedHandler();
  const pipeline = await embeddedPipeline();
  return {
    comparisons: [...batchEngine(), ...handlers.comparisons, ...pipeline.comparisons],
    close: () => {
      handlers.close();
      pipeline.close();
    },
  };
}

if (require.main === module) runAsProcess(benchCommand(everything));
