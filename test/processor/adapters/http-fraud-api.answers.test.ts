import { gzipSync } from 'node:zlib';
import { contractProtocol } from '../../../src/processor/adapters/fraud-api-protocol';
import { FraudApiBench } from '../../../tools/kit/cores/fraud-api-bench';
import {
  type Answer,
  APPROVES,
  body,
  hangs,
  resets,
  ScriptedServer,
  stalls,
  status,
} from '../../../tools/kit/scripted-server';

const server = new ScriptedServer();
beforeAll(() => server.start());
afterAll(() => server.stop());

const ANSWER = '{"decision":"approve","score":0.25,"reasons":["known payer"]}';
const APPROVED = { kind: 'decided', answer: { decision: 'approve', score: 0.25, reasons: ['known payer'] } };

test('the call is what the contract says, to the letter', async () => {
  server.answers(APPROVES);
  await new FraudApiBench(server).check('tx-1');
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
  const client = new FraudApiBench(server);
  expect(await client.check()).toEqual(APPROVED);
  expect(client.telemetry.latencies).toEqual([expect.any(Number)]);
  expect(client.telemetry.counts).toEqual({});
});

test.each([400, 422])('HTTP %i refuses the payment permanently: one call', async (code) => {
  server.answers(status(code, {}, 'no'));
  const client = new FraudApiBench(server, { maxAttempts: 3 });
  expect(await client.check()).toEqual({ kind: 'refused', httpStatus: code });
  expect(server.requests).toHaveLength(1);
  expect(client.telemetry.counts).toEqual({});
});

/** RFC 9110: a class that is known stands for a status of it that is not. */
const CODES = [
  ...[201, 202, 203, 204, 205, 206, 226, 299],
  ...[300, 301, 302, 303, 304, 305, 307, 308, 399],
  ...[
    401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 423, 424, 425, 426,
    428, 429, 431, 451, 499,
  ],
  ...[500, 501, 502, 503, 504, 505, 511, 599],
];

test.each(CODES)('HTTP %i leads to another call with any body, and no redirect is followed', async (code) => {
  const elsewhere = { location: `${server.url}&followed` };
  const mayHaveBody = ![204, 205, 304].includes(code);
  server.answers(status(code, elsewhere, mayHaveBody ? ANSWER : undefined), APPROVES);
  const client = new FraudApiBench(server, { maxAttempts: 2 });
  expect(await client.check()).toEqual(APPROVED);
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /check?v=1',
    'POST /check?v=1',
  ]);
  expect(client.telemetry.counts).toEqual({ FraudCheckErrors: 1 });
  expect(client.telemetry.latencies).toHaveLength(2);
});

test.each([408, 503])('HTTP %i to the last: unavailable, with what was seen and when', async (code) => {
  server.answers(status(code));
  const began = Date.now();
  const check = await new FraudApiBench(server).check();
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
])('HTTP 200 with %s leads to another call', async (_name, text) => {
  server.answers(body(text), APPROVES);
  const client = new FraudApiBench(server, { maxAttempts: 2 });
  expect(await client.check()).toEqual(APPROVED);
  expect(server.requests).toHaveLength(2);
  server.answers(body(text));
  expect(await new FraudApiBench(server).check()).toMatchObject({ kind: 'unavailable' });
});

test('an answer of just 64 KB, in a few pieces, is read', async () => {
  const reason = 'x'.repeat(65_536 - ANSWER.length + 'known payer'.length);
  const text = ANSWER.replace('known payer', reason);
  expect(text).toHaveLength(65_536);
  server.answers((response) => {
    response.writeHead(200).write(text.slice(0, 30_000));
    setTimeout(() => response.end(text.slice(30_000)), 5);
  });
  expect(await new FraudApiBench(server).check()).toMatchObject({ kind: 'decided', answer: { reasons: [reason] } });
});

test.each([
  ['a connection that is reset', resets],
  ['an API that does not answer', hangs],
  ['an answer that does not end', stalls],
])('%s leads to another call', async (_name, trouble) => {
  server.answers(trouble, APPROVES);
  const client = new FraudApiBench(server, { maxAttempts: 2, timeoutMs: 60 });
  expect(await client.check()).toEqual(APPROVED);
  expect(client.telemetry.counts).toEqual({ FraudCheckErrors: 1 });
});

