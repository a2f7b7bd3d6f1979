import { RESERVE_MS } from '../../../src/dlq-processor/core/ports';
import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { failures, NOON, type SomeFailures } from '../../../tools/kit/cores/failures';
import { aPayment, aRecord } from '../../../tools/kit/payments/payments';
import { hashOf } from '../../../tools/kit/cores/telemetry';

let world: DeadLetterWorld;
beforeEach(() => {
  world = new DeadLetterWorld();
  world.clock.advance(NOON - world.clock.now());
});

function fail(...some: readonly SomeFailures[]): void {
  world.index.push(...failures(...some));
}

test('failed payments are counted over all pages: in total, by cause, release, age and account', async () => {
  fail({ count: 1_500, accounts: 3, from: -30 * 24 * 60, every: 0 });
  fail({ count: 1_001, code: 'FRAUD_CHECK_REFUSED', release: 'release-2', account: 'alice', from: -90, every: 0 });
  world.index.push({
    ...failures({ count: 1, account: 'bob', from: -1 })[0]!,
    transaction_id: 'latest',
    failure_code: undefined!,
  });
  expect(await world.analyze()).toMatchObject({
    action: 'analyze',
    failedPayments: 2_502,
    byFailureCode: { FRAUD_CHECK_UNAVAILABLE: 1_500, FRAUD_CHECK_REFUSED: 1_001, UNKNOWN: 1 },
    byRelease: { 'release-1': 1_501, 'release-2': 1_001 },
    byAge: { underAnHour: 1, underADay: 1_001, over14Days: 1_500 },
    accounts: 5,
    byAccount: [
      { accountHash: hashOf('alice'), failed: 1_001, exampleTransactionId: expect.any(String) as string },
      { accountHash: hashOf('account-2'), failed: 500 },
      { failed: 500 },
      { failed: 500 },
      { accountHash: hashOf('bob'), failed: 1, exampleTransactionId: 'latest' },
    ],
    firstSeen: '2025-12-03T12:00:00.000Z',
    lastSeen: '2026-01-02T11:59:00.000Z',
    more: false,
  });
});

test('ages are exact: a payment that failed exactly an hour, a day or 14 days ago is not under it any more', async () => {
  for (const minutes of [14 * 24 * 60, 24 * 60, 60]) fail({ count: 1, from: -minutes });
  expect((await world.analyze()).byAge).toEqual({ underADay: 1, under14Days: 1, over14Days: 1 });
});

test('the approvals are read as soon as there are enough failures for a pattern', async () => {
  fail({ count: 10, release: 'both' });
  world.approvals = Array.from({ length: 10 }, () => 'both');
  expect((await world.analyze()).patterns).toMatchObject([{ kind: 'outage', failed: 10 }]);
});

test('the approvals are not read for fewer failures, nor without time', async () => {
  fail({ count: 9 });
  await world.analyze();
  fail({ count: 1 });
  world.callMs = 1_000;
  // The time is up after the depth of the queue, the failures and the held accounts.
  await world.analyze({}, 15_000 + 2_500);
  expect(world.calls.filter(({ call }) => call === 'latestApprovals')).toEqual([]);
});

test('of many accounts the ten that failed most are named', async () => {
  for (let number = 1; number <= 12; number++) fail({ count: number, account: `account-${number}` });
  const { accounts, byAccount } = await world.analyze();
  expect([accounts, byAccount.map(({ failed }) => failed)]).toEqual([12, [12, 11, 10, 9, 8, 7, 6, 5, 4, 3]]);
});

