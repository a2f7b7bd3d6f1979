import { setTimeout as sleep } from 'node:timers/promises';
import { FunctionStartError } from '../../tools/kit/embedded/function-process';
import { payment } from '../../tools/kit/payments/black-box-payments';
import { ProcessorBench } from '../../tools/kit/bundles/processor-bench';
import { FakeSecretsManager, type SecretAnswer } from '../../tools/kit/bundles/fake-secrets-manager';
import { type Answer, APPROVE } from '../../tools/kit/bundles/scripted-fraud-api';
import { TraceDaemon } from '../../tools/kit/bundles/trace-daemon';

const ARN = 'arn:aws:secretsmanager:ap-southeast-1:123456789012:secret:fraud-api-key-AbCdEf';
const UNAUTHORIZED = { status: 401 };

let secrets: FakeSecretsManager;
let bench: ProcessorBench;
let withKey: Record<'FRAUD_API_KEY_SECRET_ARN' | 'AWS_ENDPOINT_URL_SECRETS_MANAGER', string>;
beforeAll(async () => {
  secrets = await FakeSecretsManager.start();
  withKey = { FRAUD_API_KEY_SECRET_ARN: ARN, AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint };
  bench = await ProcessorBench.start(withKey);
});
afterAll(async () => {
  await bench.close();
  await secrets.close();
});

/** In the order in which the API was called for that payment. */
const authorizations = (id: string) => bench.fraud.callsFor(id).map(({ headers }) => headers.authorization);

/** The API refuses the key that the environment has, and accepts this one from then on. */
async function know(secret: string): Promise<void> {
  const paid = payment();
  secrets.answers({ secret });
  bench.fraud.script(paid.transaction_id, UNAUTHORIZED, APPROVE);
  await bench.pay({ body: paid });
  expect(authorizations(paid.transaction_id).at(-1)).toBe(`Bearer ${secret.trim()}`);
  secrets.calls.length = 0;
}

test('the key is read once for many payments and invocations, and sent with each', async () => {
  secrets.answers({ secret: ' key-1\n' });
  const payments = Array.from({ length: 10 }, () => payment());
  expect((await bench.pay(...payments.map((body) => ({ body })))).sum('PaymentsApproved')).toBe(10);
  const later = payment();
  await bench.pay({ body: later });

  expect([...payments, later].flatMap(({ transaction_id }) => authorizations(transaction_id))).toEqual(
    Array(11).fill('Bearer key-1'),
  );
  expect(secrets.calls).toMatchObject([{ operation: 'GetSecretValue', secretId: ARN, region: 'ap-southeast-1' }]);
});

test('HTTP 401 after a rotation: the new key is read once, and decides within the same receive', async () => {
  await know('key-1');
  secrets.answers({ secret: 'key-2' });
  const payments = Array.from({ length: 5 }, () => payment());
  const allCalled = async () => {
    while (payments.some(({ transaction_id }) => bench.fraud.callsFor(transaction_id).length === 0)) await sleep(5);
  };
  for (const { transaction_id } of payments)
    bench.fraud.script(transaction_id, { ...UNAUTHORIZED, meanwhile: allCalled }, APPROVE);
  const run = await bench.pay(...payments.map((body) => ({ body })));
  expect([run.returned, run.sum('PaymentsApproved'), run.sum('FraudCheckErrors')]).toEqual([[], 5, 5]);
  for (const { transaction_id } of payments)
    expect(authorizations(transaction_id)).toEqual(['Bearer key-1', 'Bearer key-2']);
  expect(secrets.calls).toHaveLength(1);
});

test('HTTP 401 with the key as it was stays transient: returned to the queue, and not dead-lettered', async () => {
  await know('key-1');
  const paid = payment();
  bench.fraud.script(paid.transaction_id, UNAUTHORIZED);
  const messages = await bench.deliver({ body: paid });
  const run = await bench.run(messages);
  expect(run.returned).toEqual([0]);
  expect(authorizations(paid.transaction_id)).toEqual(['Bearer key-1', 'Bearer key-1']);
  expect(secrets.calls).toHaveLength(1);
  expect(await bench.record(paid.transaction_id)).toMatchObject({ payment_status: 'PROCESSING' });
  expect(await bench.deadLettersOf(messages[0]!)).toEqual([]);
});

