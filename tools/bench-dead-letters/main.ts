import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { EXIT, isColoured, runAsProcess, type Command, type Terminal } from '../../src/cli/command';
import { withProgress } from '../../src/cli/progress';
import type { Analysis } from '../../src/dlq-processor/core/analysis';
import type { BulkAnswer } from '../../src/dlq-processor/core/bulk-answer';
import { DLQ_PROCESSOR_TIMEOUT } from '../../src/infrastructure/functions/dlq-processor';
import { DlqBench } from '../kit/bundles/dlq-bench';
import { payment, recordOf } from '../kit/payments/black-box-payments';

const FAILED = 10_000;
const DEAD_LETTERS = 1_000;
const ACCOUNTS = 200;
const PER_CALL = 400;

const TIMEOUT_MS = DLQ_PROCESSOR_TIMEOUT * 1_000;
/** The deployed function's, by default. */
const MEMORY_MB = 256;

const HELP = `Has the DLQ processor's bundle analyze ${FAILED} failed payments, and redrive ${DEAD_LETTERS} dead letters of ${ACCOUNTS} accounts, ${PER_CALL} a call, on
embedded services. That the function has ${TIMEOUT_MS / 1_000} seconds and ${MEMORY_MB} MB is enough for either.

Usage: npx projen bench:dead-letters

Examples:
  npx projen bench:dead-letters

Exit codes: 0 it is done within these, and each payment is sent once; 1 it is not; 2 nothing was measured. Behind npx projen
every failure is 1.
`;

interface Row {
  readonly what: string;
  readonly seen: string;
  readonly wanted: string;
  readonly holds: boolean;
}

const deadLetters: Command = {
  help: HELP,
  run: async (args, terminal) => {
    parseArgs({ args, options: {} });
    const bench = await DlqBench.start();
    try {
      const rows = await measure(bench, terminal);
      terminal.stdout.write(`${render(rows, isColoured(terminal.stdout))}\n`);
      return rows.every(({ holds }) => holds) ? EXIT.success : EXIT.failed;
    } finally {
      await bench.close();
    }
  },
};

async function measure(bench: DlqBench, { stderr }: Terminal): Promise<Row[]> {
  await withProgress('failing payments', stderr, prepare(bench));
  const analysis = (await withProgress('analyzing', stderr, bench.invoke({}, TIMEOUT_MS))) as Analysis;
  const calls: BulkAnswer[] = [];
  const began = Date.now();
  do {
    const call = bench.invoke({ action: 'redrive', limit: PER_CALL }, TIMEOUT_MS) as Promise<BulkAnswer>;
    calls.push(await withProgress(`redriving, call ${calls.length + 1}`, stderr, call));
  } while (calls.at(-1)!.more && calls.length < DEAD_LETTERS);
  const seconds = (Date.now() - began) / 1_000;
  const [payments, dead] = [await bench.depth('payments'), await bench.depth('dead')];
  return [
    exactly('failed payments analyzed', analysis.failedPayments, FAILED),
    exactly(
      `redriven, in ${calls.length} calls`,
      calls.reduce((sum, { redriven }) => sum + redriven, 0),
      DEAD_LETTERS,
    ),
    {
      what: 'all these calls together, seconds',
      seen: seconds.toFixed(0),
      wanted: `at most ${TIMEOUT_MS / 1_000}`,
      holds: seconds <= TIMEOUT_MS / 1_000,
    },
    exactly('payments in the queue', payments.visible + payments.inFlight, DEAD_LETTERS),
    exactly('dead letters left', dead.visible + dead.inFlight, 0),
    memory(),
  ];
}

async function prepare(bench: DlqBench): Promise<void> {
  const failed = Array.from({ length: FAILED }, (_, index) => payment({ account_id: `account-${index % ACCOUNTS}` }));
  const at = (index: number) => new Date(Date.now() - index * 100).toISOString();
  await bench.put(
    failed.map((one, index) => {
      return recordOf(one, {
        payment_status: 'FAILED',
        failure_code: 'FRAUD_CHECK_UNAVAILABLE',
        timestamp: at(index),
        dead_lettered_at: at(index),
      });
    }),
  );
  await bench.send(failed.slice(0, DEAD_LETTERS).map((body) => ({ body, failureCode: 'FRAUD_CHECK_UNAVAILABLE' })));
}

function exactly(what: string, seen: number, wanted: number): Row {
  return { what, seen: String(seen), wanted: String(wanted), holds: seen === wanted };
}

/** The most that the function's process ever had, as Linux counts it. */
function memory(): Row {
  const row = { what: 'peak memory of the function, MB', wanted: `at most ${MEMORY_MB}` };
  if (process.platform !== 'linux') return { ...row, seen: 'not measured', holds: true };
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  const pid = children.find((one) => readFileSync(`/proc/${one}/cmdline`, 'utf8').includes('lambda-runtime')) ?? 'self';
  const [, peakKb] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  const peak = Number(peakKb) / 1_024;
  return { ...row, seen: peak.toFixed(0), holds: pid !== 'self' && peak <= MEMORY_MB };
}

function render(rows: readonly Row[], coloured: boolean): string {
  const table = new Table({
    head: ['dead letters in numbers', 'seen', 'wanted', ''],
    style: coloured ? {} : { head: [], border: [] },
  });
  for (const { what, seen, wanted, holds } of rows) table.push([what, seen, wanted, holds ? 'held' : 'MISSED']);
  return table.toString();
}

runAsProcess(deadLetters);
