import { aPayment, aRecord } from '../../tools/kit/payments/payments';
import { hashOf } from '../../tools/kit/cores/telemetry';
import { OpsBench } from '../../tools/kit/ops/ops-bench';

let bench: OpsBench;
beforeAll(async () => {
  bench = await OpsBench.start();
});
afterAll(() => bench.close());

function failure(serial: number, account_id: string, failure_code: 'FRAUD_CHECK_REFUSED' | 'FRAUD_CHECK_UNAVAILABLE') {
  const timestamp = new Date(Date.UTC(2026, 0, 2, 3, serial)).toISOString();
  return {
    ...aRecord(aPayment({ transaction_id: `tx-${serial}`, account_id }), {
      payment_status: 'FAILED',
      timestamp,
      failure_code,
    }),
  };
}

const ids = (stdout: string) => [...stdout.matchAll(/│ (tx-\d+) /g)].map(([, id]) => id);

test('nothing failed: one sentence', async () => {
  expect(await bench.run('failed')).toMatchObject({ code: 0, stdout: 'No payment is FAILED.\n' });
  expect((await bench.run('failed', '--account', 'account-1')).stdout).toBe(
    'No FAILED payment is of that account and cause.\n',
  );
});

describe('failed payments of two accounts, for two causes, in more than one page of the index', () => {
  const big = `account-${'x'.repeat(350_000)}-4711`; // a page ends at 1 MB
  beforeAll(() =>
    bench.pipeline.put([
      ...[1, 2, 3, 4].map((serial) => failure(serial, big, 'FRAUD_CHECK_REFUSED')),
      failure(5, 'account-9999', 'FRAUD_CHECK_UNAVAILABLE'),
      failure(6, 'account-9999', 'FRAUD_CHECK_REFUSED'),
      { ...aRecord(aPayment({ transaction_id: 'tx-7' }), { payment_status: 'APPROVED' }) },
    ]),
  );

  test('all are listed, the latest first, without their account numbers', async () => {
    const { code, stdout, stderr } = await bench.run('failed');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(ids(stdout)).toEqual(['tx-6', 'tx-5', 'tx-4', 'tx-3', 'tx-2', 'tx-1']);
    expect(stdout).toMatch(/2026-01-02T03:05:00\.000Z │ tx-5 +│ …9999 +│ 1 [^\n]*\n│ Cause: FRAUD_CHECK_UNAVAILABLE /);
    expect(stdout).toContain('6 in all.');
    expect(stdout).not.toContain('account-');
  });

  test.each([
    ['an account', ['--account', 'account-9999'], ['tx-6', 'tx-5']],
    ['the hash of an account', ['--account', hashOf(big)], ['tx-4', 'tx-3', 'tx-2', 'tx-1']],
    ['a cause', ['--cause', 'FRAUD_CHECK_UNAVAILABLE'], ['tx-5']],
    ['both', ['--cause', 'FRAUD_CHECK_UNAVAILABLE', '--account', hashOf(big)], []],
  ])('those of %s', async (_what, args, expected) => {
    expect(ids((await bench.run('failed', ...args)).stdout)).toEqual(expected);
  });

  test('beyond the limit there are more, and the answer says so', async () => {
    const limited = await bench.run('failed', '--limit', '5');
    expect(ids(limited.stdout)).toHaveLength(5);
    expect(limited.stdout).toContain('The latest 5, and there are more: raise --limit');
    expect((await bench.run('failed', '--limit', '6')).stdout).toContain('6 in all.');
  });

  test('for scripts', async () => {
    expect(JSON.parse((await bench.run('failed', '--limit', '1', '--json')).stdout)).toEqual({
      failed: [
        {
          transaction_id: 'tx-6',
          timestamp: '2026-01-02T03:06:00.000Z',
          account_id: '…9999',
          account_hash: hashOf('account-9999'),
          failure_code: 'FRAUD_CHECK_REFUSED',
          attempts: 1,
          release_id: 'release of another',
        },
      ],
      more: true,
    });
  });
});
