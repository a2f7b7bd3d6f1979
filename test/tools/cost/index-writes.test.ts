import { STATUS_INDEX } from '../../../src/contract/payment-record';
import { indexWriteUnits } from '../../../tools/cost/index-writes';

const index = {
  name: STATUS_INDEX,
  hash_key: 'payment_status',
  range_key: 'timestamp',
  non_key_attributes: ['account_id'],
};
const item = { transaction_id: 'tx-1', payment_status: 'PROCESSING', timestamp: '1', account_id: 'a', amount: 5 };
const long = 'a'.repeat(1_024);

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
test.each([
  ['a new item', undefined, item, 1],
  ['a new item without a key of the index', undefined, { transaction_id: 'tx-1', payment_status: 'PROCESSING' }, 0],
  ['an item that gets its missing key', { transaction_id: 'tx-1', payment_status: 'PROCESSING' }, item, 1],
  ['a changed key of the index: the old entry goes, a new one comes', item, { ...item, payment_status: 'APPROVED' }, 2],
  ['a changed attribute that the index has', item, { ...item, account_id: 'b' }, 1],
  ['a changed attribute that it lacks', item, { ...item, amount: 6 }, 0],
  ['an item that leaves the index', item, { transaction_id: 'tx-1', payment_status: 'APPROVED' }, 1],
  ['an entry of more than 1 KiB', undefined, { ...item, account_id: long }, 2],
])('%s', (_what, before, after, units) => {
  expect(indexWriteUnits(index, before, after)).toBe(units);
});
