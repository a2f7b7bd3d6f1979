import { type PaymentRecord, recordFaults } from '../../src/contract';
import { FRAUD_API_PATH, ProcessorBench } from '../../tools/kit/bundles/processor-bench';
import { APPROVE } from '../../tools/kit/bundles/scripted-fraud-api';
import { fingerprintOf, payment, paymentsOfAccount } from '../../tools/kit/payments/black-box-payments';

let bench: ProcessorBench;
beforeAll(async () => {
  bench = await ProcessorBench.start();
});
afterAll(() => bench.close());

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const SHA_256 = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
const UUID = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;

describe.each([
  { decision: 'approve', status: 'APPROVED', score: 0, reasons: [] },
  { decision: 'decline', status: 'DECLINED', score: 1, reasons: ['watch list', 'velocity'] },
  { decision: 'review', status: 'REVIEW', score: 0.123456789, reasons: ['unusual amount'] },
])('an answer "$decision"', ({ decision, status, score, reasons }) => {
  test(`becomes a record that says ${status}, complete and with its history`, async () => {
    const paid = payment({ reference: 'invoice 17', metadata: { channel: 'web' } });
    bench.fraud.script(paid.transaction_id, { body: { decision, score, reasons, extra: 'passed over' } });
    const [message] = await bench.deliver({ body: paid });
    const began = Date.now();

    const { response } = await bench.run([message!]);

    expect(response).toEqual({ batchItemFailures: [] });
    const record = (await bench.record(paid.transaction_id))!;
    expect(record).toEqual({
      transaction_id: paid.transaction_id,
      payment_status: status,
      timestamp: TIME,
      account_id: paid.account_id,
      amount: 1250,
      currency: 'EUR',
      beneficiary_id: 'beneficiary-1',
      requested_at: '2026-07-01T08:30:00.123Z',
      reference: 'invoice 17',
      metadata: { channel: 'web' },
      fingerprint: fingerprintOf(paid),
      attempts: 1,
      fraud: { decision, score, reasons },
      sequence_number: message!.attributes.SequenceNumber,
      sender_id: message!.attributes.SenderId,
      sent_at: new Date(Number(message!.attributes.SentTimestamp)).toISOString(),
      history: [
        { status: 'PROCESSING', at: TIME, attempt: 1, request_id: UUID, release_id: 'release-1', hash: SHA_256 },
        { status, at: TIME, attempt: 1, request_id: UUID, release_id: 'release-1', hash: SHA_256 },
      ],
      release_id: 'release-1',
    });
    expect(recordFaults(record as unknown as PaymentRecord)).toEqual([]);
    const [claimed, decided] = record.history;
    expect(record.timestamp).toBe(decided!.at);
    expect(decided!.request_id).toBe(claimed!.request_id);
    expect(Date.parse(String(claimed!.at))).toBeGreaterThanOrEqual(began);
    expect(Date.parse(String(decided!.at))).toBeGreaterThanOrEqual(Date.parse(String(claimed!.at)));
    expect(await bench.deadLettersOf(message!)).toEqual([]);
  });
});

test('a payment without reference and metadata has a record without them', async () => {
  const paid = payment();
  await bench.pay({ body: paid });
  const record = await bench.record(paid.transaction_id);
  expect(record).toMatchObject({ payment_status: 'APPROVED', fingerprint: fingerprintOf(paid) });
  expect(record).not.toHaveProperty('reference');
  expect(record).not.toHaveProperty('metadata');
});

test.each<[what: string, fields: Record<string, unknown>]>([
  ['no metadata in the object', { metadata: {} }],
  ['empty texts', { reference: '', metadata: { '': '', key: '' } }],
  [
    'names that mean something to JavaScript or to DynamoDB',
    { metadata: { toString: '1', then: '2', S: '3', '#a': '4', ':b': '5', 'a.b[0]': '6', ' ': '7' } },
  ],
  [
    'the longest texts',
    {
      reference: '漢'.repeat(140),
      metadata: Object.fromEntries(
        Array.from({ length: 10 }, (_, index) => [`${index}${'👍'.repeat(255)}`, '👍'.repeat(256)]),
      ),
    },
  ],
])('the message and its fingerprint can be rebuilt from the record alone: %s', async (_what, fields) => {
  const paid = payment(fields);
  await bench.pay({ body: paid });
  const record = (await bench.record(paid.transaction_id))!;
  const rebuilt = {
    ...Object.fromEntries(Object.keys(paid).map((name) => [name, record[name]])),
    schema_version: 1,
  } as unknown as typeof paid;
  expect(rebuilt).toEqual(paid);
  expect(fingerprintOf(rebuilt)).toBe(record.fingerprint);
});

