import { FRAUD_API_PATH, ProcessorBench } from '../../tools/kit/bundles/processor-bench';
import { type Answer, APPROVE } from '../../tools/kit/bundles/scripted-fraud-api';
import { payment, paymentsOfAccount } from '../../tools/kit/payments/black-box-payments';

const ANSWERED = { decision: 'approve', score: 0.5, reasons: [] };

let bench: ProcessorBench;
beforeAll(async () => {
  bench = await ProcessorBench.start({ FRAUD_API_TIMEOUT_MS: '1500' });
});
afterAll(() => bench.close());

const transient: (readonly [string, Answer])[] = [
  ...[401, 402, 403, 404, 405, 408, 409, 410, 418, 425, 429, 451, 499, 500, 502, 503, 504, 599].map(
    (status) => [`HTTP ${status}`, { status, body: ANSWERED }] as const,
  ),
  ...[201, 202, 204, 206, 299].map(
    (status) => [`HTTP ${status}`, { status, body: status === 204 ? '' : ANSWERED }] as const,
  ),
  ...[300, 301, 302, 303, 304, 307, 308].map(
    (status) => [`HTTP ${status}`, { status, headers: { location: '/elsewhere' } }] as const,
  ),
  ['two decisions', { body: '{"decision":"decline","score":0.5,"reasons":[],"decision":"approve"}' }],
  ['no body', { body: '' }],
  ['HTML', { body: '<html>', headers: { 'content-type': 'text/html' } }],
  ['null', { body: 'null' }],
  ['an array', { body: [ANSWERED] }],
  ['half an answer', { body: '{"decision":"approve","score":0.5,"reas' }],
  ['an unknown decision', { body: { ...ANSWERED, decision: 'APPROVED' } }],
  ['no decision', { body: { score: 0.5, reasons: [] } }],
  ['no score', { body: { decision: 'approve', reasons: [] } }],
  ['a score as text', { body: { ...ANSWERED, score: '0.5' } }],
  ['a score above 1', { body: { ...ANSWERED, score: 1.0001 } }],
  ['a score below 0', { body: { ...ANSWERED, score: -0.0001 } }],
  ['an endless score', { body: '{"decision":"approve","score":1e999,"reasons":[]}' }],
  ['no reasons', { body: { decision: 'approve', score: 0.5 } }],
  ['reasons that are no texts', { body: { ...ANSWERED, reasons: [7] } }],
  ['an answer without end', { body: { ...ANSWERED, reasons: ['x'.repeat(70_000)] } }],
  ['bytes that are no UTF-8', { body: Buffer.from('{"decision":"approve","score":0.5,"reasons":["\xff"]}', 'latin1') }],
  ['a reset connection', 'reset'],
  ['a connection reset halfway', 'reset halfway'],
  ['no answer in time', 'hang'],
  ['an answer that does not end in time', 'hang halfway'],
  ['an answer after the timeout', { ...APPROVE, delayMs: 2_000 }],
];

/** Four payments at once, so that none of them has to wait, and the circuit stays closed. */
const fours = Array.from({ length: Math.ceil(transient.length / 4) }, (_, index) =>
  transient.slice(index * 4, index * 4 + 4),
);

test.each(fours.map((four) => ({ names: four.map(([name]) => name).join(', '), four })))(
  'another call follows: $names',
  async ({ four }) => {
    const payments = four.map(([, answer]) => {
      const paid = payment();
      bench.fraud.script(paid.transaction_id, answer, APPROVE);
      return paid;
    });
    const run = await bench.pay(...payments.map((body) => ({ body })));

    const met = await Promise.all(
      payments.map(async ({ transaction_id }, index) => ({
        answer: four[index]![0],
        calls: bench.fraud.callsFor(transaction_id).map(({ url }) => url),
        status: (await bench.record(transaction_id))?.payment_status,
      })),
    );
    expect(met).toEqual(
      four.map(([answer]) => ({ answer, calls: [FRAUD_API_PATH, FRAUD_API_PATH], status: 'APPROVED' })),
    );
    expect(run.returned).toEqual([]);
    expect(run.sum('FraudCheckErrors')).toBe(four.length);
    expect([run.emf!.FraudCheckLatency].flat()).toHaveLength(2 * four.length);
  },
);

test('an answer after unrequested interim answers counts', async () => {
  const paid = payment();
  bench.fraud.script(paid.transaction_id, { ...APPROVE, interim: [100, 103, 100, 102] });
  const run = await bench.pay({ body: paid });
  expect(bench.fraud.callsFor(paid.transaction_id)).toHaveLength(1);
  expect(await bench.record(paid.transaction_id)).toMatchObject({ payment_status: 'APPROVED' });
  expect(run.sum('FraudCheckErrors')).toBe(0);
});

test('card numbers in reasons are stored masked', async () => {
  const paid = payment();
  bench.fraud.script(paid.transaction_id, {
    body: { ...ANSWERED, reasons: ['card 4111 1111 1111 1111', 'new payer'] },
  });
  await bench.pay({ body: paid });
  expect(await bench.record(paid.transaction_id)).toMatchObject({
    fraud: { reasons: ['card **** **** **** ****', 'new payer'] },
  });
});

