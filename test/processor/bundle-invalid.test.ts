import { ProcessorBench } from '../../tools/kit/bundles/processor-bench';
import { payment, recordOf } from '../../tools/kit/payments/black-box-payments';

/** Passes Luhn and has an issuer's prefix; nobody's. */
const CARD = '4111111111111111';

let bench: ProcessorBench;
beforeAll(async () => {
  bench = await ProcessorBench.start();
});
afterAll(() => bench.close());

const GROUP = 'account-7';
const VALID = {
  schema_version: 1,
  transaction_id: 'the-invalid-one',
  account_id: GROUP,
  amount: 100,
  currency: 'EUR',
  beneficiary_id: 'b',
  requested_at: '2026-07-01T00:00:00Z',
};
const without = (field: string) =>
  JSON.stringify(Object.fromEntries(Object.entries(VALID).filter(([name]) => name !== field)));
const changed = (fields: object) => JSON.stringify({ ...VALID, ...fields });
/** Members put in as they are, at the end. */
const extended = (members: string) => JSON.stringify(VALID).replace(/\}$/, `,${members}}`);
const raw = (field: keyof typeof VALID, text: string) =>
  JSON.stringify(VALID).replace(JSON.stringify(VALID[field]), text);

const HOSTILE: Readonly<Record<string, readonly string[]>> = {
  INVALID_JSON: [
    'no json',
    '{',
    '[1',
    'undefined',
    '{"a":1,}',
    "{'a':1}",
    `${JSON.stringify(VALID)} x`,
    `${JSON.stringify(VALID)}${JSON.stringify(VALID)}`,
    '{"a":NaN}',
    '{"a":01}',
    '['.repeat(100_000),
    '{"a":'.repeat(50_000),
    extended('"amount":101'),
    extended('"metadata":{"a":"1","a":"2"}'),
  ],
  INVALID_PAYMENT: [
    'null',
    '1',
    '"text"',
    'true',
    '[]',
    '{}',
    `[${JSON.stringify(VALID)}]`,
    ...Object.keys(VALID).map(without),
    extended('"extra":1'),
    extended('"__proto__":{"a":1}'),
    extended('"constructor":"x"'),
    ...[0, 2, '1', null].map((schema_version) => changed({ schema_version })),
    ...['transaction_id', 'beneficiary_id', 'account_id'].flatMap((field) =>
      ['', 'a b', 'a/b', 'ä', 'x'.repeat(65), '1234567890123', '1234567890123456789', 'a\n', 7, null, ['a']].map((id) =>
        changed({ [field]: id }),
      ),
    ),
    ...[0, -1, 1.5, 1_000_000_000_000, '100', null, true, {}].map((amount) => changed({ amount })),
    raw('amount', '1e999'),
    raw('amount', '100.00000000000000000001'),
    raw('amount', '9007199254740993'),
    ...['eur', 'EURO', '', 'XXX', 'XTS', 'DEM', 978, null].map((currency) => changed({ currency })),
    ...[
      '2026-07-01',
      '2026-07-01T00:00:00',
      '2026-07-01T00:00:00+02:00',
      '2026-02-30T00:00:00Z',
      '2026-07-01T24:00:00Z',
      '2026-07-01T00:00:61Z',
      'now',
      1,
      null,
    ].map((requested_at) => changed({ requested_at })),
    ...['x'.repeat(141), 7, null, '\ud800'].map((reference) => changed({ reference })),
    ...[
      [],
      'x',
      null,
      { a: 1 },
      { a: null },
      { a: 'x'.repeat(257) },
      { a: {} },
      Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`k${index}`, 'v'])),
    ].map((metadata) => changed({ metadata })),
    extended('"metadata":{"__proto__":"x"}'),
    ...[String.raw`"reference":"\ufffe"`, String.raw`"metadata":{"\uffff":"x"}`].map(extended),
  ],
};

