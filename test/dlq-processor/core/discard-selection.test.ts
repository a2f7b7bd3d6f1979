import { hashOf } from '../../../tools/kit/cores/telemetry';
import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { aPayment, aRecord } from '../../../tools/kit/payments/payments';
import { FAILED } from '../../../tools/kit/cores/dead-letters';

let world: DeadLetterWorld;
beforeEach(() => {
  world = new DeadLetterWorld();
});

test('only selected messages are discarded: by transaction id, by account, and by message id without one', async () => {
  const letters = ['a', 'b', 'c'].map((account_id) => {
    world.records.put(aRecord(aPayment({ transaction_id: `of-${account_id}`, account_id }), FAILED));
    return world.bury(aPayment({ transaction_id: `of-${account_id}`, account_id }));
  });
  const unreadable = world.bury({ body: 'not JSON', group: 'd' }, 'INVALID_JSON');
  expect(await world.discard({ transactionIds: ['of-a', unreadable] })).toMatchObject({
    discarded: 2,
    left: { notSelected: 2 },
  });
  expect(await world.discard({ accountIds: ['b'] })).toMatchObject({ discarded: 1, left: { notSelected: 1 } });
  expect(world.deadLetters.messages.map(({ messageId }) => messageId)).toEqual([letters[2]]);
});

test('a limit is kept, and the same event again does the rest', async () => {
  for (const number of [1, 2, 3]) world.bury(aPayment({ transaction_id: `tx-${number}` }));
  expect(await world.discard({ limit: 2 })).toMatchObject({ discarded: 2, more: true, stoppedBy: 'limit' });
  expect(await world.discard({ limit: 2 })).toMatchObject({ discarded: 1, more: false });
});

test('a dry run counts and changes nothing', async () => {
  world.records.put(aRecord(aPayment(), FAILED));
  world.bury(aPayment());
  expect(await world.discard({ dryRun: true })).toMatchObject({
    dryRun: true,
    discarded: 1,
    deadLetters: { visible: 1, inFlight: 0 },
  });
  expect(world.record('tx-1')).toEqual(aRecord(aPayment(), FAILED));
  expect(world.logs).toEqual([]);
});

test('a limit and a dry run hold for invalid messages, and for copies of decided payments', async () => {
  for (const group of ['a', 'b', 'c']) world.bury({ body: 'not JSON', group }, 'INVALID_JSON');
  world.records.put(aRecord(aPayment({ account_id: 'd' }), { payment_status: 'APPROVED' }));
  world.bury(aPayment({ account_id: 'd' }));
  expect(await world.discard({ dryRun: true })).toMatchObject({
    discarded: 3,
    settled: 1,
    deadLetters: { visible: 4, inFlight: 0 },
  });
  expect(await world.discard({ accountIds: ['a', 'b', 'c'], limit: 2 })).toMatchObject({
    discarded: 2,
    more: true,
    stoppedBy: 'limit',
    deadLetters: { visible: 2 },
  });
});

test('a decided payment is not discarded: its copy is deleted, its record does not change', async () => {
  world.records.put(aRecord(aPayment(), { payment_status: 'APPROVED' }));
  const message_id = world.bury(aPayment(), 'FRAUD_CHECK_UNAVAILABLE');
  expect(await world.discard()).toMatchObject({ discarded: 0, settled: 1, deadLetters: { visible: 0, inFlight: 0 } });
  expect(world.logs).toEqual([
    {
      event: expect.stringMatching(/^Copy of a decided/) as string,
      message_id,
      transaction_id: 'tx-1',
      account_hash: hashOf('alice'),
    },
  ]);
  expect(world.record('tx-1').history).toHaveLength(1);
});
