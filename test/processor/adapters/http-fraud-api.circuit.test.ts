import type { FraudCheck } from '../../../src/processor/core/ports';
import { FraudApiBench } from '../../../tools/kit/cores/fraud-api-bench';
import { APPROVES, hangs, resets, ScriptedServer, status } from '../../../tools/kit/scripted-server';

const server = new ScriptedServer();
beforeAll(() => server.start());
afterAll(() => server.stop());
afterEach(() => jest.useRealTimers());

const FAILS = status(503);

/** Makes that many failed calls, one after the other, for payments in turn. */
async function fail(client: FraudApiBench, calls: number, payments: number): Promise<void> {
  server.answers(FAILS);
  for (let at = 0; at < calls; at++) await client.check(`failing-${at % payments}`);
}

/** Fails at the same time, as in a batch. */
async function failTogether(client: FraudApiBench, payments: number): Promise<FraudCheck[]> {
  return Promise.all(Array.from({ length: payments }, (_, at) => client.check(`together-${at}`, { budgetMs: 60_000 })));
}

async function anOpenCircuit(): Promise<FraudApiBench> {
  const client = new FraudApiBench(server);
  await fail(client, 10, 3);
  expect(client.api.isCircuitOpen()).toBe(true);
  server.answers(FAILS);
  return client;
}

const REAL = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
] as const;

/** Only the clock: the sockets need real timers. */
function passSeconds(seconds: number): void {
  const now = Date.now();
  jest.useFakeTimers({ now: now + seconds * 1_000, doNotFake: [...REAL, 'setTimeout', 'clearTimeout'] });
}

describe('the circuit opens', () => {
  test.each([3, 5, 10])('after ten failed calls in a row from %i payments', async (payments) => {
    const client = new FraudApiBench(server);
    await fail(client, 9, payments);
    expect(client.api.isCircuitOpen()).toBe(false);
    await client.check('another');
    expect(client.api.isCircuitOpen()).toBe(true);
    expect(client.telemetry.counts).toEqual({ FraudCheckErrors: 10, CircuitOpened: 1 });
  });

  test('counting each call of one receive', async () => {
    const client = new FraudApiBench(server, { maxAttempts: 4 });
    await fail(client, 2, 2);
    await client.check('third');
    expect(client.api.isCircuitOpen()).toBe(true);
    expect(server.requests).toHaveLength(10);
  });

  test.each([1, 2, 4])(
    'when three groups of payments at once have failed with all their calls (%i each), and once',
    async (maxAttempts) => {
      server.answers(FAILS);
      const client = new FraudApiBench(server, { maxAttempts });
      await failTogether(client, 10);
      await failTogether(client, 10);
      expect(client.api.isCircuitOpen()).toBe(false);
      await failTogether(client, 10);
      expect(client.api.isCircuitOpen()).toBe(true);
      expect(client.telemetry.counts.CircuitOpened).toBe(1);
      expect(server.requests.length).toBeLessThanOrEqual(20 * maxAttempts + 10);
    },
  );
});

describe('calls that fail together are one observation', () => {
  test.each([
    ['503', FAILS],
    ['a reset', resets],
    ['a timeout', hangs],
  ])(
    'any number of payments at once gets %s: the circuit stays closed, and each is decided',
    async (_name, blip) => {
      for (const payments of [10, 20, 50]) {
        server.answers(...Array.from({ length: payments }, () => blip), APPROVES);
        const client = new FraudApiBench(
          server,
          { maxAttempts: 4, timeoutMs: blip === hangs ? 2_000 : 30_000 },
          Math.random,
        );
        const checks = await failTogether(client, payments);
        expect(checks.filter(({ kind }) => kind !== 'decided')).toEqual([]);
        if (blip !== hangs) expect(client.telemetry.counts).toEqual({ FraudCheckErrors: payments }); // a busy machine has timeouts of its own
        expect(client.telemetry.counts).not.toHaveProperty('CircuitOpened');
      }
    },
    120_000,
  );

  test('also when a blip outlasts all calls of all of them', async () => {
    server.answers(FAILS);
    const client = new FraudApiBench(server, { maxAttempts: 4 });
    await failTogether(client, 50);
    expect(client.api.isCircuitOpen()).toBe(false);
    expect(client.telemetry.counts).toEqual({ FraudCheckErrors: 200 });
  });

  test('a check that began before the last answer is the first of its row', async () => {
    const client = new FraudApiBench(server, { timeoutMs: 30_000 });
    let failSlow: () => void;
    const received = new Promise<void>((resolve) => {
      server.answers((response) => {
        failSlow = () => FAILS(response);
        resolve();
      });
    });
    const slow = client.check('slow', { budgetMs: 30_000 });
    await received;
    await fail(client, 9, 9);
    server.answers(APPROVES);
    await client.check('answered');
    failSlow!();
    await slow;
    await fail(client, 8, 2);
    expect(client.api.isCircuitOpen()).toBe(false);
    await fail(client, 1, 1);
    expect(client.api.isCircuitOpen()).toBe(true); // ten calls of three payments since the answer
  });
});