test('without a failed payment the counts are empty', async () => {
  const analysis = await world.analyze();
  expect(analysis).toEqual({
    action: 'analyze',
    summary: 'No failed payment was found. About 0 dead letters wait, 0 are hidden. No pattern needs a person.',
    failedPayments: 0,
    byFailureCode: {},
    byRelease: {},
    byAge: {},
    accounts: 0,
    byAccount: [],
    firstSeen: null,
    lastSeen: null,
    heldAccounts: { count: 0, more: false, longest: [] },
    patterns: [],
    alerted: [],
    deadLetters: { visible: 0, inFlight: 0 },
    sample: {
      messages: 0,
      counts: { unreadable: 0, conflicting: 0, open: 0, unrecorded: 0, parked: 0, failed: 0, settled: 0 },
      unreadableMessageIds: [],
      conflictingMessageIds: [],
      unpublishedTransactionIds: [],
    },
    more: false,
  });
});

test.each([
  { count: 5, limit: 4, failedPayments: 4, more: true },
  { count: 5, limit: 5, failedPayments: 5, more: false },
  { count: 5, limit: 6, failedPayments: 5, more: false },
  { count: 2_000, limit: 2_000, failedPayments: 2_000, more: false },
  { count: 2_001, limit: 2_000, failedPayments: 2_000, more: true },
])(
  'of $count, at most $limit, the latest: $failedPayments counted, more: $more',
  async ({ count, limit, failedPayments, more }) => {
    fail({ count });
    const analysis = await world.analyze({ limit });
    expect(analysis).toMatchObject({ failedPayments, more, lastSeen: world.index.at(-1)!.timestamp });
    expect(analysis.stoppedBy).toBe(more ? 'limit' : undefined);
  },
);

describe('time', () => {
  test('no page is begun in the last 15 seconds, and the answer says so', async () => {
    expect(RESERVE_MS).toBe(15_000);
    fail({ count: 5_000 });
    world.callMs = 1_000;
    expect(await world.analyze({}, 18_500)).toMatchObject({
      failedPayments: 3_000,
      more: true,
      stoppedBy: 'deadline',
      alerted: [],
    });
  });

  test('after the depth of the dead-letter queue, a sample is received only if time is left', async () => {
    world.bury(aPayment());
    world.callMs = 1_000;
    expect(await world.analyze({}, 15_500)).toMatchObject({ deadLetters: { visible: 1 }, sample: null });
  });

  test('without any nothing is asked', async () => {
    fail({ count: 5 });
    expect(await world.analyze({}, 15_000)).toMatchObject({
      failedPayments: 0,
      deadLetters: null,
      sample: null,
      more: true,
      stoppedBy: 'deadline',
      summary:
        'No failed payment was found. No time was left for the dead-letter queue. No pattern needs a person. Not all were counted: the deadline was reached.',
    });
    expect(world.calls).toEqual([]);
  });
});

