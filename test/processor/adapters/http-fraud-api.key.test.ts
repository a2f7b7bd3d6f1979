import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiKey, ApiKeyError, type KeyLimits } from '../../../src/processor/adapters/http-fraud-api';
import { FraudApiBench } from '../../../tools/kit/cores/fraud-api-bench';
import { APPROVES, hangs, ScriptedServer, status } from '../../../tools/kit/scripted-server';

const server = new ScriptedServer();
beforeAll(() => server.start());
afterAll(() => server.stop());

/** Gives the keys in turn, one for each read; the last one stays. */
class Keys implements ApiKey {
  readonly limits: KeyLimits[] = [];
  readonly staleKeys: string[] = [];
  readonly given: (string | Error)[];

  constructor(...keys: (string | Error)[]) {
    this.given = keys;
  }

  async read(limits: KeyLimits): Promise<string> {
    this.limits.push(limits);
    const key = this.given.length > 1 ? this.given.shift()! : this.given[0]!;
    return typeof key === 'string' ? Promise.resolve(key) : Promise.reject(key);
  }

  refused(key: string): void {
    this.staleKeys.push(key);
  }
}

const clientWith = (apiKey: ApiKey, maxAttempts = 1, timeoutMs = 2_000) =>
  new FraudApiBench(server, { maxAttempts, timeoutMs }, () => 0, apiKey);
const authorizations = () => server.requests.map(({ headers }) => headers.authorization);

test('the key is sent as a bearer token, with the other headers', async () => {
  server.answers(APPROVES);
  await clientWith(new Keys('key-1')).check('tx-1');
  expect(server.requests[0]!.headers).toMatchObject({
    authorization: 'Bearer key-1',
    'content-type': 'application/json',
    'idempotency-key': 'tx-1',
  });
});

test("it may be read as long as the payment's own limits allow", async () => {
  server.answers(APPROVES);
  const keys = new Keys('key-1');
  const { signal } = new AbortController();
  const deadline = Date.now() + 7_000;
  await clientWith(keys).check('tx-1', { signal, deadline });
  expect(keys.limits[0]).toMatchObject({ deadline });
  expect(keys.limits[0]!.signal).toBe(signal);
});

test('HTTP 401 makes the key stale, and the next call reads it again', async () => {
  server.answers(status(401), APPROVES);
  const keys = new Keys('key-1', 'key-2');
  const client = clientWith(keys, 2);
  expect(await client.check()).toMatchObject({ kind: 'decided' });
  expect(keys.staleKeys).toEqual(['key-1']);
  expect(authorizations()).toEqual(['Bearer key-1', 'Bearer key-2']);
  expect(client.telemetry.counts).toEqual({ FraudCheckErrors: 1 });
});

test.each([200, 403, 407, 422, 429, 500])('HTTP %i leaves it as it is', async (code) => {
  server.answers(status(code));
  const keys = new Keys('key-1');
  await clientWith(keys).check();
  expect(keys.staleKeys).toEqual([]);
});

describe('without a readable key', () => {
  const NO_KEY = new ApiKeyError('API key not readable (AccessDeniedException)');

  test('the API is not called: a failed call, which says why', async () => {
    server.answers(APPROVES);
    const client = clientWith(new Keys(NO_KEY));
    expect(await client.check()).toEqual({
      kind: 'unavailable',
      cause: 'API key not readable (AccessDeniedException)',
      failedAt: expect.any(Number) as number,
    });
    expect(server.requests).toEqual([]);
    expect(client.telemetry.counts).toEqual({ FraudCheckErrors: 1 });
    expect(client.telemetry.latencies).toEqual([]);
    expect(client.telemetry.logs).toEqual([{ event: 'Fraud API not called', error_code: NO_KEY.seen }]);
  });

  test('the next call may have one', async () => {
    server.answers(APPROVES);
    const client = clientWith(new Keys(NO_KEY, 'key-1'), 2);
    expect(await client.check()).toMatchObject({ kind: 'decided' });
    expect(authorizations()).toEqual(['Bearer key-1']);
  });

  test('the circuit opens as for any other failure', async () => {
    const client = clientWith(new Keys(NO_KEY));
    for (let at = 0; at < 10; at++) await client.check(`tx-${at % 3}`);
    expect(client.api.isCircuitOpen()).toBe(true);
  });

  test('an error that does not concern the key is not taken for one', async () => {
    await expect(clientWith(new Keys(new RangeError('a bug')), 3).check()).rejects.toThrow(RangeError);
  });
});

describe('the time of the read', () => {
  const READ_MS = 2_000;
  const slow: ApiKey = { read: () => sleep(READ_MS, 'key-1'), refused: () => undefined };

  test("does not count towards the call's timeout, and is not measured as the API's latency", async () => {
    server.answers(APPROVES);
    const client = clientWith(slow, 1, READ_MS - 500);
    expect(await client.check()).toMatchObject({ kind: 'decided' });
    expect(client.telemetry.latencies[0]).toBeLessThan(READ_MS);
  });

  test("is the payment's: the call has what is left", async () => {
    server.answers(hangs);
    const began = Date.now();
    await clientWith(slow, 1, 60_000).check('tx-1', { budgetMs: READ_MS + 1_000 });
    expect(Date.now() - began).toBeLessThan(30_000);
    expect(server.requests).toHaveLength(1);
  });
});