const hostile = Object.entries(HOSTILE).flatMap(([code, bodies]) => bodies.map((body) => ({ code, body })));
const batches = Array.from({ length: Math.ceil(hostile.length / 9) }, (_, index) =>
  hostile.slice(index * 9, index * 9 + 9),
);

test.each(batches.map((batch, index) => ({ batch, index })))(
  'hostile bodies go to the dead-letter queue and nowhere else: part $index',
  async ({ batch }) => {
    const groupOf = (index: number) => `${GROUP}-${index}`;
    const next = payment({ account_id: groupOf(batch.length - 1) });
    const messages = await bench.deliver(...batch.map(({ body }, index) => ({ body, group: groupOf(index) })), {
      body: next,
    });
    const [tableCalls, fraudCalls] = [bench.table.calls.length, bench.fraud.calls.length];
    const run = await bench.run(messages);

    const quarantined = (await bench.deadLettersOfEach(messages.slice(0, -1))).map((copies) =>
      copies.map(({ Body, MessageAttributes, Attributes }) => ({
        body: Body,
        code: MessageAttributes?.failure_code?.StringValue,
        group: Attributes?.MessageGroupId,
      })),
    );
    expect(quarantined).toEqual(batch.map(({ body, code }, index) => [{ body, code, group: groupOf(index) }]));
    expect(run.response).toEqual({ batchItemFailures: [] });
    // The payment behind the last one is the only one that the table and the fraud API ever hear of.
    expect(bench.table.calls.slice(tableCalls).map(({ operation }) => operation)).toEqual(['PutItem', 'UpdateItem']);
    expect(bench.fraud.calls.slice(fraudCalls).map(({ transactionId }) => transactionId)).toEqual([
      next.transaction_id,
    ]);
    expect(await bench.record(VALID.transaction_id)).toBeUndefined();
    expect(run.sum('MessagesQuarantined')).toBe(batch.length);
    expect(run.sum('PaymentsProcessed')).toBe(1);
  },
);

test.each([
  { at: 'reference', body: changed({ reference: `card ${CARD}` }), code: 'CARD_NUMBER' },
  { at: 'reference, with spaces', body: changed({ reference: 'card 4111 1111 1111 1111' }), code: 'CARD_NUMBER' },
  { at: 'reference, with dashes', body: changed({ reference: '4111-1111-1111-1111' }), code: 'CARD_NUMBER' },
  { at: 'reference, escaped', body: extended(String.raw`"reference":"\u0034111111111111111"`), code: 'CARD_NUMBER' },
  { at: 'reference, with line breaks', body: changed({ reference: '4111\n1111\n1111\n1111' }), code: 'CARD_NUMBER' },
  { at: 'reference, with tabs', body: changed({ reference: '4111\t1111\t1111\t1111' }), code: 'CARD_NUMBER' },
  {
    at: 'reference, with escaped slashes',
    body: extended(String.raw`"reference":"4111\/1111\/1111\/1111"`),
    code: 'CARD_NUMBER',
  },
  {
    at: 'reference, with escaped spaces',
    body: extended(String.raw`"reference":"4111\u00a01111\u00a01111\u00a01111"`),
    code: 'CARD_NUMBER',
  },
  {
    at: 'reference, with escaped dashes',
    body: extended(String.raw`"reference":"4111\u20131111\u20131111\u20131111"`),
    code: 'CARD_NUMBER',
  },
  { at: 'metadata', body: changed({ metadata: { note: CARD } }), code: 'CARD_NUMBER' },
  { at: "metadata's key", body: changed({ metadata: { [CARD]: 'x' } }), code: 'CARD_NUMBER' },
  { at: 'an unknown field', body: changed({ pan: CARD }), code: 'INVALID_PAYMENT' },
  { at: 'an identifier', body: changed({ beneficiary_id: CARD }), code: 'INVALID_PAYMENT' },
  ...['transaction_id', 'account_id', 'beneficiary_id'].flatMap((field) =>
    ['4111-1111-1111-1111', '4111.1111.1111.1111', '4111_1111_1111_1111', `x${CARD}y`, `tx-${CARD}-1`].map((id) => ({
      at: `${field}, as ${id}`,
      body: changed({ [field]: id }),
      code: 'CARD_NUMBER',
    })),
  ),
  { at: 'the amount', body: raw('amount', CARD), code: 'INVALID_PAYMENT' },
  { at: 'no JSON at all', body: `pay with ${CARD}!`, code: 'INVALID_JSON' },
])('a card number in $at is masked', async ({ body, code }) => {
  const [message] = await bench.deliver({ body, group: GROUP });
  await bench.run([message!]);
  const copies = await bench.deadLettersOf(message!);
  expect(copies.map((copy) => copy.MessageAttributes?.failure_code?.StringValue)).toEqual([code]);
  const masked = copies[0]!.Body!;
  expect(masked).toContain('*');
  expect(masked.replace(/\\u....|\D/g, '')).not.toMatch(/4?1{12}/);
  expect(await bench.record(VALID.transaction_id)).toBeUndefined();
});

