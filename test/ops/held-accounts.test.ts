import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { HELD, heldPayment, holdKey, identityOf, writeHeld } from '../../src/contract';
import { aPayment, aRecord, type RecordChanges } from '../../tools/kit/payments/payments';
import { ScriptedCloudWatch } from '../../tools/kit/ops/cloudwatch-endpoint';
import { OpsBench } from '../../tools/kit/ops/ops-bench';

let bench: OpsBench;
let cloudWatch: ScriptedCloudWatch;
const paymentOf = (account_id: string, transaction_id: string) => aPayment({ account_id, transaction_id });

beforeAll(async () => {
  bench = await OpsBench.start();
  cloudWatch = await ScriptedCloudWatch.start();
  process.env.AWS_ENDPOINT_URL_CLOUDWATCH = cloudWatch.url;
  bench.lambda.configurations = { 'payment-processor': { State: 'Active' }, 'dlq-processor': { State: 'Active' } };
  const ACCOUNTS = { failed: 'account-0001', parked: 'account-0002', sent: 'account-0003', free: 'account-0004' };
  const failed = { payment_status: 'FAILED', failure_code: 'FRAUD_CHECK_UNAVAILABLE' } as const;
  await hold(ACCOUNTS.failed, 1, [
    ['tx-decided', { payment_status: 'APPROVED' }],
    ['tx-failed', failed],
    ['tx-behind', { parked_behind: 'tx-failed' }],
  ]);
  await hold(ACCOUNTS.parked, 2, [['tx-parked', { parked_behind: 'tx-gone' }]]);
  await hold(ACCOUNTS.sent, 3, [['tx-sent', {}]]);
  await hold(ACCOUNTS.free, 4, [['tx-free', { payment_status: 'DECLINED' }]]);
  for (let n = 5; n <= 11; n++) await hold(`account-00${n + 10}`, n, [[`tx-${n}`, failed]]);
});
afterAll(async () => {
  await cloudWatch.close();
  await bench.close();
});

/** Held since the nth minute. */
async function hold(
  account: string,
  minute: number,
  payments: readonly (readonly [id: string, fields: RecordChanges])[],
) {
  await bench.pipeline.put(payments.map(([id, fields]) => ({ ...aRecord(paymentOf(account, id), fields) })));
  const held = payments.map(([id], index) =>
    writeHeld(heldPayment(identityOf(paymentOf(account, id)), String(index + 1))),
  );
  await bench.pipeline.aws.dynamodb.send(
    new UpdateCommand({
      TableName: 'payments',
      Key: { transaction_id: holdKey(account) },
      UpdateExpression: 'SET payment_status = :held, #since = :at ADD held :entries',
      ExpressionAttributeNames: { '#since': 'timestamp' },
      ExpressionAttributeValues: {
        ':held': HELD,
        ':at': `2026-01-02T03:${String(minute).padStart(2, '0')}:00.000Z`,
        ':entries': new Set(held),
      },
    }) as never,
  );
}

test('for scripts: how many accounts are held, and the payment that each of the ten held longest waits for', async () => {
  const { held_accounts: held } = JSON.parse((await bench.run('status', '--json')).stdout) as {
    held_accounts: { longest: unknown[] };
  };

  expect(held).toMatchObject({ count: 11, more: false });
  expect(held.longest).toHaveLength(10);
  expect(held.longest.slice(0, 4)).toEqual([
    {
      account_id: '…0001',
      since: '2026-01-02T03:01:00.000Z',
      waiting: 3,
      waits_for: { transaction_id: 'tx-failed', state: 'failed', failure_code: 'FRAUD_CHECK_UNAVAILABLE' },
    },
    {
      account_id: '…0002',
      since: '2026-01-02T03:02:00.000Z',
      waiting: 1,
      waits_for: { transaction_id: 'tx-parked', state: 'parked' },
    },
    {
      account_id: '…0003',
      since: '2026-01-02T03:03:00.000Z',
      waiting: 1,
      waits_for: { transaction_id: 'tx-sent', state: 'on its way' },
    },
    { account_id: '…0004', since: '2026-01-02T03:04:00.000Z', waiting: 1, waits_for: null },
  ]);
});

test('for a person: the same in a table that fits 80 columns, without account numbers unless in full', async () => {
  const { stdout } = await bench.run('status');
  const table = stdout.slice(stdout.indexOf('11 accounts are held.'), stdout.indexOf('Function'));

  expect(table).toMatch(
    /…0001 +│ 2026-01-02T03:01:00Z │ 3 +│ tx-failed +│\n│ +│ \d+ days ago +│ +│ failed: +│\n│ +│ +│ +│ FRAUD_CHECK_UNAVAILABLE +│/,
  );
  expect(table).toMatch(/…0002 [^]*tx-parked +│\n│[^\n]*parked +│/);
  expect(table).toMatch(/…0004 [^\n]*nothing: lifted by the next +│\n│[^\n]*payment/);
  expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(stdout).not.toContain('account-0001');
  expect((await bench.run('status', '--full')).stdout).toContain('account-0001');
});

test('a payment shows which one its account waits for, which need not be the oldest entry', async () => {
  const { stdout } = await bench.run('payment', 'tx-behind');
  expect(stdout).toMatch(/Parked behind +tx-failed\n/);
  expect(stdout).toMatch(/Account held +by tx-failed \(failed: FRAUD_CHECK_UNAVAILABLE\): 3 of its payments wait/);
  expect(JSON.parse((await bench.run('payment', 'tx-behind', '--json')).stdout)).toMatchObject({
    parked_behind: 'tx-failed',
    account_waits_for: { transaction_id: 'tx-failed', state: 'failed' },
  });
  expect(JSON.parse((await bench.run('payment', 'tx-free', '--json')).stdout)).toMatchObject({
    account_waits_for: null,
  });
  expect((await bench.run('payment', 'tx-free')).stdout).toMatch(
    /Account held +1 of its payments wait, for nothing any more: the next payment lifts the hold/,
  );
});

test('an analysis tells them by their hashes', async () => {
  const { stdout } = await bench.run('analyze', '--dry-run');
  expect(stdout).toContain('11 accounts are held.');
  expect(stdout).toMatch(
    / 2026-01-02T03:01:00Z │ 3 +│ tx-failed +│\n│[^\n]*│ failed: +│\n│[^\n]*│ FRAUD_CHECK_UNAVAILABLE │/,
  );
  expect(stdout).not.toContain('account-0001');
});