/** The answers with a repeated key, which two readers would understand differently. */
const TWICE = '{"decision":"decline","score":0.9,"reasons":["stolen"],"decision":"approve"}';

test.each([
  ['{"status":"APPROVED"}', 'decision is missing; score is missing; reasons is missing'],
  ['{"decision":"approve","reasons":[]}', 'score is missing'],
  [
    '{"decision":"APPROVED","score":"0.5","reasons":[]}',
    'decision must be one of approve, decline, review; score must be a number from 0 to 1',
  ],
  ['{"decision":"approve","score":0.5,"reasons":["4111111111111111",4]}', 'reasons must be a list of texts'],
  ['[]', 'it is not an object'],
  ['<html>', 'it is not JSON'],
  [TWICE, 'it repeats a key'],
  [TWICE.replace(/"decision"(?=:"approve")/, String.raw`"d\u0065cision"`), 'it repeats a key'],
  [TWICE.replace('decline', 'approve'), 'it repeats a key'],
  ['{"decision":"approve","score":0.5,"reasons":[],"more":{"a":1,"a":2}}', 'it repeats a key'],
  ['{"decision":"approve","score":0.5,"reasons":[],"more":[{"a":1},{"a":2,"b":"\\":","a":3}]}', 'it repeats a key'],
])('%s is unreadable, and the cause says why without a value of it', async (text, fault) => {
  server.answers(body(text));
  expect(await new FraudApiBench(server).check()).toMatchObject({
    kind: 'unavailable',
    cause: `HTTP 200 with an unreadable answer (${fault})`,
  });
});

test('card numbers in reasons are masked, and nothing else', async () => {
  const reasons = ['card 4111 1111 1111 1111 stolen', '5500-0000-0000-0004', 'score 0.9 at 2026-01-02', '\u001b[2J'];
  server.answers(body(JSON.stringify({ decision: 'decline', score: 0.9, reasons })));
  expect(await new FraudApiBench(server).check()).toMatchObject({
    answer: {
      reasons: ['card **** **** **** **** stolen', '****-****-****-****', 'score 0.9 at 2026-01-02', '\u001b[2J'],
    },
  });
});

describe('interim answers are skipped (RFC 9110, 15.2)', () => {
  const interim = (...codes: number[]) =>
    codes.map((code) => `HTTP/1.1 ${code} Interim\r\nlink: </style.css>\r\n\r\n`).join('');
  const after =
    (text: string): Answer =>
    (response) => {
      response.socket?.write(text);
      setTimeout(() => {
        APPROVES(response);
      }, 5);
    };

  test.each([
    ['100, without an Expect header', [100]],
    ['102', [102]],
    ['103', [103]],
    ['one that is not known', [199]],
    ['several kinds', [100, 102, 103, 100, 150]],
    ['two hundred', Array.from({ length: 200 }, () => 100)],
  ])('%s', async (_name, codes) => {
    server.answers(after(interim(...codes)));
    const client = new FraudApiBench(server);
    expect(await client.check('tx-1')).toEqual(APPROVED);
    expect(await client.check('tx-2')).toEqual(APPROVED); // on the same connection
    expect(client.telemetry.counts).toEqual({});
  });

  test.each([
    [
      'with an upgrade without a request for one',
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n',
    ],
    ['without one', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
  ])('101 %s is no interim answer: the call failed, and the next one decides', async (_name, text) => {
    server.answers(after(text), APPROVES);
    const client = new FraudApiBench(server, { maxAttempts: 2, timeoutMs: 200 });
    expect(await client.check()).toEqual(APPROVED);
    expect(server.requests).toHaveLength(2);
  });

  test('an answer of interim answers alone ends with the timeout', async () => {
    server.answers((response) => response.socket?.write(interim(100, 103)));
    expect(await new FraudApiBench(server, { timeoutMs: 60 }).check()).toMatchObject({ cause: 'timeout' });
  });
});

test('a refused connection is unavailable, not an exception', async () => {
  const client = new FraudApiBench(server, { protocol: contractProtocol('http://127.0.0.1:1/') });
  expect(await client.check()).toMatchObject({ kind: 'unavailable', failedAt: expect.any(Number) as number });
});
