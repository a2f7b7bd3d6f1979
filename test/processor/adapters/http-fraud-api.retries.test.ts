import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FraudApiBench } from '../../../tools/kit/cores/fraud-api-bench';
import { APPROVES, hangs, ScriptedServer, stalls, status } from '../../../tools/kit/scripted-server';

const server = new ScriptedServer();
beforeAll(() => server.start());
afterAll(() => server.stop());

async function took(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

test.each([1, 2, 4])('with %i calls allowed, as many are made, all under one idempotency key', async (maxAttempts) => {
  server.answers(status(500));
  const client = new FraudApiBench(server, { maxAttempts });
  expect(await client.check('tx-7')).toMatchObject({ kind: 'unavailable', cause: 'HTTP 500' });
  expect(server.requests.map(({ headers }) => headers['idempotency-key'])).toEqual(
    Array.from({ length: maxAttempts }, () => 'tx-7'),
  );
  expect(client.telemetry.counts).toEqual({ FraudCheckErrors: maxAttempts });
});

test('the backoff between calls doubles: up to 100, 200, 400 ms', async () => {
  server.answers(status(500));
  const client = new FraudApiBench(server, { maxAttempts: 4 }, () => 0.5);
  const ms = await took(client.check());
  expect(ms).toBeGreaterThanOrEqual(50 + 100 + 200 - 5);
  expect(ms).toBeLessThan(100 + 200 + 400);
});

test('a call that hangs is given up after its own timeout, also in the middle of an answer', async () => {
  const client = new FraudApiBench(server, { maxAttempts: 2, timeoutMs: 50 });
  for (const trouble of [hangs, stalls]) {
    server.answers(trouble);
    expect(await took(client.check())).toBeLessThan(1_000);
    expect(server.requests).toHaveLength(2);
  }
});

test('also when the garbage is collected meanwhile, as the timer of AbortSignal.timeout may be', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  server.answers(hangs);
  const client = new FraudApiBench(server, { timeoutMs: 100 });
  const checks = Array.from({ length: 5 }, (_, at) => client.check(`tx-${at}`));
  for (const ms of [20, 40, 60]) setTimeout(collectGarbage, ms);
  // A collected timer would never go off, and the checks would never end.
  expect((await Promise.all(checks)).map(({ kind }) => kind)).toEqual(checks.map(() => 'unavailable'));
});

test("a call does not outlast the payment's budget", async () => {
  server.answers(hangs);
  const client = new FraudApiBench(server, { maxAttempts: 3, timeoutMs: 60_000 });
  expect(await took(client.check('tx-budget', { budgetMs: 500 }))).toBeGreaterThan(400);
  // Calls that the test before gave up may only reach the server now; a busy machine may send none in this time.
  const calls = server.requests.filter(({ headers }) => headers['idempotency-key'] === 'tx-budget');
  expect(calls.length).toBeLessThanOrEqual(1);
});

test('without a budget there is no call, and no failedAt', async () => {
  server.answers(APPROVES);
  const client = new FraudApiBench(server);
  expect(await client.check('tx-1', { budgetMs: 0 })).toEqual({ kind: 'unavailable', cause: 'no time left' });
  expect(server.requests).toEqual([]);
});

test('a backoff that would outlast the budget is not begun', async () => {
  server.answers(status(500));
  const client = new FraudApiBench(server, { maxAttempts: 3 }, () => 0.99);
  await client.check('tx-1', { budgetMs: 60 });
  expect(server.requests).toHaveLength(1);

  server.answers(status(503, { 'retry-after': '5' }));
  expect(await took(client.check('tx-1', { budgetMs: 3_000 }))).toBeLessThan(2_000);
  expect(server.requests).toHaveLength(1);
});

describe('Retry-After', () => {
  test('in seconds delays the next call when the budget allows', async () => {
    server.answers(status(429, { 'retry-after': '1' }), APPROVES);
    const client = new FraudApiBench(server, { maxAttempts: 2 });
    const check = client.check();
    expect(await took(check)).toBeGreaterThanOrEqual(990);
    expect(await check).toMatchObject({ kind: 'decided' });
  });

  test.each([429, 503, 307])('beyond the budget ends this receive and is passed on: HTTP %i', async (code) => {
    server.answers(status(code, { 'retry-after': '120' }));
    const client = new FraudApiBench(server, { maxAttempts: 3 });
    expect(await client.check()).toMatchObject({ kind: 'unavailable', cause: `HTTP ${code}`, retryAfterSeconds: 120 });
    expect(server.requests).toHaveLength(1);
  });

  test('as a date', async () => {
    server.answers(status(503, { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }));
    const check = await new FraudApiBench(server, { maxAttempts: 3 }).check();
    const { retryAfterSeconds } = check as { retryAfterSeconds: number };
    expect([retryAfterSeconds > 3_590, retryAfterSeconds <= 3_600]).toEqual([true, true]);
    expect(server.requests).toHaveLength(1);
  });

  test.each([['soon'], [''], ['0'], ['Thu, 01 Jan 1970 00:00:00 GMT']])('%j asks for no delay', async (value) => {
    server.answers(status(503, { 'retry-after': value }), APPROVES);
    const client = new FraudApiBench(server, { maxAttempts: 2 });
    const check = client.check();
    expect(await took(check)).toBeLessThan(500);
    expect(await check).toMatchObject({ kind: 'decided' });
  });

  test('of the last call counts, not of an earlier one', async () => {
    server.answers(status(503, { 'retry-after': '0' }), status(500));
    const check = await new FraudApiBench(server, { maxAttempts: 2 }).check();
    expect(check).not.toHaveProperty('retryAfterSeconds');
  });
});

describe('when the invocation ends', () => {
  test.each([
    ['while the API is silent', hangs],
    ['in the middle of an answer', stalls],
  ])('%s the call ends at once, and there is no other', async (_name, trouble) => {
    const calls = new AbortController();
    server.answers((response) => {
      trouble(response);
      setTimeout(() => {
        calls.abort();
      }, 40);
    });
    const client = new FraudApiBench(server, { maxAttempts: 3, timeoutMs: 60_000 });
    expect(await client.check('tx-1', { signal: calls.signal, budgetMs: 120_000 })).toMatchObject({
      kind: 'unavailable',
    });
    expect(server.requests).toHaveLength(1);
    expect(client.telemetry.counts).toEqual({ FraudCheckErrors: 1 });
  });

  test('before the call: nothing reaches the API', async () => {
    server.answers(APPROVES);
    const client = new FraudApiBench(server, { maxAttempts: 3 });
    expect(await client.check('tx-1', { signal: AbortSignal.abort() })).toMatchObject({ kind: 'unavailable' });
    expect(server.requests).toEqual([]);
  });
});