test('two writes and no read are all that a payment costs the table', async () => {
  const before = bench.table.calls.length;
  await bench.pay({ body: payment() });
  expect(bench.table.calls.slice(before).map(({ operation }) => operation)).toEqual(['PutItem', 'UpdateItem']);
});

test('the fingerprint does not depend on spacing and the order of keys', async () => {
  const paid = payment({ metadata: { b: '2', a: '1' } });
  const shuffled = JSON.stringify(Object.fromEntries(Object.entries(paid).reverse()), undefined, 2);
  await bench.pay({ body: shuffled, group: paid.account_id });
  expect(await bench.record(paid.transaction_id)).toMatchObject({ fingerprint: fingerprintOf(paid) });
});

test('the call to the fraud API is the contract to the letter', async () => {
  const paid = payment({ reference: 'invoice 17', metadata: { channel: 'web' } });
  await bench.pay({ body: paid });

  const calls = bench.fraud.callsFor(paid.transaction_id);
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatchObject({
    method: 'POST',
    url: FRAUD_API_PATH,
    headers: { 'content-type': 'application/json', 'idempotency-key': paid.transaction_id },
  });
  expect(calls[0]!.headers).not.toHaveProperty('authorization');
  const { transaction_id, account_id, amount, currency, beneficiary_id, requested_at } = paid;
  expect(JSON.parse(calls[0]!.body)).toEqual({
    transaction_id,
    account_id,
    amount,
    currency,
    beneficiary_id,
    requested_at,
  });
});

test("an account's payments are checked one after the other in their order", async () => {
  const accounts = [paymentsOfAccount(3), paymentsOfAccount(3), paymentsOfAccount(3)];
  const interleaved = [0, 1, 2].flatMap((turn) => accounts.map((account) => account[turn]!));
  for (const { transaction_id } of interleaved) {
    bench.fraud.script(transaction_id, { ...APPROVE, delayMs: 40 });
  }
  const run = await bench.pay(...interleaved.map((body) => ({ body })));
  expect(run.returned).toEqual([]);

  for (const account of accounts) {
    const calls = bench.fraud.calls.filter(({ transactionId }) =>
      account.some((paid) => paid.transaction_id === transactionId),
    );
    expect(calls.map(({ transactionId }) => transactionId)).toEqual(
      account.map(({ transaction_id }) => transaction_id),
    );
    expect(calls[1]!.at).toBeGreaterThanOrEqual(calls[0]!.endedAt!);
    expect(calls[2]!.at).toBeGreaterThanOrEqual(calls[1]!.endedAt!);
  }
});

test('ten accounts are worked on at the same time', async () => {
  const payments = Array.from({ length: 10 }, () => payment());
  const [claims, checks, decisions] = [meetingOf(10), meetingOf(10), meetingOf(10)];
  bench.table.before = ({ operation }) => (operation === 'PutItem' ? claims() : decisions());
  for (const { transaction_id } of payments) bench.fraud.script(transaction_id, { ...APPROVE, meanwhile: checks });
  const callsBefore = bench.table.calls.length;
  const run = await bench.pay(...payments.map((body) => ({ body })));
  bench.table.before = undefined;
  expect(run.returned).toEqual([]); // a call that waits for others in vain runs into its timeout
  expect(bench.table.calls.length - callsBefore).toBe(20);
});

/** @returns a call waits until so many have come */
function meetingOf(size: number): () => Promise<void> {
  let arrived = 0;
  let begin: () => void;
  const complete = new Promise<void>((resolve) => (begin = resolve));
  return () => {
    if (++arrived === size) begin();
    return complete;
  };
}

test('an empty batch is answered', async () => {
  expect((await bench.run([])).response).toEqual({ batchItemFailures: [] });
});