test('a card number as the account is masked in the group of the dead letter, and reaches neither the table, the fraud API nor a log', async () => {
  const [calls, asked, lines] = [bench.table.calls.length, bench.fraud.calls.length, bench.lines.length];
  const paid = { ...payment(), account_id: '4111-1111-1111-1111' };
  const [message] = await bench.deliver({ body: paid });
  await bench.run([message!]);
  const copies = await bench.deadLettersOf(message!);
  expect(copies.map(({ Attributes }) => Attributes?.MessageGroupId)).toEqual(['****-****-****-****']);
  expect([bench.table.calls.length, bench.fraud.calls.length]).toEqual([calls, asked]);
  expect(bench.lines.slice(lines).filter((line) => line.includes('1111-1111'))).toEqual([]);
});

test('a payment in the group of another account is quarantined, untouched', async () => {
  const paid = payment();
  const [message] = await bench.deliver({ body: paid, group: 'another-account' });
  expect((await bench.run([message!])).returned).toEqual([]);
  const [copy, ...more] = await bench.deadLettersOf(message!);
  expect(copy!.MessageAttributes).toMatchObject({ failure_code: { StringValue: 'MESSAGE_GROUP_MISMATCH' } });
  expect(copy!.Attributes).toMatchObject({ MessageGroupId: 'another-account' });
  expect(more).toEqual([]);
  expect(await bench.record(paid.transaction_id)).toBeUndefined();
  expect(bench.fraud.callsFor(paid.transaction_id)).toEqual([]);
});

test.each(['PROCESSING', 'APPROVED', 'FAILED'])(
  'another payment under the id of a %s one is quarantined, and the record stays',
  async (payment_status) => {
    const paid = payment();
    const stored = recordOf(paid, { payment_status });
    await bench.put(stored);
    const messages = await bench.deliver(
      { body: { ...paid, amount: 1251 } },
      { body: { ...paid, metadata: { a: 'b' } } },
    );
    const run = await bench.run(messages);
    expect(run.returned).toEqual([]);
    for (const message of messages) {
      const copies = await bench.deadLettersOf(message);
      expect(copies.map(({ MessageAttributes }) => MessageAttributes?.failure_code?.StringValue)).toEqual([
        'CONFLICTING_TRANSACTION',
      ]);
    }
    expect(await bench.record(paid.transaction_id)).toEqual(stored);
    expect(bench.fraud.callsFor(paid.transaction_id)).toEqual([]);
    expect([run.sum('PaymentsFailed'), run.sum('MessagesQuarantined'), run.sum('DuplicatesIgnored')]).toEqual([
      0, 2, 0,
    ]);
  },
);

test('the corrected successor of an invalid body is processed under the same id', async () => {
  const paid = payment();
  const run = await bench.pay({ body: { ...paid, amount: -1 } }, { body: paid });
  expect(run.returned).toEqual([]);
  expect(await bench.record(paid.transaction_id)).toMatchObject({ payment_status: 'APPROVED', amount: 1250 });
});
