import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PaymentRecord } from '../../src/contract';
import { runDemoCommand } from '../../tools/demo/fixtures/demo-run';
import { ROOT } from '../../tools/kit/documents';
import { newDirectory } from '../../tools/kit/new-directory';
import { aPayment } from '../../tools/kit/payments/payments';

jest.setTimeout(120_000); // seconds on a machine of its own

let service: ChildProcess | undefined;
afterEach(() => service?.kill('SIGKILL'));

/** Runs an example's API, and the demo against it with the example's adapter. */
async function payThrough(example: string, payments: readonly object[], environment: Record<string, string> = {}) {
  const env = { ...process.env, NODE_OPTIONS: '', PORT: '0', ...environment };
  const program = ['--import', 'tsx', `examples/${example}/main.ts`];
  service = spawn(process.execPath, program, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(service.stdout!, 'data')) as [Buffer];
  const [url = ''] = /http:\S+/.exec(line.toString()) ?? [];
  const directory = newDirectory();
  const [input, output] = [join(directory, 'payments.jsonl'), join(directory, 'records.jsonl')];
  writeFileSync(input, payments.map((payment) => JSON.stringify(payment)).join('\n'));

  const run = await runDemoCommand([
    ...['--input', input, '--output', output, '--fraud-url', url],
    ...['--fraud-adapter', join(ROOT, 'examples', example, 'adapter.mjs')],
  ]);

  const lines = readFileSync(output, 'utf8').trim().split('\n');
  const records = lines.map((text) => JSON.parse(text) as PaymentRecord);
  return { ...run, of: (id: string) => records.find(({ transaction_id }) => transaction_id === id)! };
}

const payment = (index: number, fields: object = {}) =>
  aPayment({ transaction_id: `tx-${index}`, account_id: `account-${index % 5}`, ...fields });

test('fraud-adapter-score: the thresholds of the adapter decide, and only its permanent errors refuse', async () => {
  const payments = Array.from({ length: 40 }, (_, index) =>
    payment(index, { amount: index % 2 === 0 ? 100 : 2_000_000 }),
  );
  const run = await payThrough('fraud-adapter-score', [...payments, payment(40, { beneficiary_id: 'unknown-shop' })]);

  expect(run.stderr).toMatch(/It can be read: |It is no decision: HTTP 200/);
  expect(run.report).toMatchObject({ accepted: 41, failed: 1, dead_lettered: 1, lost: 0, stray_dead_letters: 0 });
  expect(run.of('tx-40')).toMatchObject({ payment_status: 'FAILED', failure_code: 'FRAUD_CHECK_REFUSED' });
  const wrong = payments.filter(({ transaction_id }) => {
    const { payment_status, fraud } = run.of(transaction_id);
    const expected = fraud!.score >= 0.95 ? 'DECLINED' : fraud!.score >= 0.85 ? 'REVIEW' : 'APPROVED';
    return payment_status !== expected;
  });
  expect(wrong).toEqual([]);
  for (const count of [run.report!.approved, run.report!.declined, run.report!.review])
    expect(count).toBeGreaterThan(0);
  expect(run.of('tx-1').fraud!.reasons).toEqual(['LARGE_AMOUNT']);
  expect(run.stdout).toMatch(/FRAUD_API_ADAPTER=file:\S+adapter\.mjs \(deployed: none\)/);
  expect(run.code).toBe(0);
});

test('fraud-adapter-pending: a 202 brings another call, which finds the result', async () => {
  const payments = Array.from({ length: 20 }, (_, index) => payment(index, { amount: index === 3 ? 6_000_000 : 100 }));
  const environment = { ASSESSMENT_MS: '20', SLOW_ASSESSMENT_MS: '1300' };
  const run = await payThrough('fraud-adapter-pending', payments, environment);

  expect(run.stderr).toContain('It can be read: approve, score 0.');
  expect(run.report).toMatchObject({ approved: 19, declined: 1, failed: 0, lost: 0 });
  expect(run.report!.fraud_checks_failed).toBeGreaterThanOrEqual(2); // more when a call comes before the result
  expect(run.of('tx-3').payment_status).toBe('DECLINED');
  expect(run.code).toBe(0);
});
