import {
  accountOfHold,
  blockerState,
  findBlocker,
  HELD,
  type Held,
  heldKey,
  heldKeyOf,
  heldPayment,
  holdKey,
  identityOf,
  isBlocking,
  isSameHeld,
  type PaymentMessage,
  type PaymentRecord,
  readHeld,
  readHold,
  writeHeld,
} from '../../src/contract';
import { anEntry, aPayment, aRecord } from '../../tools/kit/payments/payments';

const held = (sequenceNumber: string): Held => heldPayment(identityOf(aPayment()), sequenceNumber);

test('the key of a hold tells its account, and is no transaction id', () => {
  expect(accountOfHold(holdKey('alice'))).toBe('alice');
  expect(holdKey('alice')).not.toMatch(/^[A-Za-z0-9._-]*$/);
});

test('an entry is read as it was written, and entries sort as their sequence numbers do, of any length', () => {
  const numbers = [
    '0',
    '9',
    '10',
    '18849496460467696128',
    '100000000000000000000',
    `1${'0'.repeat(37)}1`,
    '9'.repeat(39),
  ];
  const texts = numbers.map((number) => writeHeld(held(number)));
  expect(texts.map(readHeld)).toEqual(numbers.map(held));
  expect(texts.toSorted()).toEqual(texts);
});

test('an entry has 16 digits of the fingerprint, so that hundreds of them fit an item', () => {
  expect(held('1').content).toMatch(/^[0-9a-f]{16}$/);
});

test('one payment is the same whenever it came; another content under its transaction id is not', () => {
  expect(isSameHeld(held('1'), held('2'))).toBe(true);
  expect(isSameHeld(held('1'), heldPayment(identityOf(aPayment({ amount: 7 })), '1'))).toBe(false);
  expect(isSameHeld(held('1'), heldPayment(identityOf(aPayment({ transaction_id: 'tx-2' })), '1'))).toBe(false);
});

test('the key of a payment is that of its entry, whenever it came', () => {
  for (const fields of [{}, { amount: 7 }, { transaction_id: 'tx-2' }]) {
    const identity = identityOf(aPayment(fields));
    expect(heldKeyOf(identity)).toBe(heldKey(heldPayment(identity, '2')));
    expect(heldKeyOf(identity) === heldKey(held('1'))).toBe(isSameHeld(held('1'), heldPayment(identity, '2')));
  }
});

test('a hold is read with its oldest entry first; an account without one is not held', () => {
  const [young, old] = [held('10'), held('9')];
  expect(readHold({ held: new Set([writeHeld(young), writeHeld(old)]) })).toEqual([old, young]);
  for (const item of [undefined, {}]) expect(readHold(item)).toEqual([]);
});

test('the status of a hold is that of no payment', () => {
  expect(HELD).toBe('HELD');
});

const FAILED = { payment_status: 'FAILED', history: [anEntry(), anEntry({ status: 'FAILED' })] } as const;

test.each<[string, PaymentRecord | undefined, boolean]>([
  ['has failed', aRecord(aPayment(), FAILED), true],
  ['is parked', aRecord(aPayment(), { parked_behind: 'tx-0' }), true],
  ['is on its way', aRecord(), true],
  [
    'has failed after a redrive',
    aRecord(aPayment(), { ...FAILED, history: [anEntry({ reason: 'redriven' }), anEntry({ status: 'FAILED' })] }),
    true,
  ],
  [
    'is discarded',
    aRecord(aPayment(), { ...FAILED, history: [anEntry(), anEntry({ status: 'FAILED', reason: 'given up' })] }),
    false,
  ],
  ['is decided', aRecord(aPayment(), { payment_status: 'REVIEW' }), false],
  ['has no record', undefined, false],
  ['has its transaction id taken by another', aRecord(aPayment({ amount: 7 }), FAILED), false],
])('an entry whose payment %s: does the account wait for it? (%#)', (_, record, isWaitedFor) => {
  expect(isBlocking(held('1'), record)).toBe(isWaitedFor);
});

test('the account waits for the oldest entry that blocks, and no record behind that is read', async () => {
  const [decided, failed, parked] = ['tx-1', 'tx-2', 'tx-3'].map((transaction_id) => aPayment({ transaction_id })) as [
    PaymentMessage,
    PaymentMessage,
    PaymentMessage,
  ];
  const records = [
    aRecord(decided, { payment_status: 'APPROVED' }),
    aRecord(failed, FAILED),
    aRecord(parked, { parked_behind: 'tx-2' }),
  ];
  const read = jest.fn((id: string) => Promise.resolve(records.find(({ transaction_id }) => transaction_id === id)));
  const entries = [decided, failed, parked].map((payment, index) => heldPayment(identityOf(payment), String(index)));
  expect(await findBlocker(entries, read)).toEqual(records[1]);
  expect(read.mock.calls).toEqual([['tx-1'], ['tx-2']]);
  expect(await findBlocker(entries.slice(0, 1), read)).toBeUndefined();
});

test.each<[string, PaymentRecord]>([
  ['failed', aRecord(aPayment(), FAILED)],
  ['parked', aRecord(aPayment(), { parked_behind: 'tx-0' })],
  ['on its way', aRecord()],
])('a payment that blocks is %s', (state, record) => {
  expect(blockerState(record)).toBe(state);
});
