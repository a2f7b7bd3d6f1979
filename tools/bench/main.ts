import Table from 'cli-table3';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EXIT, isColoured, runAsProcess, type Command } from '../../src/cli/command';
import { batchEngine, FRAUD_LATENCY_MS } from './batch-engine';
import { compare, type Comparison, type Result } from './comparison';

const ROUNDS = 9;

const HELP = `Measures the batch engine side by side with its baselines: each account alone, and the FIFO processor of Powertools
for AWS Lambda. All go in turn, several rounds, in this process, over ports in memory and a fraud API that takes ${FRAUD_LATENCY_MS} ms
of real time. What counts is the baseline's time divided by ours; a median below its floor fails.

Usage: npx projen bench -- [--rounds N] [--json FILE]

Options:
  --rounds N    rounds that count, 1 to 1,000 (default ${ROUNDS}); one more warms up
  --json FILE   also write the result as JSON, every round's ratios in it

Examples:
  npx projen bench
  npx projen bench -- --rounds 25 --json bench.json

Exit codes: 0 every floor is held, 1 one is missed, 2 nothing was measured. Behind npx projen every failure is 1.
`;

export function benchCommand(comparisons: readonly Comparison[]): Command {
  return {
    help: HELP,
    run: async (args, { stdout, stderr }) => {
      const { rounds, json } = readOptions(args);
      const results = await compare(comparisons, rounds, (round) => {
        stderr.write(round === 0 ? 'Warming up\n' : `Round ${round} of ${rounds}\n`);
      });
      const holds = results.every((result) => result.holds);
      stdout.write(`${render(results, isColoured(stdout))}\n`);
      if (json !== undefined)
        writeFileSync(json, `${JSON.stringify({ rounds, holds, comparisons: results }, null, 2)}\n`);
      return holds ? EXIT.success : EXIT.failed;
    },
  };
}

function readOptions(args: string[]): { rounds: number; json: string | undefined } {
  const { values } = parseArgs({
    args,
    options: { rounds: { type: 'string', default: String(ROUNDS) }, json: { type: 'string' } },
  });
  const rounds = Number(values.rounds);
  if (!/^\d{1,4}$/.test(values.rounds) || rounds < 1 || rounds > 1_000) {
    throw new Error(`--rounds must be a whole number from 1 to 1,000, not ${values.rounds}. Try --help.`);
  }
  return { rounds, json: values.json };
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
