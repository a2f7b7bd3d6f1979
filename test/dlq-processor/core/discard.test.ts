import { createHash } from 'node:crypto';
import { messageOf } from '../../../src/contract';
import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { MemoryStore } from '../../../tools/kit/cores/memory-store';
import { aMessage, anEntry, aPayment, aRecord, type RecordChanges } from '../../../tools/kit/payments/payments';
import { Processor } from '../../../tools/kit/cores/processor';
import { hashOf } from '../../../tools/kit/cores/telemetry';

const FAILED = {
  payment_status: 'FAILED',
  failure_code: 'FRAUD_CHECK_REFUSED',
  failure_message: 'refused',
  attempts: 3,
  dead_lettered_at: '2026-01-02T03:01:00.000Z',
  history: [anEntry(), anEntry({ status: 'FAILED', attempt: 3 })],
} as const;

let world: DeadLetterWorld;
beforeEach(() => {
  world = new DeadLetterWorld();
});

test('a failed payment stays FAILED, with the reason in its history, and its dead letter ends', async () => {
  world.records.put(aRecord(aPayment(), FAILED));
  const letter = world.bury(aPayment(), 'FRAUD_CHECK_REFUSED');
  expect(await world.discard({ reason: 'the customer paid otherwise' })).toMatchObject({
    action: 'discard',
    seen: 1,
    discarded: 1,
    redriven: 0,
    deadLetters: { visible: 0, inFlight: 0 },
    more: false,
  });

  const { history, ...record } = world.record('tx-1');
  const { history: before, ...unchanged } = aRecord(aPayment(), FAILED);
  expect(record).toEqual({ ...unchanged, discarded_at: history.at(-1)!.at });
  expect(history).toEqual([
    ...before,
    {
      status: 'FAILED',
      at: expect.any(String) as string,
      attempt: 3,
      request_id: expect.any(String) as string,
      release_id: 'release-of-the-dlq-processor',
      reason: 'the customer paid otherwise',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    },
  ]);
  expect(world.logs).toEqual([
    {
      event: 'Payment discarded',
      message_id: letter,
      transaction_id: 'tx-1',
      account_hash: hashOf('alice'),
      status: 'FAILED',
      reason: 'the customer paid otherwise',
      history_hash: history.at(-1)!.hash,
    },
  ]);
  expect(world.sent).toEqual([]);
});

test('a payment in PROCESSING becomes FAILED, as if it had been quarantined: its message in the payment queue is acknowledged', async () => {
  world.records.put(aRecord(aPayment(), { attempts: 2 }));
  world.bury(aPayment());
  await world.discard({ reason: 'too late' });
  const record = world.record('tx-1');
  expect(record).toMatchObject({
    payment_status: 'FAILED',
    attempts: 2,
    failure_code: 'DISCARDED',
    failure_message: 'too late',
  });
  expect([record.dead_lettered_at, record.discarded_at]).toEqual([record.timestamp, record.timestamp]);
  expect(record.history.at(-1)).toMatchObject({
    status: 'FAILED',
    attempt: 2,
    at: record.timestamp,
    reason: 'too late',
  });
});

test('a message that touches no record has its reason logged with the message id', async () => {
  world.records.put(aRecord(aPayment({ transaction_id: 'taken' }), { payment_status: 'APPROVED' }));
  const unreadable = world.bury({ body: 'not JSON', group: 'a' }, 'INVALID_JSON');
  const conflicting = world.bury(
    aPayment({ transaction_id: 'taken', account_id: 'c', amount: 7 }),
    'CONFLICTING_TRANSACTION',
  );
  const before = structuredClone(world.records.records);
  expect(await world.discard({ reason: 'client repaired' })).toMatchObject({
    discarded: 2,
    deadLetters: { visible: 0, inFlight: 0 },
  });
  expect(world.records.records).toEqual(before);
  expect(world.logs).toHaveLength(2);
  const told = { event: 'Message discarded', reason: 'client repaired' };
  const body = (text: string) => ({
    body_sha256: createHash('sha256').update(text).digest('hex'),
    body_bytes: Buffer.byteLength(text),
  });
  expect(world.logs).toContainEqual({
    ...told,
    message_id: unreadable,
    error_code: 'INVALID_JSON',
    ...body('not JSON'),
  });
  expect(world.logs).toContainEqual({
    ...told,
    message_id: conflicting,
    error_code: 'CONFLICTING_TRANSACTION',
    transaction_id: 'taken',
    account_hash: hashOf('c'),
    ...body(JSON.stringify(aPayment({ transaction_id: 'taken', account_id: 'c', amount: 7 }))),
  });
});

test('a payment without a record gets one that takes its transaction id: sent again, it is a duplicate [G4]', async () => {
  world.bury(aPayment({ reference: 'invoice 7' }));
  expect(await world.discard({ reason: 'too late' })).toMatchObject({ discarded: 1, deadLetters: { visible: 0 } });
  const record = world.record('tx-1');
  expect(messageOf(record)).toEqual(aPayment({ reference: 'invoice 7' }));
  expect(record).toMatchObject({
    payment_status: 'FAILED',
    attempts: 0,
    failure_code: 'DISCARDED',
    failure_message: 'too late',
    dead_lettered_at: record.timestamp,
    discarded_at: record.timestamp,
  });
  expect(record.history).toEqual([
    expect.objectContaining({ status: 'FAILED', attempt: 0, at: record.timestamp, reason: 'too late' }),
  ]);
  const processor = new Processor({}, new MemoryStore());
  processor.store.put(record);
  await processor.deliver(aMessage({ reference: 'invoice 7' }));
  expect([processor.store.record('tx-1'), processor.count('DuplicatesIgnored'), processor.fraudApi.called]).toEqual([
    record,
    1,
    [],
  ]);
});

