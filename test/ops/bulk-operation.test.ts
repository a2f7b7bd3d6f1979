import { EventEmitter } from 'node:events';
import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { payment, recordOf } from '../../tools/kit/payments/black-box-payments';
import { hashOf } from '../../tools/kit/cores/telemetry';
import { OpsBench } from '../../tools/kit/ops/ops-bench';

/** Who acts, as the emulator's STS tells it. */
const ACTOR = 'arn:aws:iam::000000000000:root';

/** The built bundle behind Lambda's endpoint. Each of its scans waits a second for the queue's last answer, so the tests are few. */
let bench: OpsBench;
beforeAll(async () => {
  bench = await OpsBench.start();
});
afterAll(() => bench.close());
beforeEach(async () => {
  bench.lambda.events.length = 0;
  bench.lambda.onTheWay = (event) => event;
  for (const queue of ['dead', 'payments'] as const)
    await bench.pipeline.aws.sqs.send(new PurgeQueueCommand({ QueueUrl: bench.pipeline.queues[queue] }));
});

async function deadLetters(count: number, failure_code = 'FRAUD_CHECK_UNAVAILABLE') {
  const payments = Array.from({ length: count }, () => payment());
  await bench.pipeline.put(payments.map((one) => recordOf(one, { payment_status: 'FAILED', failure_code })));
  await bench.pipeline.send(payments.map((body) => ({ body, failureCode: failure_code })));
  return payments.map(({ transaction_id }) => transaction_id);
}

const statuses = (ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await bench.pipeline.record(id))?.payment_status));

test('a dry run shows the numbers, names what would stay, and changes nothing', async () => {
  const [ids, [refused]] = [await deadLetters(3), await deadLetters(1, 'FRAUD_CHECK_REFUSED')];
  const { code, stdout } = await bench.run('redrive', '--dry-run');

  expect(code).toBe(1); // one would stay
  expect(stdout).toMatch(/would be redriven +│ 3 /);
  expect(stdout).toMatch(new RegExp(`left: refused permanently or expired, would fail again .* │ 1 +│ ${refused} `));
  expect(await statuses(ids)).toEqual(['FAILED', 'FAILED', 'FAILED']);
  expect(bench.lambda.events).toEqual([{ action: 'redrive', actor: ACTOR, dryRun: true }]);
});

test('an account is picked by its number, or by its hash as an analysis shows it', async () => {
  await deadLetters(2);
  const [one] = await deadLetters(1);
  const { account_id } = (await bench.pipeline.record(one!)) as { account_id: string };
  const hex = '0123456789abcdef'; // may be a hash, and may be the number of an account

  await bench.run('redrive', `--account=${hashOf(account_id)}`, `--account=${hex}`, '--account=acc-1', '--dry-run');

  expect(bench.lambda.events).toEqual([
    { action: 'redrive', accountIds: [account_id, hex, 'acc-1'], actor: ACTOR, dryRun: true },
  ]);
});

test('a hash is refused when hashes cannot be compared, and a number is not', async () => {
  const { configurations } = bench.lambda;
  bench.lambda.configurations = {};
  const byHash = await bench.run('redrive', `--account=${hashOf('acc-1')}`, '--dry-run');
  const byNumber = await bench.run('redrive', '--account=acc-1', '--dry-run');
  bench.lambda.configurations = configurations;

  expect(byHash).toMatchObject({ code: 2, stdout: '' });
  expect(byHash.stderr).toMatch(
    /^The hash of an account cannot be compared: There is no function dlq-processor .* number\.\n$/,
  );
  expect(byNumber.stderr).toBe('');
});

test('a person who says yes has them redriven; when Ctrl-C ends it, the same command continues: all are sent, and none twice', async () => {
  const [ids, signals] = [await deadLetters(5), new EventEmitter()];
  bench.lambda.onTheWay = (event) => {
    if (event.dryRun === true) return event;
    if (bench.lambda.events.length < 3) return { ...event, limit: 3 }; // as if it had time for three only
    signals.emit('SIGINT');
    throw new Error('The call never arrives.');
  };
  const interrupted = await bench.runAt({ typed: 'yes\n', signals }, 'redrive', '--reason', 'the API is fixed');
  bench.lambda.onTheWay = (event) => event;
  const again = await bench.run('redrive', '--reason', 'the API is fixed', '--yes');

  expect(interrupted.stderr).toContain('Redrive 5 payments of payments in ap-southeast-1? There may be more');
  expect(interrupted).toMatchObject({
    code: 130,
    stdout: expect.stringContaining('Interrupted. For certain: 3 payments done') as string,
  });
  expect(again).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Done: 2 payments done, 0 were decided already, in 1 call.') as string,
  });
  expect((await bench.pipeline.depth('payments')).visible).toBe(5);
  for (const id of ids) {
    const { payment_status, history } = (await bench.pipeline.record(id))!;
    expect({ payment_status, history }).toEqual({
      payment_status: 'PROCESSING',
      history: [
        expect.anything(),
        expect.objectContaining({ reason: expect.stringContaining('the API is fixed') as string }),
      ],
    });
  }
});

test('a discard records its reason, and names the ids that were not found, exit 1', async () => {
  const [id, other] = await deadLetters(2);
  const args = [`--id=${id!}`, '--id=tx-404', '--reason', 'cancelled by the client', '--yes', '--json'];
  const { code, stdout } = await bench.run('discard', ...args);

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    action: 'discard',
    actor: ACTOR,
    dryRun: false,
    discarded: 1,
    left: { notSelected: 1 },
    unreachable: ['tx-404'],
    more: false,
  });
  expect((await bench.pipeline.record(id!))?.history).toContainEqual(
    expect.objectContaining({ actor: ACTOR, reason: expect.stringContaining('cancelled by the client') as string }),
  );
  expect((await bench.pipeline.record(other!))?.history).toHaveLength(1);
});

test('what the function refuses is bad usage, in its words', async () => {
  bench.lambda.functionError = {
    errorType: 'InvalidEventError',
    errorMessage: 'The event is refused, nothing was done: reason must be shorter.',
  };
  expect(await bench.run('redrive', '--yes')).toMatchObject({
    code: 2,
    stderr: 'The event is refused, nothing was done: reason must be shorter.\n',
  });
});
