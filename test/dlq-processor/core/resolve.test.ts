import { addEntry, isDiscarded, mayBeHeld, recordFaults } from '../../../src/contract';
import { ACTOR, DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { Processor } from '../../../tools/kit/cores/processor';
import { hashOf } from '../../../tools/kit/cores/telemetry';
import { aMessage, anEntry, aPayment, aRecord, type RecordChanges } from '../../../tools/kit/payments/payments';

const FRAUD = { decision: 'review', score: 0.7, reasons: ['new beneficiary'] } as const;
const REVIEW = {
  payment_status: 'REVIEW',
  fraud: FRAUD,
  attempts: 2,
  history: [anEntry({ attempt: 2 }), anEntry({ status: 'REVIEW', attempt: 2 })],
} as const satisfies RecordChanges;
const BOB = 'arn:aws:iam::123456789012:user/bob';
const APPROVE = { transactionIds: ['tx-1'], decision: 'approve' };
const DECLINE = { transactionIds: ['tx-1'], decision: 'decline' };
const NONE = {
  resolved: 0,
  resolvedBefore: 0,
  decidedOtherwise: 0,
  notInReview: 0,
  notFound: 0,
  errors: {},
  more: false,
};

let world: DeadLetterWorld;
beforeEach(() => {
  world = new DeadLetterWorld();
  world.records.put(aRecord(aPayment(), REVIEW));
});

test.each([
  [APPROVE, 'APPROVED'],
  [DECLINE, 'DECLINED'],
] as const)(
  '%j ends a review as %s, with actor and reason in history and log, in the same attempt [G5]',
  async (event, status) => {
    const before = world.record('tx-1');
    expect(await world.resolve({ ...event, reason: 'the client confirmed it' })).toEqual({
      ...NONE,
      action: 'resolve',
      decision: event.decision,
      actor: ACTOR,
      dryRun: false,
      resolved: 1,
      ids: { resolved: ['tx-1'] },
    });

    const entry = {
      status,
      at: expect.any(String) as string,
      attempt: 2,
      request_id: expect.any(String) as string,
      release_id: 'release-of-the-dlq-processor',
      reason: 'the client confirmed it',
      actor: ACTOR,
      hash: expect.any(String) as string,
    };
    const record = world.record('tx-1');
    expect(record).toEqual({
      ...before,
      payment_status: status,
      timestamp: record.history.at(-1)!.at,
      release_id: 'release-of-the-dlq-processor',
      history: [...before.history, entry],
    });
    expect(world.logs).toEqual([
      {
        event: 'Payment resolved',
        transaction_id: 'tx-1',
        account_hash: hashOf('alice'),
        status,
        reason: 'the client confirmed it',
        actor: ACTOR,
        history_hash: record.history.at(-1)!.hash,
      },
    ]);
    expect(world.metrics).toEqual([['ReviewsResolved', 1]]);
    expect(mayBeHeld(record)).toBe(false);
    expect(isDiscarded(record)).toBe(false);
    expect(recordFaults(record)).toEqual([]);
  },
);

test('the same event again changes nothing, also by another operator', async () => {
  await world.resolve(APPROVE);
  const decided = world.record('tx-1');
  for (const actor of [ACTOR, BOB])
    expect(await world.resolve({ ...APPROVE, actor })).toMatchObject({ ...NONE, resolvedBefore: 1 });
  expect(world.record('tx-1')).toEqual(decided);
  expect(world.metrics).toHaveLength(1);
});

test('the contrary decision is reported, and changes nothing', async () => {
  await world.resolve(APPROVE);
  const decided = world.record('tx-1');
  expect(await world.resolve(DECLINE)).toMatchObject({
    ...NONE,
    decidedOtherwise: 1,
    ids: { decidedOtherwise: ['tx-1'] },
  });
  expect(world.record('tx-1')).toEqual(decided);
});

test('of two operators who disagree at the same time the first decides, and the other is told [G5]', async () => {
  const other = anEntry({ status: 'DECLINED', attempt: 2, reason: 'no', actor: BOB });
  world.beforeNext('resolve', () =>
    world.records.resolve({ record: world.record('tx-1'), ...addEntry(world.record('tx-1'), other) }),
  );
  expect(await world.resolve(APPROVE)).toMatchObject({ ...NONE, decidedOtherwise: 1 });
  expect(world.record('tx-1').history.at(-1)).toMatchObject(other);
  expect(world.metrics).toEqual([]);
});

test.each<[string, RecordChanges]>([
  ['in progress', {}],
  [
    'failed',
    {
      payment_status: 'FAILED',
      failure_code: 'FRAUD_CHECK_REFUSED',
      history: [anEntry(), anEntry({ status: 'FAILED' })],
    },
  ],
  [
    'discarded',
    {
      payment_status: 'FAILED',
      failure_code: 'DISCARDED',
      history: [anEntry(), anEntry({ status: 'FAILED', reason: 'no' })],
    },
  ],
  ['approved by the fraud API', { payment_status: 'APPROVED', history: [anEntry(), anEntry({ status: 'APPROVED' })] }],
])('a payment that is %s is not in review', async (_, fields) => {
  const record = aRecord(aPayment(), fields);
  world.records.put(record);
  for (const event of [APPROVE, DECLINE])
    expect(await world.resolve(event)).toMatchObject({ ...NONE, notInReview: 1, ids: { notInReview: ['tx-1'] } });
  expect(world.record('tx-1')).toEqual(record);
});

test('an unknown id is not found', async () => {
  expect(await world.resolve({ ...APPROVE, transactionIds: ['tx-2'] })).toMatchObject({ ...NONE, notFound: 1 });
});

test('a write whose answer was lost, and which the SDK repeats, is known as the own, and counted once', async () => {
  world.fail('resolve', 'written twice');
  expect(await world.resolve(APPROVE)).toMatchObject({ ...NONE, resolved: 1 });
  expect(world.metrics).toHaveLength(1);
});

test.each(['refused', 'answer lost'] as const)(
  'an error of the table (%s) ends the run, says so, and the same event completes it',
  async (fault) => {
    const other = aPayment({ transaction_id: 'tx-2' });
    world.records.put(aRecord(other, REVIEW));
    world.fail('resolve', fault, { id: 'tx-1' });
    const event = { ...APPROVE, transactionIds: ['tx-1', 'tx-2'] };
    const errors = { [`payment table: ${fault === 'refused' ? 'Throttled' : 'TimeoutError'}`]: 1 };
    expect(await world.resolve(event)).toMatchObject({ ...NONE, errors, more: true, stoppedBy: 'error' });
    const answer = await world.resolve(event);
    expect(answer).toMatchObject(
      fault === 'refused' ? { ...NONE, resolved: 2 } : { ...NONE, resolved: 1, resolvedBefore: 1 },
    );
    for (const id of ['tx-1', 'tx-2']) expect(world.record(id).history).toHaveLength(3);
  },
);

test('a dry run decides nothing, and a limit leaves the rest', async () => {
  world.records.put(...['tx-2', 'tx-3'].map((transaction_id) => aRecord(aPayment({ transaction_id }), REVIEW)));
  const event = { ...APPROVE, transactionIds: ['tx-1', 'tx-2', 'tx-3'] };
  expect(await world.resolve({ ...event, dryRun: true })).toMatchObject({ ...NONE, dryRun: true, resolved: 3 });
  expect(world.calls.filter(({ call }) => call === 'resolve')).toEqual([]);
  expect(world.metrics).toEqual([]);
  expect(await world.resolve({ ...event, limit: 2 })).toMatchObject({
    ...NONE,
    resolved: 2,
    more: true,
    stoppedBy: 'limit',
  });
  expect(await world.resolve({ ...event, limit: 1 })).toMatchObject({ ...NONE, resolved: 1, resolvedBefore: 2 });
});

test('in the last 15 seconds nothing is decided', async () => {
  expect(await world.resolve(APPROVE, 15_000)).toMatchObject({ ...NONE, more: true, stoppedBy: 'deadline' });
  expect(world.calls).toEqual([]);
});

test('a payment in review with a card number in its id is logged with the number masked', async () => {
  const transaction_id = '4111-1111-1111-1111';
  world.records.put(aRecord(aPayment({ transaction_id }), REVIEW));
  expect(await world.resolve({ ...APPROVE, transactionIds: [transaction_id] })).toMatchObject({ resolved: 1 });
  expect(JSON.stringify(world.logs)).not.toContain('1111');
});

describe('a payment that an operator has decided is decided for everybody else', () => {
  beforeEach(async () => {
    await world.resolve(APPROVE);
    world.calls.length = 0;
  });

  test('its dead letter is a copy', async () => {
    world.bury(aPayment());
    world.bury(aPayment({ transaction_id: 'tx-0' }));
    const decided = world.record('tx-1');
    expect(await world.redrive({ transactionIds: ['tx-1'] })).toMatchObject({ redriven: 0, settled: 1 });
    world.bury(aPayment());
    expect(await world.discard({ transactionIds: ['tx-1'] })).toMatchObject({ discarded: 0, settled: 1 });
    expect(world.record('tx-1')).toEqual(decided);
    expect(world.sent).toEqual([]);
  });

  test('its message, delivered again, is a duplicate', async () => {
    const processor = new Processor();
    processor.store.put(world.record('tx-1'));
    await processor.deliver(aMessage());
    expect(processor.telemetry.counts).toEqual({ DuplicatesIgnored: 1 });
    expect(processor.store.record('tx-1')).toEqual(world.record('tx-1'));
  });
});

test('the age of the oldest review is measured, and 0 when there is none; no dead letter is received', async () => {
  world.clock.advance(Date.parse('2026-01-02T03:00:00.000Z') + 90_000 - world.clock.now());
  world.records.put(
    aRecord(aPayment({ transaction_id: 'tx-2' }), { ...REVIEW, timestamp: '2026-01-02T03:01:00.000Z' }),
  );
  expect(await world.run({ action: 'measure' })).toEqual({ action: 'measure', oldestReviewSeconds: 90 });
  await world.resolve({ ...APPROVE, transactionIds: ['tx-1', 'tx-2'] });
  world.metrics.length = 0;
  expect(await world.run({ action: 'measure' })).toEqual({ action: 'measure', oldestReviewSeconds: 0 });
  expect(world.metrics).toEqual([['OldestReviewAge', 0]]);
  expect(new Set(world.calls.map(({ call }) => call))).toEqual(new Set(['oldestReview', 'read', 'resolve']));
});