test.each<[string, RecordChanges]>([
  ['decided', { payment_status: 'APPROVED' }],
  ['discarded', { ...FAILED, history: [...FAILED.history, anEntry({ status: 'FAILED', reason: 'an earlier one' })] }],
])('without a dead letter there is nothing to do for a payment that is %s', async (_, fields) => {
  world.records.put(aRecord(aPayment(), fields));
  const before = world.record('tx-1');
  expect(await world.discard({ transactionIds: ['tx-1'] })).toMatchObject({
    discarded: 0,
    settled: 0,
    notFound: ['tx-1'],
    more: false,
  });
  expect(world.record('tx-1')).toEqual(before);
});

test('a conflicting payment that earlier versions parked blocks no other once it is discarded', async () => {
  const conflicting = aPayment({ transaction_id: 'taken', account_id: 'c', amount: 7 });
  world.records.put(aRecord(aPayment({ transaction_id: 'taken' }), { payment_status: 'APPROVED' }));
  world.park(conflicting, 'tx-0');
  await world.discard({ dryRun: true });
  expect(world.held.accounts).toEqual(['c']);
  expect(await world.discard()).toMatchObject({ discarded: 1 });
  expect(world.held.accounts).toEqual([]);
});

test.each(['before', 'after'] as const)(
  'the function dies %s any of its calls, and is invoked again: the reason is noted once',
  async (when) => {
    for (let call = 1; ; call++) {
      world = new DeadLetterWorld();
      world.records.put(aRecord(aPayment(), FAILED), aRecord(aPayment({ transaction_id: 'tx-2' }), { attempts: 2 }));
      world.bury(aPayment());
      world.bury(aPayment({ transaction_id: 'tx-2' }));
      const died = await world.crash(() => world.discard(), call, when);
      world.clock.advance(181_000);
      await world.discard();
      expect(world.deadLetters.messages).toEqual([]);
      expect(world.record('tx-1').history.map(({ reason }) => reason)).toEqual([undefined, undefined, 'given up']);
      expect(world.record('tx-2').history.map(({ reason }) => reason)).toEqual([undefined, 'given up']);
      if (!died) break;
      expect(call).toBeLessThan(30);
    }
  },
);

test('a reason that reads like an entry of ours is noted all the same', async () => {
  const reason = 'parked behind tx-0';
  world.records.put(aRecord(aPayment(), { parked_behind: 'tx-0', history: [anEntry({ reason })] }));
  world.park(aPayment(), 'tx-0');
  expect(await world.discard({ reason })).toMatchObject({ discarded: 1 });
  expect(world.record('tx-1')).toMatchObject({
    payment_status: 'FAILED',
    failure_code: 'DISCARDED',
    failure_message: reason,
  });
});

test.each([
  [2, { discarded: 1, errors: {} }],
  [3, { discarded: 0, errors: { 'payment table: RecordKeepsChanging': 1 } }],
])(
  'a record that changes %d times between our read and our write: the third look is the last',
  async (times, answer) => {
    world.records.put(aRecord(aPayment(), { attempts: 1 }));
    world.bury(aPayment());
    for (let attempts = 2; attempts <= times + 1; attempts++) {
      world.beforeNext('giveUp', () => {
        world.records.put(aRecord(aPayment(), { attempts }));
      });
    }
    expect(await world.discard()).toMatchObject(answer);
  },
);

test('the answer of the write is lost: the next run finds the reason noted', async () => {
  world.records.put(aRecord(aPayment(), FAILED));
  world.bury(aPayment());
  world.fail('giveUp', 'answer lost');
  expect(await world.discard()).toMatchObject({
    discarded: 0,
    errors: { 'payment table: TimeoutError': 1 },
    more: true,
  });
  expect(await world.discard()).toMatchObject({ discarded: 1, more: false });
  expect(world.record('tx-1').history).toHaveLength(3);
});

test.each([
  ['of a failed payment', 'giveUp', true],
  ['of one without a record', 'insert', false],
] as const)(
  'the write is its own, though the client sent it twice (%s): the reason is noted once',
  async (_, call, isRecorded) => {
    if (isRecorded) world.records.put(aRecord(aPayment(), FAILED));
    world.bury(aPayment());
    world.fail(call, 'written twice');
    expect(await world.discard()).toMatchObject({ discarded: 1, errors: {}, more: false });
    expect(world.record('tx-1').history.filter(({ reason }) => reason === 'given up')).toHaveLength(1);
  },
);

test('a discarded payment whose letter was not deleted is not redriven by a later redrive of everything', async () => {
  world.records.put(aRecord(aPayment(), { ...FAILED, failure_code: 'FRAUD_CHECK_UNAVAILABLE' }));
  world.bury(aPayment());
  world.fail('delete');
  await world.discard();
  expect(await world.redrive()).toMatchObject({ redriven: 0, left: { discardedBefore: 1 } });
  expect(await world.redrive({ transactionIds: ['tx-1'] })).toMatchObject({ redriven: 1 });
});
