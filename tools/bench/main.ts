import Table from 'cli-table3';
import { EXIT } from '../../src/cli/command-error';
import { reportOption, wholeNumber, writeReport } from '../../src/cli/options';
import { program, type Program, runAsProcess } from '../../src/cli/program';
import { isColoured } from '../../src/cli/terminal';
import { batchEngine, FRAUD_LATENCY_MS } from './batch-engine';
import { compare, type Comparison, type Result } from './comparison';

interface Options {
  readonly rounds: number;
  readonly json?: string;
}

export function benchCommand(comparisons: readonly Comparison[]): Program {
  return program('npx projen bench', {
    description: [
      'Measure the batch engine side by side with its baselines. These are each account alone, and the FIFO processor of Powertools for AWS Lambda.',
      `All go in turn, several rounds, in this process, over ports in memory and a fraud API that takes ${FRAUD_LATENCY_MS} ms of real time. What counts is the baseline's time divided by ours; a median below its floor fails.`,
    ],
    exitCodes: { success: 'every floor is held', failed: 'one is missed', usageError: 'nothing was measured' },
    examples: ['npx projen bench', 'npx projen bench -- --rounds 25 --json bench.json'],
  })
    .option('--rounds <n>', 'rounds that count; one more warms up', wholeNumber(1, 1_000), 9)
    .addOption(reportOption())
    .work(async ({ rounds, json }: Options, { stdout, stderr }) => {
      const results = await compare(comparisons, rounds, (round) => {
        stderr.write(round === 0 ? 'Warming up\n' : `Round ${round} of ${rounds}\n`);
      });
      const holds = results.every((result) => result.holds);
      stdout.write(`${render(results, isColoured(stdout))}\n`);
      writeReport(json, { rounds, holds, comparisons: results });
      return holds ? EXIT.success : EXIT.failed;
    });
}

function render(results: readonly Result[], coloured: boolean): string {
  const table = new Table({
    head: ['baseline / ours', 'median', 'lowest', 'highest', 'floor', ''],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'left'],
    style: coloured ? {} : { head: [], border: [] },
  });
  for (const { name, median, lowest, highest, floor, holds } of results) {
    table.push([name, ...[median, lowest, highest].map((ratio) => ratio.toFixed(3)), floor, holds ? 'held' : 'MISSED']);
  }
  return table.toString();
}

if (require.main === module) runAsProcess(benchCommand(batchEngine()));
