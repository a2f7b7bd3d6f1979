import { heldPayment, identityOf } from '../../../src/contract';
import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { anEntry, aPayment, aRecord, type RecordChanges } from '../../../tools/kit/payments/payments';

const SINCE = '2026-01-02T03:01:00.000Z';
const CARD_IN_ID = 'x-4111-1111-1111-1111'; // as records of earlier versions may have it

test.each<[string, RecordChanges]>([
  ['failed', { payment_status: 'FAILED', history: [anEntry(), anEntry({ status: 'FAILED' })] }],
  ['parked', { parked_behind: 'tx-0' }],
  [
    'on its way',
    { attempts: 2, history: [anEntry(), anEntry({ status: 'FAILED' }), anEntry({ attempt: 2, reason: 'redriven' })] },
  ],
])('a held account waits for a payment that is %s, whose id is shown without a card number', async (state, fields) => {
  const world = new DeadLetterWorld();
  const payment = aPayment({ transaction_id: CARD_IN_ID });
  world.records.put(aRecord(payment, fields));
  world.held.hold('alice', heldPayment(identityOf(payment), '1'), SINCE);
  const { heldAccounts } = await world.analyze();
  expect(heldAccounts).toMatchObject({ count: 1, more: false, longest: [{ waiting: 1 }] });
  expect(heldAccounts!.longest[0]!.waitsFor).toStrictEqual({ transactionId: 'x-****-****-****-****', state });
});

test('ten thousand held accounts are counted, and the answer says that there are more', async () => {
  const world = new DeadLetterWorld();
  for (let number = 1; number <= 11_000; number++)
    world.held.hold(`account-${number}`, heldPayment(identityOf(aPayment()), '1'), SINCE);
  const { heldAccounts, summary } = await world.analyze({}, 600_000);
  expect(heldAccounts).toMatchObject({ count: 10_000, more: true });
  expect(summary).toContain('10000 or more accounts are held');
});

test('no hold is read without time', async () => {
  const world = new DeadLetterWorld();
  world.held.hold('alice', heldPayment(identityOf(aPayment()), '1'), SINCE);
  world.callMs = 1_000;
  // The time is up after the depth of the queue, the failures and the held accounts.
  expect((await world.analyze({}, 15_000 + 2_500)).heldAccounts).toBeNull();
});
