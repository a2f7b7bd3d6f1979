import {
  addEntry,
  heldPayment,
  holdKey,
  identityOf,
  MOST_HISTORY_ENTRIES,
  type PaymentMessage,
  type PaymentRecord,
  writeHeld,
} from '../../src/contract';
import { DynamoDbPayments } from '../../src/dlq-processor/adapters/dynamodb-payments';
import { PaymentTable } from '../../src/runtime/payment-table';
import { ServiceCalls } from '../../src/runtime/service-calls';
import { payment, type Payment, recordOf } from '../../tools/kit/payments/black-box-payments';
import { putLargest } from '../../tools/kit/bundles/item-size';
import { anEntry, claims } from '../../tools/kit/payments/payments';
import { RecordedTelemetry } from '../../tools/kit/cores/telemetry';
import { DlqBench } from '../../tools/kit/bundles/dlq-bench';

const FAILED = { payment_status: 'FAILED', failure_code: 'FRAUD_CHECK_UNAVAILABLE' };
const put = (item: Record<string, unknown>) => bench.put([item]);
const calls = new ServiceCalls(new RecordedTelemetry(), new AbortController().signal);
let bench: DlqBench;
beforeAll(async () => {
  bench = await DlqBench.start();
});
afterAll(() => bench.close());

const stored = async ({ transaction_id }: Payment) => (await bench.record(transaction_id)) as unknown as PaymentRecord;
const written = ({ history, history_omitted = 0 }: PaymentRecord) => history.length + history_omitted;

/** A record whose item has no room for another entry. */
const fullRecord = (paid: Payment, entries: number, fields: object = {}) =>
  recordOf(paid, { attempts: entries, history: claims(entries), ...fields });
let entries: number;
beforeAll(async () => {
  const paid = payment({ transaction_id: 'tx-00' });
  entries = await putLargest((count) => fullRecord(paid, count, FAILED), put);
});

let serial = 0;
test.each([
  [
    'redriven',
    FAILED,
    { action: 'redrive' },
    { payment_status: 'PROCESSING', reason: 'redriven by id after FRAUD_CHECK_UNAVAILABLE' },
  ],
  [
    'discarded',
    FAILED,
    { action: 'discard', reason: 'paid otherwise' },
    { payment_status: 'FAILED', reason: 'paid otherwise' },
  ],
  [
    'discarded while it is open',
    {},
    { action: 'discard', reason: 'paid otherwise' },
    { payment_status: 'FAILED', reason: 'paid otherwise' },
  ],
])('a record that fills its item is %s', async (_how, fields, event, { payment_status, reason }) => {
  const paid = payment({ transaction_id: `tx-0${++serial}` });
  await bench.put([fullRecord(paid, entries, fields)]);
  expect(entries).toBeGreaterThan(2_000);
  await bench.send([{ body: paid }]);

  expect(await bench.invoke({ ...event, transactionIds: [paid.transaction_id] })).toMatchObject({
    errors: {},
    more: false,
  });

  const record = await stored(paid);
  expect(record).toMatchObject({ payment_status, history_omitted: entries + 1 - MOST_HISTORY_ENTRIES });
  expect(record.history).toHaveLength(MOST_HISTORY_ENTRIES);
  expect(record.history[0]).toEqual(claims(1)[0]);
  expect(record.history.at(-1)).toMatchObject({ status: payment_status, reason });
});

test('a payment leaves a hold that fills its item when it is discarded [G3]', async () => {
  const paid = payment();
  const held = (one: Payment, serial: number) =>
    writeHeld(heldPayment(identityOf(one as unknown as PaymentMessage), String(serial)));
  const others = Array.from({ length: 5_000 }, (_, index) =>
    held({ ...paid, transaction_id: `held-${String(index).padStart(59, '0')}` }, index + 2),
  );
  const key = holdKey(paid.account_id);
  const full = await putLargest(
    (count) => ({ transaction_id: key, held: new Set([held(paid, 1), ...others].slice(0, count)) }),
    put,
  );
  expect(full).toBeGreaterThan(3_000);
  await bench.put([recordOf(paid, FAILED)]);
  await bench.send([{ body: paid }]);

  expect(
    await bench.invoke({ action: 'discard', reason: 'paid otherwise', transactionIds: [paid.transaction_id] }),
  ).toMatchObject({ discarded: 1, more: false });

  const left = (await bench.record(key))!.held as ReadonlySet<string>;
  expect(left.size).toBe(full - 1);
  expect(left.has(held(paid, 1))).toBe(false);
});

describe('the table itself', () => {
  const environment = { ...process.env };
  const payments = new DynamoDbPayments(new PaymentTable('payments', calls));
  beforeAll(() => {
    Object.assign(process.env, bench.environment);
  });
  afterAll(() => {
    process.env = environment;
  });

  const discarded = (record: PaymentRecord, reason: string) =>
    payments.giveUp({
      record,
      ...addEntry(record, anEntry({ status: 'FAILED', reason, attempt: record.attempts })),
    });

  test('redriven and discarded again and again, with the longest reasons, the record never fills its item [G6]', async () => {
    const paid = payment();
    const reason = '漢'.repeat(256);
    const before = Array.from({ length: 190 }, () => anEntry({ status: 'FAILED', reason }));
    await bench.put([recordOf(paid, { ...FAILED, history: [...claims(1), ...before] })]);
    for (let round = 1; round <= 10; round++) {
      expect(await discarded(await stored(paid), reason)).toBe(true);
      const record = await stored(paid);
      const change = addEntry(record, anEntry({ attempt: record.attempts + 1, reason }));
      expect(await payments.reopen({ record, ...change })).toBe(true);
      await bench.put([{ ...(await stored(paid)), payment_status: 'FAILED' }]);
    }
    const record = await stored(paid);
    expect(written(record)).toBe(191 + 2 * 10);
    expect(record.history).toHaveLength(MOST_HISTORY_ENTRIES);
    expect(record.history[0]).toEqual(claims(1)[0]);
  });

  test.each([MOST_HISTORY_ENTRIES - 1, MOST_HISTORY_ENTRIES, MOST_HISTORY_ENTRIES + 1])(
    'of two discards that read the same record of %d entries, the second is refused',
    async (entries) => {
      const paid = payment();
      await bench.put([recordOf(paid, { ...FAILED, history: claims(entries) })]);
      for (let round = 1; round <= 2; round++) {
        const before = await stored(paid);
        expect(await discarded(before, `first of round ${round}`)).toBe(true);
        expect(await discarded(before, `second of round ${round}`)).toBe(false);
      }
      const record = await stored(paid);
      expect(written(record)).toBe(entries + 2);
      expect(record.history.slice(-2).map(({ reason }) => reason)).toEqual(['first of round 1', 'first of round 2']);
    },
  );
});