describe('with one call in a receive, and with all logs and traces', () => {
  let daemon: TraceDaemon;
  beforeAll(async () => {
    daemon = await TraceDaemon.start();
    await bench.restart({
      ...withKey,
      FRAUD_API_MAX_ATTEMPTS: '1',
      POWERTOOLS_LOG_LEVEL: 'DEBUG',
      ...daemon.environment,
    });
  });
  afterAll(() => daemon.close());

  test.each<readonly [string, SecretAnswer]>([
    ['may not be read', { error: 'AccessDeniedException' }],
    ['is empty', { secret: ' \n' }],
    ['is binary', 'binary'],
    ['is no legal header value', { secret: 'key\r\nx-other: 1' }],
  ])('a secret that %s: payments are returned to the queue without a call of the API', async (_name, answer) => {
    secrets.answers(answer);
    const paid = payment();
    const messages = await bench.deliver({ body: paid });
    const run = await bench.run(messages);
    expect([run.returned, run.sum('PaymentsRetried'), run.sum('FraudCheckErrors')]).toEqual([[0], 1, 1]);
    expect(bench.fraud.callsFor(paid.transaction_id)).toEqual([]);
    expect(secrets.calls).toHaveLength(1);
    expect(await bench.deadLettersOf(messages[0]!)).toEqual([]);
  });

  test('a payment on its last receive fails as in any outage, and its record says why', async () => {
    secrets.answers({ error: 'AccessDeniedException' });
    const paid = payment();
    const messages = await bench.deliver({ body: paid, receiveCount: 3 });
    expect((await bench.run(messages)).returned).toEqual([]);
    expect(await bench.record(paid.transaction_id)).toMatchObject({
      payment_status: 'FAILED',
      failure_code: 'FRAUD_CHECK_UNAVAILABLE',
      failure_message: expect.stringContaining('API key not readable (AccessDeniedException)') as string,
    });
    expect(await bench.deadLettersOf(messages[0]!)).toHaveLength(1);
  });

  test('Secrets Manager does not answer: the payment keeps to its time, and the next receive reads again', async () => {
    secrets.answers('hang', { secret: 'key-3' });
    const paid = payment();
    const messages = await bench.deliver({ body: paid });
    const run = await bench.run(messages, 5_300); // the reserve, and 0.3 s
    expect(run.returned).toEqual([0]);
    expect(run.durationMs).toBeLessThan(1_500);
    await sleep(50);
    expect(secrets.calls.map(({ ended }) => ended)).toEqual([true]);
    expect((await bench.run(messages)).returned).toEqual([]);
    expect(authorizations(paid.transaction_id)).toEqual(['Bearer key-3']);
    expect(secrets.calls).toHaveLength(2);
  });

  test('the key is in no log line, no metric, no trace and no record after any fault', async () => {
    const records: unknown[] = [];
    const pay = async (secret: SecretAnswer, ...answers: Answer[]) => {
      secrets.answers(secret);
      const payments = answers.map((answer) => {
        const paid = payment();
        bench.fraud.script(paid.transaction_id, answer);
        return paid;
      });
      await bench.pay(...payments.map((body) => ({ body, receiveCount: 3 })));
      for (const { transaction_id } of payments) records.push(await bench.record(transaction_id));
    };
    await pay({ secret: 'not yet' }, UNAUTHORIZED); // and the known key is forgotten
    await pay({ secret: 'MARKED\r\nkey' }, APPROVE);
    await pay({ secret: 'MARKED-kéy' }, APPROVE);
    await pay({ error: 'InvalidRequestException', message: 'MARKED-message' }, APPROVE);
    const echo = { body: 'MARKED-key', headers: { 'www-authenticate': 'MARKED-key' } };
    await pay({ secret: 'MARKED-key' }, { ...echo, status: 401 }, { ...echo, status: 422 }, 'reset', APPROVE);
    expect(bench.fraud.calls.at(-1)!.headers.authorization).toBe('Bearer MARKED-key');
    await bench.restart(); // every line is here then

    expect(records.map((record) => (record as { payment_status: string }).payment_status)).toEqual([
      ...Array<string>(7).fill('FAILED'),
      'APPROVED',
    ]);
    expect(daemon.datagrams.length).toBeGreaterThan(records.length);
    expect(
      [...bench.lines, ...daemon.datagrams, JSON.stringify(records)].filter((text) => /marked/i.test(text)),
    ).toEqual([]);
    expect(bench.lines.filter((line) => line.includes('API key not readable (InvalidRequestException)'))).not.toEqual(
      [],
    );
  });
});

test('without the variable nothing is read, and no authorization is sent', async () => {
  await bench.restart({ AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.endpoint });
  secrets.answers({ secret: 'key-5' });
  const paid = payment();
  bench.fraud.script(paid.transaction_id, UNAUTHORIZED, APPROVE);
  expect((await bench.pay({ body: paid })).returned).toEqual([]);
  const calls = bench.fraud.callsFor(paid.transaction_id);
  expect(calls).toHaveLength(2);
  for (const { headers } of calls) expect(headers).not.toHaveProperty('authorization');
  expect(secrets.calls).toEqual([]);
});

test('the function does not start with another ARN, and does not show it', async () => {
  await bench.restart({ FRAUD_API_KEY_SECRET_ARN: 'arn:aws:ssm:ap-southeast-1:123456789012:parameter/MARKED' });
  const start = bench.run([]);
  await expect(start).rejects.toThrow(FunctionStartError);
  await expect(start).rejects.toThrow(/: EnvironmentError: Bad environment: FRAUD_API_KEY_SECRET_ARN must be [^;]+\.$/);
  await expect(start).rejects.not.toThrow('MARKED');
});
