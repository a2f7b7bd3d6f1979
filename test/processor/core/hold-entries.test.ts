import type { PaymentRecord } from '../../../src/contract';
import { HeldAccounts } from '../../../tools/kit/cores/held-accounts';
import { MemoryStore } from '../../../tools/kit/cores/memory-store';
import { anEntry, aPayment, aRecord, type RecordChanges } from '../../../tools/kit/payments/payments';
import {
  DISCARDED_RECORD,
  hold,
  holding,
  message,
  redrive,
  REFUSED_RECORD,
  waiting,
} from '../../../tools/kit/cores/holding';
import { Processor, REFUSED } from '../../../tools/kit/cores/processor';

test.each<[string, PaymentRecord | undefined]>([
  ['is approved', aRecord(aPayment({ transaction_id: 'tx-1' }), { payment_status: 'APPROVED' })],
  ['is in review', aRecord(aPayment({ transaction_id: 'tx-1' }), { payment_status: 'REVIEW' })],
  ['is discarded', aRecord(aPayment({ transaction_id: 'tx-1' }), DISCARDED_RECORD)],
  [
    "has its transaction id taken by another account's payment",
    aRecord(aPayment({ transaction_id: 'tx-1', account_id: 'carol' })),
  ],
  ['has no record', undefined],
])(
  'an account does not wait for an entry whose payment %s: it continues, and the entry goes [G4]',
  async (_, record) => {
    const processor = holding();
    hold(processor, 1);
    if (record !== undefined) processor.store.put(record);
    await processor.deliver(message(2), message(3));
    expect(['tx-2', 'tx-3'].map((id) => processor.store.record(id).payment_status)).toEqual(['APPROVED', 'APPROVED']);
    expect([processor.held.accounts, processor.deadLetters.parked]).toEqual([[], []]);
  },
);

test.each<[string, RecordChanges]>([
  ['has failed', REFUSED_RECORD],
  [
    'has failed, and its dead letter has long expired',
    { ...REFUSED_RECORD, dead_lettered_at: '2020-01-01T00:00:00.000Z' },
  ],
  ['is parked', { parked_behind: 'tx-0' }],
  [
    'was redriven, and is on its way',
    { attempts: 2, history: [anEntry(), anEntry({ status: 'FAILED' }), anEntry({ attempt: 2, reason: 'redriven' })] },
  ],
])('an account waits for an entry whose payment %s', async (_, fields) => {
  const processor = holding();
  hold(processor, 1);
  processor.store.put(aRecord(aPayment({ transaction_id: 'tx-1' }), fields));
  await processor.deliver(message(2));
  expect(processor.deadLetters.parked).toEqual([{ messageId: 'm2', behind: 'tx-1' }]);
  expect(waiting(processor)).toEqual(['tx-1', 'tx-2']);
});

test('behind entries that do not block, a payment waits for the oldest entry that blocks', async () => {
  const processor = holding();
  for (const number of [1, 2, 3]) hold(processor, number);
  processor.store.put(aRecord(aPayment({ transaction_id: 'tx-1' }), { payment_status: 'DECLINED' }));
  processor.store.put(
    aRecord(aPayment({ transaction_id: 'tx-2' }), REFUSED_RECORD),
    aRecord(aPayment({ transaction_id: 'tx-3' }), { parked_behind: 'tx-2' }),
  );
  await processor.deliver(message(4));
  expect(processor.deadLetters.parked).toEqual([{ messageId: 'm4', behind: 'tx-2' }]);
  expect(waiting(processor)).toEqual(['tx-2', 'tx-3', 'tx-4']);
});

test("from 'hold' to 'continue' and back: payments decided meanwhile hold no account [G4]", async () => {
  const held = new HeldAccounts();
  const store = new MemoryStore();
  const [before, between, after] = (['hold', 'continue', 'hold'] as const).map(
    (onFailedPayment) => new Processor({ onFailedPayment }, store, onFailedPayment, { held }),
  ) as [Processor, Processor, Processor];
  before.fraudApi.answer('tx-1', REFUSED);
  await before.deliver(message(1), message(2));
  redrive(before, 'tx-1', 'tx-2');
  await between.deliver(message(1), message(2), message(3));
  expect(held.accounts).toEqual([]);
  await after.deliver(message(4));
  expect([1, 2, 3, 4].map((number) => store.record(`tx-${number}`).payment_status)).toEqual([
    'APPROVED',
    'APPROVED',
    'APPROVED',
    'APPROVED',
  ]);
});
