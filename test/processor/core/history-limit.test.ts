import { MOST_HISTORY_ENTRIES, type PaymentRecord } from '../../../src/contract';
import { itemSize, MOST_BYTES_OF_AN_ITEM } from '../../../tools/kit/bundles/item-size';
import { aMessage, anEntry, aPayment, aRecord, claims, type RecordChanges } from '../../../tools/kit/payments/payments';
import { decided, Processor, NOT_CALLED } from '../../../tools/kit/cores/processor';

const FIRST_RECEIVE = aMessage({}, { receiveCount: 1 });
/** All that was ever written is in the history, or counted. */
const written = ({ history, history_omitted = 0 }: PaymentRecord) => history.length + history_omitted;

/** The record, claimed and decided once more. */
async function decidedAgain(fields: RecordChanges): Promise<PaymentRecord> {
  const processor = new Processor();
  processor.store.put(aRecord(aPayment(), fields));
  await processor.deliver(FIRST_RECEIVE);
  return processor.store.record('tx-1');
}

test('a payment that is claimed again and again keeps its first claim and the latest, counts the rest, and is decided [G6]', async () => {
  const processor = new Processor();
  processor.fraudApi.answer('tx-1', ...Array.from({ length: 450 }, () => NOT_CALLED), decided('approve'));
  for (let attempt = 1; attempt <= 451; attempt++) {
    await processor.deliver(FIRST_RECEIVE);
    const record = processor.store.record('tx-1');
    expect(written(record)).toBe(attempt <= 450 ? attempt : attempt + 1);
    expect(record.history.length).toBeLessThanOrEqual(MOST_HISTORY_ENTRIES + 1);
  }
  const { history, payment_status, attempts } = processor.store.record('tx-1');
  expect({ payment_status, attempts }).toEqual({ payment_status: 'APPROVED', attempts: 451 });
  const latest = Array.from(
    { length: MOST_HISTORY_ENTRIES - 1 },
    (_, index) => 451 - (MOST_HISTORY_ENTRIES - 2) + index,
  );
  expect(history.map(({ attempt }) => attempt)).toEqual([1, ...latest, 451]);
  expect(history.at(-1)?.status).toBe('APPROVED');
});

test.each([
  ['far from its limit', 10, 0],
  ['one before its limit', MOST_HISTORY_ENTRIES - 1, 0],
  ['at its limit', MOST_HISTORY_ENTRIES, 1],
  ['with the end of an attempt beyond it', MOST_HISTORY_ENTRIES + 1, 2],
  ['that fills an item, as earlier versions left it', 2_675, 2_476],
])('a history %s: %d entries lose %d to a claim', async (_what, length, lost) => {
  const before = claims(length);
  const { history, history_omitted } = await decidedAgain({ attempts: length, history: before });
  expect(history_omitted).toBe(lost === 0 ? undefined : lost);
  expect(history).toHaveLength(length + 2 - lost);
  expect(history.slice(0, -2)).toEqual([before[0], ...before.slice(1 + lost)]);
});

test('failures and redrives stay while there are claims to leave out', async () => {
  const before = claims(2_675).map((entry, index) => {
    if (index % 50 === 48) return { ...entry, status: 'FAILED' as const };
    return index % 50 === 49 ? { ...entry, reason: 'redriven after FRAUD_CHECK_UNAVAILABLE' } : entry;
  });
  const { history } = await decidedAgain({ attempts: before.length, history: before });
  const audited = before.filter(({ status, reason }) => status === 'FAILED' || reason !== undefined);
  expect(audited).toHaveLength(106);
  expect(history.filter(({ status, reason }) => status === 'FAILED' || reason !== undefined)).toEqual(audited);
});

test('when only failures and redrives are left, the oldest of them are removed', async () => {
  const before = [
    anEntry(),
    ...claims(1_000).flatMap((entry) => [
      { ...entry, status: 'FAILED' as const },
      { ...entry, reason: 'redriven' },
    ]),
  ];
  const { history, history_omitted } = await decidedAgain({ attempts: 1_000, history: before });
  expect(history_omitted).toBe(before.length + 1 - MOST_HISTORY_ENTRIES);
  expect(history.slice(0, -2)).toEqual([before[0], ...before.slice(2 - MOST_HISTORY_ENTRIES)]);
});

test('the largest possible record fits an item of DynamoDB [G6]', async () => {
  const wide = (length: number) => '👍'.repeat(length);
  const metadata = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`${index}${wide(255)}`, wide(256)]));
  const id = 'x'.repeat(64);
  const payment = aPayment({ transaction_id: id, account_id: id, beneficiary_id: id, reference: wide(140), metadata });
  const uuid = '00000000-0000-0000-0000-000000000000';
  // A reason has 256 UTF-16 units: three bytes each at most.
  const entry = anEntry({
    request_id: uuid,
    release_id: uuid,
    status: 'FAILED',
    reason: `redriven by id after FRAUD_CHECK_UNAVAILABLE: ${'漢'.repeat(256)}`,
    hash: '0'.repeat(64),
    previous_hash: '0'.repeat(64),
  });
  const processor = new Processor();
  processor.store.put(
    aRecord(payment, { history: Array.from({ length: 2_675 }, () => ({ ...entry })), release_id: uuid }),
  );
  // An answer of the fraud API has up to 64 KiB.
  processor.fraudApi.answer(id, {
    kind: 'decided',
    answer: { decision: 'review', score: 0.1, reasons: ['漢'.repeat(21_845)] },
  });
  await processor.deliver(aMessage(payment));
  const record = processor.store.record(id);
  expect(record.payment_status).toBe('REVIEW');
  expect(itemSize(record)).toBeLessThan(0.8 * MOST_BYTES_OF_AN_ITEM);
});
