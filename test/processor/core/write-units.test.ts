import type { PaymentRecord } from '../../../src/contract';
import { itemSize, writeUnits } from '../../../tools/kit/bundles/item-size';
import { decided, Processor, REFUSED, unavailable } from '../../../tools/kit/cores/processor';
import { aMessage } from '../../../tools/kit/payments/payments';

/** Ids as long as those of AWS and most clients, a reference and metadata. */
const TYPICAL = {
  transaction_id: '8f5b7c1e-0d0a-4c58-9a3e-1d4d8a2f6b11',
  account_id: 'account-00004711',
  beneficiary_id: 'merchant-00000815',
  requested_at: '2026-01-02T03:04:05.678Z',
  reference: 'Order 4711',
};

/** The units of each write of the payment's record. */
function measured(processor: Processor) {
  const units: ReturnType<typeof writeUnits>[] = [];
  const { records } = processor.store;
  const put = records.set.bind(records);
  records.set = (id: string, record: PaymentRecord) => {
    units.push(writeUnits(records.get(id), record));
    return put(id, record);
  };
  return { units, sum: () => units.reduce((sum, { table, index }) => sum + table + index, 0) };
}

test('a payment that is decided in its first attempt costs three write units, of which the status index takes one', async () => {
  const processor = new Processor();
  const { units, sum } = measured(processor);
  processor.fraudApi.answer(TYPICAL.transaction_id, decided('approve', 0.123));
  await processor.deliver(aMessage(TYPICAL));
  expect(units).toEqual([
    { table: 1, index: 0 },
    { table: 1, index: 1 },
  ]);
  expect(sum()).toBe(3);
});

test('a typical record has at most 1 KB, with its hashes, its sender and ids as long as those of AWS', async () => {
  const processor = new Processor();
  processor.fraudApi.answer(TYPICAL.transaction_id, decided('approve', 0.123));
  const senderId = 'AROAEXAMPLEEXAMPLE123:payment-sender';
  await processor.deliver(aMessage(TYPICAL, { senderId, sentAt: Date.parse(TYPICAL.requested_at) }));
  const record = JSON.stringify(processor.store.record(TYPICAL.transaction_id));
  const deployed = record.replaceAll(/"(release-7|request-1)"/g, JSON.stringify(TYPICAL.transaction_id));
  expect(itemSize(JSON.parse(deployed) as object)).toBeLessThanOrEqual(1_024);
});

test('a second attempt brings the record into the index, until it ends', async () => {
  const processor = new Processor();
  const { units } = measured(processor);
  processor.fraudApi.answer('tx-1', unavailable(0), unavailable(0), REFUSED);
  for (const receiveCount of [1, 2, 3]) {
    await processor.deliver(aMessage({}, { receiveCount }));
    processor.clock.advance(1_000);
  }
  expect(units.map(({ index }) => index)).toEqual([0, 1, 2, 2, 0]); // claim, two takeovers, the failure, its dead letter
});