describe('the circuit stays closed', () => {
  test.each([1, 2])('after any failures of only %i payments', async (payments) => {
    const client = new FraudApiBench(server);
    await fail(client, 25, payments);
    expect(client.api.isCircuitOpen()).toBe(false);
    expect(server.requests).toHaveLength(25);
  });

  test.each([
    ['a decision', APPROVES],
    ['a refusal', status(422)],
  ])('when %s breaks the row', async (_name, answer) => {
    const client = new FraudApiBench(server);
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

  test.each([1, 2, 4])('a payment on its last receive has all of its %i calls', async (maxAttempts) => {
    const client = new FraudApiBench(server, { maxAttempts });
    await fail(client, 10, 3);
    server.answers(FAILS);
    expect(await client.check('tx-1', { lastReceive: true })).toMatchObject({
      cause: 'HTTP 503',
      failedAt: expect.any(Number) as number,
    });
    expect(server.requests).toHaveLength(maxAttempts);
  });

  test('it is decided by the last of them, or refused', async () => {
    const client = new FraudApiBench(server, { maxAttempts: 4 });
    await fail(client, 10, 3);
    server.answers(FAILS, FAILS, FAILS, APPROVES);
    expect(await client.check('tx-1', { lastReceive: true })).toMatchObject({ kind: 'decided' });
    server.answers(FAILS, status(422));
    expect(await client.check('tx-1', { lastReceive: true })).toEqual({ kind: 'refused', httpStatus: 422 });
  });

  test.each([
    [false, 2],
    [true, 4],
  ])('a receive in which it opens (the last one: %s) has %i calls', async (lastReceive, calls) => {
    const client = new FraudApiBench(server, { maxAttempts: 4 });
    await fail(client, 2, 2);
    server.answers(FAILS);
    expect(await client.check('third', { lastReceive })).toMatchObject({
      cause: 'HTTP 503',
      failedAt: expect.any(Number) as number,
    });
    expect(server.requests).toHaveLength(calls);
  });

  test('and a last receive waits for the call that tests the API, then makes its own', async () => {
    const client = new FraudApiBench(server, { maxAttempts: 2 });
    await fail(client, 10, 5);
    passSeconds(31);
    server.answers(FAILS);
    const [test, last] = await Promise.all([client.check('a'), client.check('b', { lastReceive: true })]);
    expect([test, last]).toMatchObject([{ cause: 'HTTP 503' }, { cause: 'HTTP 503' }]);
    expect(server.requests).toHaveLength(1 + 2);
  });
});

describe('a wait for the circuit', () => {
  /** Whole seconds after which it has ended. @param happens every tenth of a second */
  async function secondsOf(
    client: FraudApiBench,
    latestInS: number,
    happens: (tenths: number) => void = () => undefined,
  ): Promise<number> {
    jest.useFakeTimers({ doNotFake: [...REAL] });
    let isOver = false;
    void client.api.waitForCircuit(Date.now() + latestInS * 1_000).then(() => (isOver = true));
    await jest.advanceTimersByTimeAsync(0);
    let tenths = 0;
    for (; !isOver && tenths < 1_000; tenths++) {
      happens(tenths);
      await jest.advanceTimersByTimeAsync(100);
    }
    return Math.floor(tenths / 10);
  }

  test('ends when a call may test the API: after 30 s, or what is left of them', async () => {
    const client = await anOpenCircuit();
    expect(await secondsOf(client, 45)).toBe(30);
    jest.useRealTimers();
    server.answers(APPROVES);
    passSeconds(30);
    expect(await client.check()).toMatchObject({ kind: 'decided' });
  });

  test('ends at the latest when it is told to', async () => {
    const client = await anOpenCircuit();
    expect(await secondsOf(client, 12)).toBe(12);
    expect(await client.check()).toEqual({ kind: 'unavailable', cause: 'circuit open' });
  });

  test('is no longer when the clock steps back meanwhile', async () => {
    const stepBack = (tenths: number) => {
      if (tenths === 100) jest.setSystemTime(Date.now() - 3_600_000);
    };
    expect(await secondsOf(await anOpenCircuit(), 45, stepBack)).toBe(30);
  });

  test.each([0, -5])('does not begin with %i s left', async (latestInS) => {
    expect(await secondsOf(await anOpenCircuit(), latestInS)).toBe(0);
  });

  test('is none while the circuit is closed', async () => {
    expect(await secondsOf(new FraudApiBench(server), 45)).toBe(0);
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

  test('a bad one opens it again for as long, while the others wait for its outcome', async () => {
    const client = await anOpenCircuit();
    passSeconds(31);
    const checks = await Promise.all(['a', 'b', 'c'].map((id) => client.check(id)));
    expect(checks.map((check) => 'cause' in check && check.cause)).toEqual([
      'HTTP 503',
      'circuit open',
      'circuit open',
    ]);
    expect(server.requests).toHaveLength(1);
    expect(client.api.isCircuitOpen()).toBe(true);
    expect(client.telemetry.counts.CircuitOpened).toBe(2);
    passSeconds(29);
    expect(await client.check()).toMatchObject({ cause: 'circuit open' });
  });
});
