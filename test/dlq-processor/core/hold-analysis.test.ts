import { heldPayment, identityOf } from '../../../src/contract';
import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { aPayment, aRecord } from '../../../tools/kit/payments/payments';
import { hashOf } from '../../../tools/kit/cores/telemetry';
import { first, heldWorld } from '../../../tools/kit/cores/dead-letters';

test('an analysis tells parked payments from those that SQS moved', async () => {
  const world = heldWorld();
  world.bury(aPayment({ transaction_id: 'tx-9', account_id: 'carol' }));
  expect(await world.analyze()).toMatchObject({ sample: { counts: { failed: 1, parked: 2, unrecorded: 1 } } });
});

test('an analysis shows which accounts are held, since when, how many payments wait, and for which one', async () => {
  const world = heldWorld('FRAUD_CHECK_REFUSED');
  const carols = aPayment({ transaction_id: 'tx-8', account_id: 'carol' });
  world.records.put(aRecord(carols, { parked_behind: 'tx-7' }));
  world.held.hold(
    'carol',
    heldPayment(identityOf(aPayment({ transaction_id: 'tx-7', account_id: 'carol' })), '7'),
    '2026-01-01T00:00:00.000Z',
  );
  world.held.hold('carol', heldPayment(identityOf(carols), '8'), '2026-01-01T00:00:00.000Z');
  const dans = aPayment({ transaction_id: 'tx-9', account_id: 'dan' });
  world.records.put(aRecord(dans, { payment_status: 'APPROVED' }));
  world.held.hold('dan', heldPayment(identityOf(dans), '9'), '2026-01-02T03:02:00.000Z');
  const { heldAccounts, summary } = await world.analyze();
  expect(heldAccounts).toEqual({
    count: 3,
    more: false,
    longest: [
      {
        accountHash: hashOf('carol'),
        since: '2026-01-01T00:00:00.000Z',
        waiting: 2,
        waitsFor: { transactionId: 'tx-8', state: 'parked' },
      },
      {
        accountHash: hashOf('alice'),
        since: '2026-01-02T03:01:00.000Z',
        waiting: 3,
        waitsFor: { transactionId: 'tx-1', state: 'failed', failureCode: 'FRAUD_CHECK_REFUSED' },
      },
      { accountHash: hashOf('dan'), since: '2026-01-02T03:02:00.000Z', waiting: 1, waitsFor: null },
    ],
  });
  expect(summary).toContain(
    '3 accounts are held, the longest since 2026-01-01T00:00:00.000Z: it waits for transaction tx-8, which is parked.',
  );
});

test('the summary of one held account, which nothing blocks any more', async () => {
  const world = new DeadLetterWorld();
  world.records.put(aRecord(first, { payment_status: 'APPROVED' }));
  world.held.hold('alice', heldPayment(identityOf(first), '1'), '2026-01-02T03:02:00.000Z');
  expect((await world.analyze()).summary).toContain(
    '1 accounts are held, the longest since 2026-01-02T03:02:00.000Z: it waits for no payment any more.',
  );
});

test('an analysis shows the ten that have been held longest, and counts all', async () => {
  const world = new DeadLetterWorld();
  for (let number = 0; number < 2_500; number++) {
    const payment = aPayment({ transaction_id: `tx-${number}`, account_id: `account-${number}` });
    world.held.hold(
      payment.account_id,
      heldPayment(identityOf(payment), '1'),
      new Date(Date.UTC(2026, 0, 1) + (number % 2_477) * 1_000).toISOString(),
    );
  }
  const { heldAccounts } = await world.analyze();
  expect([heldAccounts?.count, heldAccounts?.longest.length]).toEqual([2_500, 10]);
  expect(heldAccounts!.longest.map(({ since }) => since)).toEqual(
    heldAccounts!.longest.map(({ since }) => since).sort(),
  );
  expect((await world.analyze({}, 15_001)).heldAccounts).not.toBeNull();
  world.callMs = 1;
  expect((await world.analyze({}, 15_001)).heldAccounts).toBeNull();
});
