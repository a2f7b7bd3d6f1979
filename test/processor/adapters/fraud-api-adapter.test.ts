import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FraudApiAdapter, FraudApiRequest } from '../../../src/contract';
import { adaptedProtocol, loadAdapter } from '../../../src/processor/adapters/fraud-api-adapter';
import type { ApiKey, FraudApiSettings } from '../../../src/processor/adapters/http-fraud-api';
import { FraudApiBench } from '../../../tools/kit/cores/fraud-api-bench';
import { newDirectory } from '../../../tools/kit/new-directory';
import { aPayment } from '../../../tools/kit/payments/payments';
import { APPROVES, body, stalls, ScriptedServer, status } from '../../../tools/kit/scripted-server';

const server = new ScriptedServer();
beforeAll(() => server.start());
afterAll(() => server.stop());

const DECISION = { decision: 'review', score: 0.5, reasons: ['by the adapter'] } as const;
const KEY: ApiKey = { read: () => Promise.resolve('the-api-key'), refused: () => undefined };

/** Functions that may break the contract. */
type Loose = Partial<Record<keyof FraudApiAdapter, (...values: never[]) => unknown>>;

function bench(adapter: Loose, settings: Partial<FraudApiSettings> = {}, apiKey?: ApiKey): FraudApiBench {
  const complete = { toRequest: () => ({}), toAnswer: () => DECISION, ...adapter } as FraudApiAdapter;
  const protocol = adaptedProtocol(server.url, complete);
  return new FraudApiBench(server, { protocol, ...settings }, undefined, apiKey);
}

describe('the call', () => {
  async function requestOf(request: FraudApiRequest, apiKey?: ApiKey) {
    server.answers(APPROVES);
    const check = await bench({ toRequest: () => request }, {}, apiKey).check('tx-1');
    expect(check).toEqual({ kind: 'decided', answer: DECISION });
    return server.requests[0]!;
  }

  test('has the parts that the adapter gives', async () => {
    const { method, path, headers, body } = await requestOf({
      method: 'PUT',
      path: '/v2/checks/tx-1?full=1',
      headers: { 'Content-Type': 'text/xml', prefer: 'wait=1' },
      body: '<payment/>',
    });

    expect({ method, path, body }).toEqual({ method: 'PUT', path: '/v2/checks/tx-1?full=1', body: '<payment/>' });
    expect(headers).toMatchObject({ accept: 'application/json', 'content-type': 'text/xml', prefer: 'wait=1' });
  });

  test('is a POST of nothing to the URL by default, with the headers that only the processor sets', async () => {
    const { method, path, headers, body } = await requestOf({}, KEY);

    expect({ method, path, body }).toEqual({ method: 'POST', path: '/check?v=1', body: '' });
    expect(headers).toMatchObject({ authorization: 'Bearer the-api-key', 'idempotency-key': 'tx-1' });
  });

  test('is written without free text and without the key, from a copy', async () => {
    const given: unknown[] = [];
    server.answers(status(500), APPROVES);
    const toRequest = (payment: { amount: number }) => {
      given.push({ ...payment });
      payment.amount = 0;
      return {};
    };
    const toAnswer = (code: number) => (code === 200 ? DECISION : 'transient');
    await bench({ toRequest, toAnswer }, { maxAttempts: 2 }, KEY).check('tx-1');

    const { transaction_id, account_id, amount, currency, beneficiary_id, requested_at } = aPayment({
      transaction_id: 'tx-1',
    });
    const fields = { transaction_id, account_id, amount, currency, beneficiary_id, requested_at };
    expect(given).toEqual([fields, fields]);
  });

  const LONG = 'x'.repeat(65_537);

  test.each<[what: string, request: unknown, fault: string]>([
    ...['https://evil.example/', '//evil.example/', '/\\evil.example', '@evil.example', '.evil.example', ':81/'].map(
      (path): [string, unknown, string] => [path, { path }, 'path must begin with one /, and be in normal form'],
    ),
    ...['/checks/..', '/checks/%2e%2E/admin', '/..\\admin', '/a b', '/a\r\nhost: b', '/ü', '/a#b', ''].map(
      (path): [string, unknown, string] => [path, { path }, 'path must begin with one /, and be in normal form'],
    ),
    ['a long path', { path: `/${LONG}` }, 'path must have at most 2048 characters'],
    ...['authorization', 'Host', 'Content-Length', 'idempotency-key', 'transfer-encoding', 'connection', 'expect'].map(
      (name): [string, unknown, string] => [
        name,
        { headers: { [name]: '1' } },
        `headers must not set ${name.toLowerCase()}`,
      ],
    ),
    ['a header with two lines', { headers: { a: 'b\r\nhost: c' } }, 'headers must be visible ASCII'],
    ['a header name with two lines', { headers: { 'a\r\nhost': 'c' } }, 'headers must have legal names'],
    ['a header that is no text', { headers: { a: 1 } }, 'headers must be texts'],
    ['a method that is not listed', { method: 'DELETE' }, 'method must be one of POST, GET, PUT, PATCH'],
    ['a GET with a body', { method: 'GET', body: '{}' }, 'body must be left out with GET'],
    ['a body that is no text', { body: {} }, 'body must be a text'],
    ['a long body', { body: LONG }, 'body must have at most 64 KiB'],
    ['an unknown field', { url: 'https://evil.example', 4111111111111111: 1 }, 'is not a field of a request'],
    ['nothing', undefined, 'it is not an object'],
    ['a text', 'POST', 'it is not an object'],
  ])('is not made when the adapter returns %j', async (_what, request, fault) => {
    server.answers(APPROVES);
    const client = bench({ toRequest: () => request });

    const check = await client.check();

    expect(check).toEqual({
      kind: 'unavailable',
      cause: expect.stringContaining(`ADAPTER_FAILED (toRequest: ${fault}`) as string,
      failedAt: expect.any(Number) as number,
    });
    expect(server.requests).toEqual([]);
    expect(client.telemetry.counts).toEqual({ FraudCheckErrors: 1 });
  });
});

