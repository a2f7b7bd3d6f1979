import { FraudApiClient } from '../../support/fraud-api-client';
import { APPROVES, ScriptedServer, status } from '../../support/http-server';

const server = new ScriptedServer();
beforeAll(() => server.start());
afterAll(() => server.stop());
afterEach(() => jest.useRealTimers());

const FAILS = status(503);

/** So many failed tries, one after the other, of payments in turn. */
async function fail(client: FraudApiClient, tries: number, payments: number): Promise<void> {
  server.answers(FAILS);
  for (let at = 0; at < tries; at++) await client.check(`failing-${at % payments}`);
}

async function anOpenCircuit(): Promise<FraudApiClient> {
  const client = new FraudApiClient(server);
  await fail(client, 10, 3);
  expect(client.api.isCircuitOpen()).toBe(true);
  server.answers(FAILS);
  return client;
}

/** Only the clock: the sockets need real timers. */
function passSeconds(seconds: number): void {
  const now = Date.now();
  jest.useFakeTimers({
    now: now + seconds * 1_000,
    doNotFake: ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'],
  });
}

describe('the circuit opens', () => {
  test.each([3, 5, 10])('after ten failed tries in a row from %i payments', async (payments) => {
    const client = new FraudApiClient(server);
    await fail(client, 9, payments);
    expect(client.api.isCircuitOpen()).toBe(false);
    await client.check('another');
    expect(client.api.isCircuitOpen()).toBe(true);
    expect(client.telemetry.counts).toEqual({ FraudCheckErrors: 10, CircuitOpened: 1 });
  });

  test('counting the tries of one receive singly', async () => {
    const client = new FraudApiClient(server, { maxAttempts: 4 });
    await fail(client, 2, 2);
    await client.check('third');
    expect(client.api.isCircuitOpen()).toBe(true);
    expect(server.requests).toHaveLength(10);
  });

  test('for calls at the same time too, and once', async () => {
    server.answers(FAILS);
    const client = new FraudApiClient(server);
    await Promise.all(Array.from({ length: 20 }, (_, at) => client.check(`tx-${at}`)));
    expect(client.api.isCircuitOpen()).toBe(true);
    expect(client.telemetry.counts.CircuitOpened).toBe(1);
  });
});

describe('the circuit stays closed', () => {
  test.each([1, 2])('whatever the failures of only %i payments', async (payments) => {
    const client = new FraudApiClient(server);
    await fail(client, 25, payments);
    expect(client.api.isCircuitOpen()).toBe(false);
    expect(server.requests).toHaveLength(25);
  });

  test.each([
    ['a decision', APPROVES],
    ['a refusal', status(422)],
  ])('when %s breaks the row', async (_name, answer) => {
    const client = new FraudApiClient(server);
    for (let round = 0; round < 3; round++) {
      await fail(client, 9, 9);
      server.answers(answer);
      await client.check('answered');
    }
    expect(client.api.isCircuitOpen()).toBe(false);
    await fail(client, 10, 2); // the payments of former rows do not count either
    expect(client.api.isCircuitOpen()).toBe(false);
  });
});

describe('while the circuit is open', () => {
  test('no call is made, and the check says that it made none', async () => {
    const client = await anOpenCircuit();
    expect(await client.check()).toEqual({ kind: 'unavailable', cause: 'circuit open' });
    expect(server.requests).toEqual([]);
    expect(client.telemetry.latencies).toHaveLength(10);
  });

  test('a payment on its last receive has exactly one try, however many are allowed', async () => {
    const client = new FraudApiClient(server, { maxAttempts: 4 });
    await fail(client, 3, 3);
    server.answers(FAILS);
    expect(await client.check('tx-1', { lastReceive: true })).toMatchObject({ cause: 'HTTP 503', failedAt: expect.any(Number) as number });
    expect(server.requests).toHaveLength(1);
  });

  test('that one try may succeed, or refuse', async () => {
    const client = await anOpenCircuit();
    server.answers(APPROVES);
    expect(await client.check('tx-1', { lastReceive: true })).toMatchObject({ kind: 'decided' });
    server.answers(status(404));
    expect(await client.check('tx-1', { lastReceive: true })).toEqual({ kind: 'refused', httpStatus: 404 });
  });

  test('a receive in which it opens stops there, with the try it had', async () => {
    const client = new FraudApiClient(server, { maxAttempts: 4 });
    await fail(client, 2, 2);
    server.answers(FAILS);
    expect(await client.check('third', { lastReceive: true })).toMatchObject({ cause: 'HTTP 503', failedAt: expect.any(Number) as number });
    expect(server.requests).toHaveLength(2);
  });
});

describe('after half a minute', () => {
  test('not sooner', async () => {
    const client = await anOpenCircuit();
    passSeconds(29);
    expect(await client.check()).toEqual({ kind: 'unavailable', cause: 'circuit open' });
    expect(server.requests).toEqual([]);
  });

  test('one call tests the API, and a good one closes the circuit', async () => {
    const client = await anOpenCircuit();
    passSeconds(31);
    server.answers(APPROVES);
    expect(await client.check()).toMatchObject({ kind: 'decided' });
    expect(client.api.isCircuitOpen()).toBe(false);
    server.answers(FAILS);
    await client.check();
    expect(client.api.isCircuitOpen()).toBe(false);
  });

  test('a bad one opens it anew for as long, while the others wait for its outcome', async () => {
    const client = await anOpenCircuit();
    passSeconds(31);
    const checks = await Promise.all(['a', 'b', 'c'].map((id) => client.check(id)));
    expect(checks.map((check) => 'cause' in check && check.cause)).toEqual(['HTTP 503', 'circuit open', 'circuit open']);
    expect(server.requests).toHaveLength(1);
    expect(client.api.isCircuitOpen()).toBe(true);
    expect(client.telemetry.counts.CircuitOpened).toBe(2);
    passSeconds(29);
    expect(await client.check()).toMatchObject({ cause: 'circuit open' });
  });
});
