import { heldPayment } from '../../../src/contract';
import { DeadLetterWorld } from '../../support/dead-letter-world';
import { anEntry, aPayment, aRecord } from '../../support/payments';

const [first, second, third] = [1, 2, 3].map((number) => aPayment({ transaction_id: `tx-${number}` }));

/** The first has failed, and the others wait for it. */
function held(code: 'FRAUD_CHECK_UNAVAILABLE' | 'FRAUD_CHECK_REFUSED' = 'FRAUD_CHECK_UNAVAILABLE'): DeadLetterWorld {
  const world = new DeadLetterWorld();
  const history = [anEntry(), anEntry({ status: 'FAILED' })];
  world.records.put(aRecord(first, { payment_status: 'FAILED', failure_code: code, dead_lettered_at: '2026-01-02T03:01:00.000Z', history }));
  world.held.hold('alice', heldPayment(first!, '0'));
  world.bury(first!, code);
  world.park(second!, 'tx-1');
  world.park(third!, 'tx-1');
  return world;
}

const waiting = (world: DeadLetterWorld) => world.held.read('alice').map(({ transactionId }) => transactionId);

test('a redrive brings the failed payment and those that wait for it, in order; who is held is the processor\'s to say', async () => {
  const world = held();
  expect(await world.redrive()).toMatchObject({ redriven: 3, left: { waiting: 0 } });
  expect([world.sent, waiting(world)]).toEqual([['tx-1', 'tx-2', 'tx-3'], ['tx-1', 'tx-2', 'tx-3']]);
});

test('while the failed one stays, so do those that wait for it', async () => {
  const world = held('FRAUD_CHECK_REFUSED');
  expect(await world.redrive()).toMatchObject({ redriven: 0, left: { wouldFailAgain: 1, waiting: 2 }, leftIds: { waiting: ['tx-2', 'tx-3'] } });
  expect(world.sent).toEqual([]);
});

test('a discard of the failed one lets the others go', async () => {
  const world = held('FRAUD_CHECK_REFUSED');
  await world.discard({ transactionIds: ['tx-1'] });
  expect(waiting(world)).toEqual(['tx-2', 'tx-3']);
  expect(await world.redrive()).toMatchObject({ redriven: 2, left: { waiting: 0 } });
});

test('what waits can be discarded itself, and is waited for no more', async () => {
  const world = held();
  await world.discard({ transactionIds: ['tx-2'] });
  expect(waiting(world)).toEqual(['tx-1', 'tx-3']);
});

test('the copy of a payment that was decided meanwhile is taken out of the hold with its deletion', async () => {
  const world = held();
  world.records.put(aRecord(first, { payment_status: 'APPROVED' }));
  expect(await world.redrive()).toMatchObject({ settled: 1, redriven: 2 });
  expect(waiting(world)).toEqual(['tx-2', 'tx-3']);
});

test('an analysis tells what waits from what SQS moved', async () => {
  const world = held();
  world.bury(aPayment({ transaction_id: 'tx-9', account_id: 'carol' }));
  expect(await world.analyze()).toMatchObject({ sample: { counts: { failed: 1, parked: 2, unrecorded: 1 } } });
});