describe('the answer', () => {
  test('reaches the adapter whatever its status, with lower-case headers and its body', async () => {
    const seen: unknown[] = [];
    const toAnswer = (code: number, headers: Record<string, string>, text: string) => {
      seen.push([code, headers['x-model'], text]);
      return DECISION;
    };
    for (const code of [200, 202, 302, 404, 409, 422, 500]) {
      server.answers(status(code, { 'X-Model': 'v7' }, `body of ${code}`));
      expect(await bench({ toAnswer }).check()).toEqual({ kind: 'decided', answer: DECISION });
      expect(server.requests).toHaveLength(1);
    }
    expect(seen).toEqual([200, 202, 302, 404, 409, 422, 500].map((code) => [code, 'v7', `body of ${code}`]));
  });

  test('is final when the adapter says that the API refuses', async () => {
    server.answers(body('{"valid":false}'));
    const client = bench({ toAnswer: () => 'refused' }, { maxAttempts: 3 });
    expect(await client.check()).toEqual({ kind: 'refused', httpStatus: 200 });
    expect(server.requests).toHaveLength(1);
  });

  test('is followed by more calls while it is transient, after Retry-After', async () => {
    server.answers(status(202), APPROVES);
    const toAnswer = (code: number) => (code === 200 ? DECISION : 'transient');
    expect(await bench({ toAnswer }, { maxAttempts: 2 }).check()).toEqual({ kind: 'decided', answer: DECISION });
    expect(server.requests).toHaveLength(2);

    server.answers(status(202, { 'retry-after': '60' }));
    const failed = await bench({ toAnswer }, { maxAttempts: 2 }).check();
    expect(failed).toMatchObject({ kind: 'unavailable', cause: 'HTTP 202', retryAfterSeconds: 60 });
    expect(server.requests).toHaveLength(1); // a minute is longer than the payment's time
  });

  test('has a Retry-After that counts, too, when the adapter fails or the body is unreadable', async () => {
    const retryAfter = { 'retry-after': '60' };
    server.answers(status(503, retryAfter, '<html>'), status(503, retryAfter, 'x'.repeat(65_537)));
    const toAnswer = (_code: number, _headers: object, text: string) => JSON.parse(text) as unknown;
    const client = bench({ toAnswer }, { maxAttempts: 2 });
    for (const cause of ['toAnswer threw SyntaxError', 'it is longer than 64 KiB'])
      expect(await client.check()).toMatchObject({
        cause: expect.stringContaining(cause) as string,
        retryAfterSeconds: 60,
      });
  });

  test('has the limits of every answer', async () => {
    const toAnswer = jest.fn(() => DECISION);
    server.answers(body('x'.repeat(65_537)), body(Buffer.from([0xff])), stalls);
    for (const cause of ['it is longer than 64 KiB', 'it is not UTF-8', 'timeout'])
      expect(await bench({ toAnswer }, { timeoutMs: 200 }).check()).toMatchObject({
        cause: expect.stringContaining(cause) as string,
      });
    expect(toAnswer).not.toHaveBeenCalled();
  });

  test('has card numbers in its reasons masked', async () => {
    server.answers(APPROVES);
    const reasons = ['card 4111 1111 1111 1111'];
    const check = await bench({ toAnswer: () => ({ ...DECISION, reasons }) }).check();
    expect(check).toMatchObject({ answer: { reasons: ['card **** **** **** ****'] } });
  });

  class RiskError extends Error {}

  test.each<[what: string, toAnswer: Loose['toAnswer'], fault: string]>([
    ['an unknown decision', () => ({ ...DECISION, decision: 'ok' }), 'toAnswer: decision must be one of approve'],
    ['a score in percent', () => ({ ...DECISION, score: 50 }), 'toAnswer: score must be a number from 0 to 1'],
    ['a part of a decision', () => ({ decision: 'approve' }), 'toAnswer: score is missing; reasons is missing'],
    ['another text', () => 'declined', 'toAnswer: it is not an object'],
    ['nothing', () => undefined, 'toAnswer: it is not an object'],
    [
      'reasons without end',
      () => ({ ...DECISION, reasons: ['x'.repeat(65_536)] }),
      'toAnswer: it is longer than 64 KiB',
    ],
    ['a number that JSON lacks', () => ({ ...DECISION, score: 1n }), 'toAnswer threw TypeError'],
    ['a promise', () => Promise.resolve(DECISION), 'toAnswer returned a promise'],
    ['a promise that fails', () => Promise.reject(new Error('SECRET')), 'toAnswer returned a promise'],
    ['an error of its own', () => thrown(new RiskError('SECRET')), 'toAnswer threw RiskError'],
    [
      'an error with a value of the payment as its name',
      () => thrown(Object.assign(new Error('SECRET'), { name: 'SECRET' })),
      'toAnswer threw Error',
    ],
    ['no error', () => thrown('SECRET'), 'toAnswer threw String'],
    ['an object without a class', () => thrown(Object.create(null)), 'toAnswer threw'],
  ])('fails the call when the adapter returns or throws %s', async (_what, toAnswer, fault) => {
    server.answers(body('{"note":"SECRET"}'), APPROVES);
    const client = bench({ toAnswer: toAnswer! });

    const check = await client.check();

    expect(check).toMatchObject({
      kind: 'unavailable',
      cause: expect.stringContaining(`HTTP 200, ADAPTER_FAILED (${fault}`) as string,
    });
    expect(JSON.stringify([check, client.telemetry])).not.toContain('SECRET');
    expect(client.telemetry.counts).toEqual({ FraudCheckErrors: 1 });
  });

  test('is asked for again after a failure of the adapter', async () => {
    server.answers(body('<html>'), APPROVES);
    const toAnswer = (_code: number, _headers: object, text: string) => JSON.parse(text) as unknown;
    const check = await bench({ toAnswer }, { maxAttempts: 2 }).check();
    expect(check).toMatchObject({ kind: 'decided', answer: { decision: 'approve' } });
    expect(server.requests).toHaveLength(2);
  });
});

test('an outage that the adapter makes opens the circuit, as one of the API does', async () => {
  server.answers(APPROVES);
  const client = bench({ toRequest: () => thrown(new Error()) }, { maxAttempts: 4 });
  for (const id of ['tx-1', 'tx-2', 'tx-3']) await client.check(id);
  expect(client.api.isCircuitOpen()).toBe(true);
});

function thrown(error: unknown): never {
  throw error;
}

describe('a module', () => {
  const directory = newDirectory();
  const moduleOf = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return pathToFileURL(join(directory, name)).href;
  };

  test('that exports both functions is an adapter, and an error in it has a line and no message', async () => {
    const text =
      'export const toRequest = () => ({});\nexport function toAnswer(status, headers, body) {\n  throw new Error(body);\n}\n';
    const adapter = await loadAdapter(moduleOf('good.mjs', text));
    server.answers(body('SECRET\n    at x (y.mjs:777:1)'));

    expect(await bench(adapter as unknown as Loose).check()).toMatchObject({
      cause: 'HTTP 200, ADAPTER_FAILED (toAnswer threw Error at line 3)',
    });
  });
});
