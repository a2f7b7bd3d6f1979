import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { aPayment, aRecord, type RecordChanges } from '../../../tools/kit/payments/payments';

test('a sample is never larger than the queue was, though more messages have come meanwhile and a receive brings many accounts at once', async () => {
  const world = new DeadLetterWorld();
  const bury = (count: number, from: string) => {
    for (let n = 1; n <= count; n++)
      world.bury(aPayment({ transaction_id: `${from}-${n}`, account_id: `${from}-${n}` }));
  };
  bury(3, 'before');
  world.beforeNext('receive', () => {
    bury(7, 'meanwhile');
  });
  const { sample } = await world.analyze();

  expect(sample).toMatchObject({ messages: 3, counts: { unrecorded: 3 } });
  expect(world.hidden).toEqual([]);
});

test.each<{ payment: string; fields?: RecordChanges; kind: string }>([
  { payment: 'has no record', kind: 'parked' },
  { payment: 'is still parked', fields: { parked_behind: 'tx-0' }, kind: 'parked' },
  { payment: 'has failed since', fields: { payment_status: 'FAILED' }, kind: 'failed' },
  { payment: 'was decided since', fields: { payment_status: 'APPROVED' }, kind: 'settled' },
])('the dead letter of a parked payment that $payment counts as $kind', async ({ fields, kind }) => {
  const world = new DeadLetterWorld();
  if (fields !== undefined) world.records.put(aRecord(aPayment(), fields));
  world.park(aPayment(), 'tx-0');
  expect((await world.analyze()).sample).toMatchObject({ messages: 1, counts: { [kind]: 1 } });
});

test('at most ten conflicting ones are named, and all are counted', async () => {
  const world = new DeadLetterWorld();
  for (let n = 1; n <= 11; n++)
    world.bury(aPayment({ transaction_id: `tx-${n}`, account_id: `account-${n}` }), 'CONFLICTING_TRANSACTION');
  const { sample } = await world.analyze();
  expect([sample?.counts.conflicting, sample?.conflictingMessageIds.length]).toEqual([11, 10]);
});

const decided = (n: number) => {
  const payment = aPayment({ transaction_id: `tx-${n}`, account_id: `account-${n}` });
  return { payment, record: aRecord(payment, { payment_status: n % 2 === 0 ? 'APPROVED' : 'REVIEW' }) };
};

test('with outcomes, decided payments among the dead letters are named: a redrive publishes them, and they are named no more', async () => {
  const world = new DeadLetterWorld(1, 'topic');
  for (const { payment, record } of [decided(1), decided(2)]) {
    world.records.put(record);
    world.bury(payment);
  }
  world.bury(aPayment({ transaction_id: 'tx-3', account_id: 'account-3' }));
  const { sample, summary } = await world.analyze();
  expect(sample?.unpublishedTransactionIds).toEqual(['tx-1', 'tx-2']);
  expect(summary).toContain('their outcomes may not be published: redrive them to publish: tx-1, tx-2.');
  await world.redrive();
  expect(world.outcomes.map(({ transaction_id }) => transaction_id).sort()).toEqual(['tx-1', 'tx-2']);
  expect((await world.analyze()).sample?.unpublishedTransactionIds).toEqual([]);
});

test('without outcomes they are only counted; at most ten are named', async () => {
  const silent = new DeadLetterWorld();
  const telling = new DeadLetterWorld(1, 'topic');
  for (const world of [silent, telling])
    for (let n = 1; n <= 11; n++) {
      const { payment, record } = decided(n);
      world.records.put(record);
      world.bury(payment);
    }
  const samples = [await silent.analyze(), await telling.analyze()].map(({ sample }) => sample);
  expect(samples.map((sample) => sample?.counts.settled)).toEqual([11, 11]);
  expect(samples.map((sample) => sample?.unpublishedTransactionIds.length)).toEqual([0, 10]);
});