describe('the sample of the dead letters', () => {
  test('shows what the index lacks, and makes every message visible again', async () => {
    world.records.put(
      aRecord(aPayment({ transaction_id: 'decided', account_id: 'a' }), { payment_status: 'APPROVED' }),
    );
    world.bury(aPayment({ transaction_id: 'decided', account_id: 'a' }), 'FRAUD_CHECK_UNAVAILABLE');
    world.records.put(aRecord(aPayment({ transaction_id: 'failed', account_id: 'b' }), { payment_status: 'FAILED' }));
    world.bury(aPayment({ transaction_id: 'failed', account_id: 'b' }), 'FRAUD_CHECK_UNAVAILABLE');
    world.records.put(aRecord(aPayment({ transaction_id: 'open', account_id: 'c' })));
    world.bury(aPayment({ transaction_id: 'open', account_id: 'c' }));
    world.bury(aPayment({ transaction_id: 'unrecorded', account_id: 'd' }));
    const conflicting = world.bury(
      aPayment({ transaction_id: 'decided', account_id: 'e', amount: 7 }),
      'CONFLICTING_TRANSACTION',
    );
    const unreadable = world.bury({ body: 'not JSON', group: 'f' }, 'INVALID_JSON');

    expect(await world.analyze()).toMatchObject({
      deadLetters: { visible: 6, inFlight: 0 },
      sample: {
        messages: 6,
        counts: { unreadable: 1, conflicting: 1, open: 1, unrecorded: 1, failed: 1, settled: 1 },
        unreadableMessageIds: [unreadable],
        conflictingMessageIds: [conflicting],
      },
    });
    expect(world.hidden).toEqual([]);
    expect(world.deadLetters.messages).toHaveLength(6);
  });

  test('is of a hundred messages at most', async () => {
    for (let number = 1; number <= 150; number++)
      world.bury({ body: 'not JSON', group: `group-${number}` }, 'INVALID_JSON');
    const { sample, deadLetters } = await world.analyze();
    expect(sample).toMatchObject({ messages: 100, counts: { unreadable: 100 } });
    expect(sample!.unreadableMessageIds).toHaveLength(10);
    expect(deadLetters).toEqual({ visible: 150, inFlight: 0 });
    expect(world.hidden).toEqual([]);
  });

  test('is of no more messages than were visible when it began, and three that are unreadable are a pattern', async () => {
    const buryFive = (group: string) => {
      for (let number = 1; number <= 5; number++)
        world.bury({ body: 'not JSON', group: `${group} ${number}` }, 'INVALID_JSON');
    };
    buryFive('before');
    world.beforeNext('receive', () => {
      buryFive('since');
    });
    expect(await world.analyze()).toMatchObject({
      sample: { messages: 5 },
      patterns: [{ kind: 'unreadable_messages', failed: 5 }],
      alerted: ['unreadable_messages'],
    });
  });

  test('ends with the hundredth', async () => {
    for (let number = 1; number <= 150; number++)
      world.bury(aPayment({ transaction_id: `tx-${number}`, account_id: `account-${number}` }));
    await world.analyze();
    // The accounts of one receive are looked at together.
    expect(world.calls.filter(({ call }) => call === 'read').length).toBeLessThan(110);
  });

  test.each(['receive', 'read'])('that meets an error in %s makes every message visible again, too', async (call) => {
    for (let number = 1; number <= 15; number++)
      world.bury(aPayment({ transaction_id: `tx-${number}`, account_id: `account-${number}` }));
    world.fail(call, 'refused', { spared: 1 });
    await world.analyze();
    expect(world.hidden).toEqual([]);
  });
});

test('the summary lists several causes and patterns apart from each other', async () => {
  fail({ count: 20 }, { count: 15, code: 'FRAUD_CHECK_REFUSED', from: 10 });
  world.approvals = Array.from({ length: 10 }, () => 'release-1');
  const { summary } = await world.analyze();
  expect(summary).toContain(' 15 FRAUD_CHECK_REFUSED, 20 FRAUD_CHECK_UNAVAILABLE.');
  expect(summary).toMatch(/ outage \(.* new_refusal \(/);
});

test('the summary says it in words', async () => {
  fail({ count: 12, code: 'FRAUD_CHECK_REFUSED', release: 'r' });
  world.approvals = ['r', 'r'];
  world.bury({ body: 'not JSON', group: 'a' }, 'INVALID_JSON');
  const { summary } = await world.analyze({ limit: 11 });
  expect(summary).toBe(
    '11 failed payments of 10 accounts, from 2026-01-02T12:00:06.000Z to 2026-01-02T12:01:06.000Z. ' +
      'Causes: 11 FRAUD_CHECK_REFUSED. Releases: 11 r. About 1 dead letters wait, 0 are hidden. Of a sample of 1: 1 unreadable. ' +
      'new_refusal (FRAUD_CHECK_REFUSED): 11 failed payments of 10 accounts, from 2026-01-02T12:00:06.000Z to 2026-01-02T12:01:06.000Z. ' +
      'Ask the owner of the fraud API what it refuses, and why since then; once it is fixed, redrive by transactionIds, else discard. ' +
      'For example: transaction tx-12 Not all were counted: the limit was reached.',
  );
});
