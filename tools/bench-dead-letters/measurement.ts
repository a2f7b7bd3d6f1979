import { readFileSync } from 'node:fs';
import Table from 'cli-table3';
import { withProgress } from '../../src/cli/progress';
import type { Terminal } from '../../src/cli/terminal';
import type { Analysis } from '../../src/dlq-processor/core/analysis';
import type { BulkAnswer } from '../../src/dlq-processor/core/bulk-answer';
import { DLQ_PROCESSOR_TIMEOUT } from '../../src/infrastructure/functions/dlq-processor';
import type { DlqBench } from '../kit/bundles/dlq-bench';
import { payment, recordOf } from '../kit/payments/black-box-payments';

export const FAILED = 10_000;
export const DEAD_LETTERS = 1_000;
export const ACCOUNTS = 200;
export const PER_CALL = 400;

const TIMEOUT_MS = DLQ_PROCESSOR_TIMEOUT * 1_000;
/** Memory of the deployed function, by default. */
export const MEMORY_MB = 256;

/** One thing that was measured. */
export interface Row {
  readonly what: string;
  readonly seen: string;
  readonly wanted: string;
  readonly holds: boolean;
}

/** Has the bundle analyze and redrive, and measures what that takes. */
export async function measure(bench: DlqBench, { stderr }: Terminal): Promise<Row[]> {
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

/** Peak memory of the function's process, as Linux counts it. */
function memory(): Row {
  const row = { what: 'peak memory of the function, MB', wanted: `at most ${MEMORY_MB}` };
  if (process.platform !== 'linux') return { ...row, seen: 'not measured', holds: true };
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  const pid = children.find((one) => readFileSync(`/proc/${one}/cmdline`, 'utf8').includes('lambda-runtime')) ?? 'self';
  const [, peakKb] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  const peak = Number(peakKb) / 1_024;
  return { ...row, seen: peak.toFixed(0), holds: pid !== 'self' && peak <= MEMORY_MB };
}

/** The rows as a table. */
export function render(rows: readonly Row[], coloured: boolean): string {
  const table = new Table({
    head: ['dead letters in numbers', 'seen', 'wanted', ''],
    style: coloured ? {} : { head: [], border: [] },
  });
  for (const { what, seen, wanted, holds } of rows) table.push([what, seen, wanted, holds ? 'held' : 'MISSED']);
  return table.toString();
}
