import { hashOf } from '../../tools/kit/cores/telemetry';
import { payment, recordOf } from '../../tools/kit/payments/black-box-payments';
import { fileOf, OpsBench, outputsOf, runOps } from '../../tools/kit/ops/ops-bench';

let bench: OpsBench;
beforeAll(async () => {
  bench = await OpsBench.start();
  const failed = Array.from({ length: 6 }, (_, n) =>
    recordOf(payment({ transaction_id: `tx-${n}`, account_id: 'account-4711' }), {
      payment_status: 'FAILED',
      failure_code: 'FRAUD_CHECK_REFUSED',
      timestamp: `2026-07-01T08:30:0${n}.000Z`,
    }),
  );
  await bench.pipeline.put(failed);
  await bench.pipeline.send([{ body: 'not JSON', failureCode: 'INVALID_JSON' }]);
});
afterAll(() => bench.close());

test('the deployed function tells what failed, why, and what to do', async () => {
  const { code, stdout } = await bench.run('analyze', '--dry-run');

  expect(code).toBe(0);
  expect(stdout).toMatch(
    /Failed payments +6 of 1 accounts, from 2026-07-01T08:30:00\.000Z to 2026-07-01T08:30:05\.000Z/,
  );
  expect(stdout).toMatch(/Dead letters +about 1, and 0 in flight/);
  expect(stdout).toMatch(/FRAUD_CHECK_REFUSED │ 6 /);
  expect(stdout).toMatch(/unreadable +│ 1 /);
  expect(stdout).toContain(`poison_account (${hashOf('account-4711')}): 6 failed, as tx-`);
  expect(stdout).not.toContain('account-4711');
  expect(bench.lambda.events.at(-1)).toEqual({ action: 'analyze', dryRun: true });
  expect(await bench.pipeline.mail()).toEqual([]);
});

test('without --dry-run the alert is published, and the answer says so', async () => {
  expect((await bench.run('analyze')).stdout).toContain('Alert published for poison_account.');
  expect(await bench.pipeline.mail()).toHaveLength(1);
});

test('the output names the failures that were not counted', async () => {
  expect((await bench.run('analyze', '--limit', '5', '--dry-run')).stdout).toContain(
    'Not all were counted: the limit was reached.',
  );
});

test('for scripts: the answer as the function gave it', async () => {
  const { stdout } = await bench.run('analyze', '--dry-run', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    action: 'analyze',
    failedPayments: 6,
    byFailureCode: { FRAUD_CHECK_REFUSED: 6 },
    more: false,
  });
});

test('a function that is not there, or fails, is one sentence', async () => {
  const outputs = fileOf(
    outputsOf({ payments_dlq_processor_arn: 'arn:aws:lambda:ap-southeast-1:000000000000:function:gone' }),
  );
  expect(await runOps(['analyze', '--outputs', outputs])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^There is no function gone in ap-southeast-1: check that /) as string,
  });

  bench.lambda.functionError = { errorType: 'TypeError', errorMessage: 'MARKED' };
  const { code, stderr } = await bench.run('analyze');
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'dlq-processor failed (TypeError): its log says why. The same command continues where it ended.\n',
  });
});