test('an answer of another shape says in record and log which field was missing', async () => {
  const paid = payment();
  bench.fraud.script(paid.transaction_id, { body: { status: 'APPROVED' } });
  const cause = 'HTTP 200 with an unreadable answer (decision is missing; score is missing; reasons is missing)';
  const logged = () => bench.lines.filter((line) => line.includes(cause));

  await bench.pay({ body: paid, receiveCount: 1 });
  expect(logged()).toEqual([expect.stringContaining('FRAUD_CHECK_UNAVAILABLE')]);

  const [message] = await bench.deliver({ body: paid, receiveCount: 3 });
  await bench.run([message!]);
  expect(await bench.record(paid.transaction_id)).toMatchObject({
    failure_message: expect.stringContaining(cause) as string,
  });
  expect(logged()).toHaveLength(2);
});

test('a slow answer within the timeout counts', async () => {
  const paid = payment();
  bench.fraud.script(paid.transaction_id, { ...APPROVE, delayMs: 150 });
  await bench.pay({ body: paid });
  expect(bench.fraud.callsFor(paid.transaction_id)).toHaveLength(1);
  expect(await bench.record(paid.transaction_id)).toMatchObject({ payment_status: 'APPROVED' });
});

test('a score too small for the table is stored as 0', async () => {
  const paid = payment();
  bench.fraud.script(paid.transaction_id, { body: '{"decision":"approve","score":1e-200,"reasons":[]}' });
  await bench.pay({ body: paid });
  expect(await bench.record(paid.transaction_id)).toMatchObject({ payment_status: 'APPROVED', fraud: { score: 0 } });
});

test.each([400, 422])('HTTP %i refuses the payment permanently, and the next one continues', async (status) => {
  const [refused, next] = paymentsOfAccount(2);
  bench.fraud.script(refused!.transaction_id, { status, body: ANSWERED });
  const messages = await bench.deliver({ body: refused! }, { body: next! });
  const run = await bench.run(messages);

  expect(run.returned).toEqual([]);
  expect(bench.fraud.callsFor(refused!.transaction_id)).toHaveLength(1);
  expect(await bench.record(refused!.transaction_id)).toMatchObject({
    payment_status: 'FAILED',
    failure_code: 'FRAUD_CHECK_REFUSED',
    failure_message: expect.stringContaining(String(status)) as string,
  });
  expect(await bench.deadLettersOf(messages[0]!)).toHaveLength(1);
  expect(await bench.record(next!.transaction_id)).toMatchObject({ payment_status: 'APPROVED' });
  expect(await bench.deadLettersOf(messages[1]!)).toEqual([]);
});

describe('Retry-After', () => {
  const ask = (value: string, status = 429): Answer => ({ status, headers: { 'retry-after': value } });

  test('within the budget delays the next call', async () => {
    const payments = [429, 503].map((status) => {
      const paid = payment();
      bench.fraud.script(paid.transaction_id, ask('1', status), APPROVE);
      return paid;
    });
    const run = await bench.pay(...payments.map((body) => ({ body })));
    expect(run.returned).toEqual([]);
    for (const { transaction_id } of payments) {
      const [first, second] = bench.fraud.callsFor(transaction_id);
      expect(second!.at - first!.endedAt!).toBeGreaterThanOrEqual(950);
    }
  });

  test.each([
    { receiveCount: 1, retryAfter: '100', atLeast: 100, atMost: 110 },
    { receiveCount: 1, retryAfter: 'a date in 500 s', atLeast: 480, atMost: 510 },
    { receiveCount: 2, retryAfter: '2100', atLeast: 2_100, atMost: 2_110 },
    { receiveCount: 2, retryAfter: '100', atLeast: 1_860, atMost: 2_050 },
    { receiveCount: 1, retryAfter: '99999999999999999999', atLeast: 3_600, atMost: 3_600 },
    { receiveCount: 1, retryAfter: '1771404540', atLeast: 3_600, atMost: 3_600 },
    { receiveCount: 2, retryAfter: '1771404540', atLeast: 3_600, atMost: 3_600 },
    { receiveCount: 1, retryAfter: '3599', atLeast: 3_599, atMost: 3_599 },
  ])(
    '$retryAfter beyond the budget ends receive $receiveCount, and the retry delay is as long',
    async ({ receiveCount, retryAfter, atLeast, atMost }) => {
      const value = retryAfter === 'a date in 500 s' ? new Date(Date.now() + 500_000).toUTCString() : retryAfter;
      const payments = paymentsOfAccount(2);
      bench.fraud.script(payments[0]!.transaction_id, ask(value), APPROVE);
      const run = await bench.pay(...payments.map((body) => ({ body, receiveCount })));

      expect(run.durationMs).toBeLessThan(1_000);
      expect(run.returned).toEqual([0, 1]);
      expect(bench.fraud.callsFor(payments[0]!.transaction_id)).toHaveLength(1);
      const [entries] = run.visibility;
      expect(entries).toHaveLength(2);
      expect(entries![0]!.seconds).toBeGreaterThanOrEqual(atLeast);
      expect(entries![0]!.seconds).toBeLessThanOrEqual(atMost);
      await bench.pay({ body: payment() }); // an answer, for the circuit's sake
    },
  );

  test('beyond the budget on the last receive fails the payment', async () => {
    const paid = payment();
    bench.fraud.script(paid.transaction_id, ask('100'));
    const [message] = await bench.deliver({ body: paid, receiveCount: 3 });
    expect((await bench.run([message!])).returned).toEqual([]);
    expect(await bench.record(paid.transaction_id)).toMatchObject({
      payment_status: 'FAILED',
      failure_code: 'FRAUD_CHECK_UNAVAILABLE',
    });
    expect(await bench.deadLettersOf(message!)).toHaveLength(1);
  });
});
