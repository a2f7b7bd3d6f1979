import { gzipSync } from 'node:zlib';
import { FraudApiClient } from '../../support/fraud-api-client';
import { APPROVES, body, hangs, resets, ScriptedServer, stalls, status } from '../../support/http-server';

const server = new ScriptedServer();
beforeAll(() => server.start());
afterAll(() => server.stop());

const ANSWER = '{"decision":"approve","score":0.25,"reasons":["known payer"]}';
const APPROVED = { kind: 'decided', answer: { decision: 'approve', score: 0.25, reasons: ['known payer'] } };

test('the call is what the contract says, to the letter', async () => {
  server.answers(APPROVES);
  await new FraudApiClient(server).check('tx-1');
  expect(server.requests).toHaveLength(1);
  const { method, path, headers, body: sent } = server.requests[0]!;
  expect({ method, path }).toEqual({ method: 'POST', path: '/check?v=1' });
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': 'tx-1' });
  expect(headers).not.toHaveProperty('authorization');
  expect(JSON.parse(sent)).toEqual({
    transaction_id: 'tx-1',
    account_id: 'alice',
    amount: 1_050,
    currency: 'EUR',
    beneficiary_id: 'bob',
    requested_at: '2026-01-02T03:04:05Z',
  });
});

test('a decision is passed on, and measured as one call', async () => {
  server.answers(APPROVES);
  const client = new FraudApiClient(server);
  expect(await client.check()).toEqual(APPROVED);
  expect(client.telemetry.latencies).toEqual([expect.any(Number)]);
  expect(client.telemetry.counts).toEqual({});
});

test.each([400, 402, 404, 405, 406, 409, 410, 411, 413, 415, 418, 422, 431, 451, 499])('HTTP %i refuses the payment for good: one try', async (code) => {
  server.answers(status(code, {}, 'no'));
  const client = new FraudApiClient(server, { maxAttempts: 3 });
  expect(await client.check()).toEqual({ kind: 'refused', httpStatus: code });
  expect(server.requests).toHaveLength(1);
  expect(client.telemetry.counts).toEqual({});
});

const CODES = [
  201, 202, 203, 204, 205, 206, 226, 300, 301, 302, 303, 304, 307, 308, 401, 403, 408, 425, 429, 500, 501, 502, 503, 504, 505, 511, 599,
];

test.each(CODES)('HTTP %i is tried again, whatever it says, and not followed', async (code) => {
  const elsewhere = { location: `${server.url}&followed` };
  const mayHaveBody = ![204, 205, 304].includes(code);
  server.answers(status(code, elsewhere, mayHaveBody ? ANSWER : undefined), APPROVES);
  const client = new FraudApiClient(server, { maxAttempts: 2 });
  expect(await client.check()).toEqual(APPROVED);
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /check?v=1', 'POST /check?v=1']);
  expect(client.telemetry.counts).toEqual({ FraudCheckErrors: 1 });
  expect(client.telemetry.latencies).toHaveLength(2);
});

test.each([408, 503])('HTTP %i to the last: unavailable, with what was seen and when', async (code) => {
  server.answers(status(code));
  const began = Date.now();
  const check = await new FraudApiClient(server).check();
  expect(check).toEqual({ kind: 'unavailable', cause: `HTTP ${code}`, failedAt: expect.any(Number) as number });
  const { failedAt } = check as { failedAt: number };
  expect([failedAt >= began, failedAt <= Date.now()]).toEqual([true, true]);
});

test.each([
  ['nothing', ''],
  ['a page', '<html>maintenance</html>'],
  ['an answer cut short', ANSWER.slice(0, -1)],
  ['another shape', '{"decision":"approve"}'],
  ['bytes that are no UTF-8', Buffer.from(ANSWER.replace('known', '\xff\xfe'), 'latin1')],
  ['an answer of more than 64 KB', ANSWER.replace('known', 'x'.repeat(65_536))],
  ['an answer that is compressed, but does not say so', gzipSync(ANSWER)],
])('HTTP 200 with %s is tried again', async (_name, text) => {
  server.answers(body(text), APPROVES);
  const client = new FraudApiClient(server, { maxAttempts: 2 });
  expect(await client.check()).toEqual(APPROVED);
  expect(server.requests).toHaveLength(2);
  server.answers(body(text));
  expect(await new FraudApiClient(server).check()).toMatchObject({ kind: 'unavailable' });
});

test('an answer of just 64 KB, in a few pieces, is read', async () => {
  const reason = 'x'.repeat(65_536 - ANSWER.length + 'known payer'.length);
  const text = ANSWER.replace('known payer', reason);
  expect(text).toHaveLength(65_536);
  server.answers((response) => {
    response.writeHead(200).write(text.slice(0, 30_000));
    setTimeout(() => response.end(text.slice(30_000)), 5);
  });
  expect(await new FraudApiClient(server).check()).toMatchObject({ kind: 'decided', answer: { reasons: [reason] } });
});

test.each([
  ['a connection that is reset', resets],
  ['an API that does not answer', hangs],
  ['an answer that does not end', stalls],
])('%s is tried again', async (_name, trouble) => {
  server.answers(trouble, APPROVES);
  const client = new FraudApiClient(server, { maxAttempts: 2, timeoutMs: 60 });
  expect(await client.check()).toEqual(APPROVED);
  expect(client.telemetry.counts).toEqual({ FraudCheckErrors: 1 });
});

test('nobody listening is unavailable, not an exception', async () => {
  const client = new FraudApiClient(server, { url: 'http://127.0.0.1:1/' });
  expect(await client.check()).toMatchObject({ kind: 'unavailable', failedAt: expect.any(Number) as number });
});
