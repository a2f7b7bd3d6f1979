import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { aPayment, aRecord, anEntry } from '../../tools/kit/payments/payments';
import { ACCOUNT_HASH_KEY, hashOf } from '../../tools/kit/cores/telemetry';
import { heldPayment, holdKey, identityOf, writeHeld } from '../../src/contract';
import { OpsBench } from '../../tools/kit/ops/ops-bench';

const payment = aPayment({
  transaction_id: 'tx-1',
  account_id: 'account-4711',
  beneficiary_id: 'beneficiary-42',
  reference: 'rent',
  metadata: { order: 'flat 7' },
});
const failed = aRecord(payment, {
  payment_status: 'FAILED',
  failure_code: 'FRAUD_CHECK_UNAVAILABLE',
  failure_message: 'No decision until the last receive.',
  dead_lettered_at: '2026-01-02T03:10:00.000Z',
  attempts: 2,
  history: [
    anEntry({ request_id: 'f3a1b2c3-1111-4222-8333-444455556666' }),
    anEntry({ status: 'FAILED', at: '2026-01-02T03:09:00.000Z', attempt: 2, reason: 'FRAUD_CHECK_UNAVAILABLE' }),
  ],
});
const approved = aRecord(aPayment({ transaction_id: 'tx-2', account_id: 'account-9999' }), {
  payment_status: 'APPROVED',
  fraud: { decision: 'approve', score: 0.25, reasons: ['known payer'] },
});

let bench: OpsBench;
beforeAll(async () => {
  bench = await OpsBench.start();
  await bench.pipeline.put([failed, approved] as unknown as Record<string, unknown>[]);
});
afterAll(() => bench.close());

test('a failed payment: what happened, when and why, without its account number', async () => {
  const { code, stdout, stderr } = await bench.run('payment', 'tx-1');

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('Payment tx-1 is FAILED');
  expect(stdout).toContain(`…4711 (hash ${hashOf('account-4711')})`);
  expect(stdout).toMatch(/Fraud decision +none/);
  expect(stdout).toMatch(/Failure +FRAUD_CHECK_UNAVAILABLE: No decision until the last receive\./);
  expect(stdout).toMatch(/Dead-lettered +2026-01-02T03:10:00\.000Z/);
  expect(stdout).toMatch(/Account held +no/);
  expect(stdout).toMatch(/PROCESSING │ 2026-01-02T03:00:00\.000Z │ 1 +│ f3a1b2c3 │/);
  expect(stdout).toMatch(
    /FAILED +│ 2026-01-02T03:09:00\.000Z │ 2 +│ request  │ release  │\n│ Reason: FRAUD_CHECK_UNAVAILABLE /,
  );
  expect(stdout).not.toContain('account-4711');
  expect(stdout).not.toContain('\u001b');
});

test('a decided payment says by which decision', async () => {
  expect((await bench.run('payment', 'tx-2')).stdout).toMatch(/Fraud decision +approve, score 0\.25 \(known payer\)/);
});

test('for scripts: the record, shortened unless asked for in full', async () => {
  const short = await bench.run('payment', 'tx-1', '--json');
  expect(JSON.parse(short.stdout)).toMatchObject({
    transaction_id: 'tx-1',
    account_id: '…4711',
    beneficiary_id: '…y-42',
    history: failed.history,
  });
  for (const said of ['rent', 'flat 7', 'order']) expect(short.stdout).not.toContain(said);

  const full = await bench.run('payment', 'tx-1', '--json', '--full');
  expect(JSON.parse(full.stdout)).toMatchObject({
    account_id: 'account-4711',
    beneficiary_id: 'beneficiary-42',
    reference: 'rent',
    metadata: { order: 'flat 7' },
    account_held: [],
  });
});

test('a record of an earlier version, without metadata, is shown as it is', async () => {
  const { metadata, ...earlier } = { ...failed, transaction_id: 'tx-3' };
  await bench.pipeline.put([earlier as unknown as Record<string, unknown>]);
  const { code, stdout } = await bench.run('payment', 'tx-3', '--json', '--full');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).not.toHaveProperty('metadata');
});

test('a shortened history says how much it has lost', async () => {
  await bench.pipeline.put([
    { ...failed, transaction_id: 'tx-4', history_omitted: 2_475 } as unknown as Record<string, unknown>,
  ]);
  expect((await bench.run('payment', 'tx-4')).stdout).toMatch(
    /History +2 entries; 2475 more between the first and the last were left out/,
  );
  expect(JSON.parse((await bench.run('payment', 'tx-4', '--json')).stdout)).toMatchObject({ history_omitted: 2_475 });
  expect((await bench.run('payment', 'tx-1')).stdout).not.toContain('left out');
});

test('a payment that was accepted under an id with a card number is still found by it', async () => {
  const transaction_id = '4111-1111-1111-1111';
  await bench.pipeline.put([aRecord(aPayment({ transaction_id }))] as unknown as Record<string, unknown>[]);
  expect((await bench.run('payment', transaction_id)).stdout).toContain(`Payment ${transaction_id} is PROCESSING`);
});

test.each<[what: string, configurations: Record<string, object>, reason: RegExp]>([
  [
    'has no key yet',
    { 'dlq-processor': { Environment: { Variables: {} } } },
    /The function dlq-processor has no ACCOUNT_HASH_KEY: deploy it again\./,
  ],
  ['is not there', {}, /There is no function dlq-processor in ap-southeast-1/],
])('a function that %s costs the hash alone, and the answer says why', async (_what, configurations, reason) => {
  const before = bench.lambda.configurations;
  bench.lambda.configurations = configurations;
  try {
    const { code, stdout } = await bench.run('payment', 'tx-1');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/Account +…4711 \(hash unknown: /) as string,
    });
    expect(stdout).toMatch(reason);
    const json = JSON.parse((await bench.run('payment', 'tx-1', '--json')).stdout) as Record<string, unknown>;
    expect([json.account_hash, json.account_hash_unknown]).toEqual([undefined, expect.stringMatching(reason)]);
    expect((await bench.run('failed', '--account', hashOf('account-4711'))).stdout).toMatch(
      /^No FAILED payment is of that account and cause\. Hashes of accounts could not be compared: /,
    );
  } finally {
    bench.lambda.configurations = before;
  }
});

test('the key of the hashes is never shown', async () => {
  for (const args of [
    ['payment', 'tx-1', '--full'],
    ['payment', 'tx-1', '--json', '--full'],
    ['failed', '--json'],
    ['analyze', '--dry-run', '--json'],
  ]) {
    const { stdout, stderr } = await bench.run(...args);
    expect(stdout + stderr).not.toContain(ACCOUNT_HASH_KEY);
  }
});

test('a held account says which payment it waits for', async () => {
  const [claimed, end] = failed.history;
  const { reason, ...withoutReason } = end!; // a reason would say that it was discarded
  await bench.pipeline.put([{ ...failed, history: [claimed, withoutReason] } as unknown as Record<string, unknown>]);
  const held = [
    heldPayment(identityOf(payment), '7'),
    heldPayment(identityOf(aPayment({ transaction_id: 'tx-8' })), '8'),
  ].map(writeHeld);
  await bench.pipeline.aws.dynamodb.send(
    new UpdateCommand({
      TableName: 'payments',
      Key: { transaction_id: holdKey('account-4711') },
      UpdateExpression: 'ADD held :held',
      ExpressionAttributeValues: { ':held': new Set(held) },
    }) as never,
  );

  expect((await bench.run('payment', 'tx-1')).stdout).toMatch(
    /Account held +by this payment: 2 of its payments wait, this one included/,
  );
  expect(JSON.parse((await bench.run('payment', 'tx-1', '--json')).stdout)).toMatchObject({
    account_held: ['tx-1', 'tx-8'],
  });
});

test('a wrong id is one sentence and exit 1, and what cannot be an id is bad usage', async () => {
  const { code, stdout } = await bench.run('payment', 'tx-404');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^No payment tx-404 in payments in ap-southeast-1: check the id\. .*\n$/);
  expect(await bench.run('payment', 'hold#account-4711')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('no transaction id') as string,
  });
});
