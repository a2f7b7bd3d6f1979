import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { anEntry, aPayment, aRecord } from '../../../tools/kit/payments/payments';
import { buryFailed, ids } from '../../../tools/kit/cores/dead-letters';

let world: DeadLetterWorld;
beforeEach(() => {
  world = new DeadLetterWorld();
});

test('payments that would fail again are named and left: poison, conflicts, an invalid message, a discarded one', async () => {
  buryFailed(world, { transaction_id: 'refused', account_id: 'a' }, { failure_code: 'FRAUD_CHECK_REFUSED' });
  world.records.put(aRecord(aPayment({ transaction_id: 'taken', account_id: 'b' }), { payment_status: 'APPROVED' }));
  const conflicting = world.bury(
    aPayment({ transaction_id: 'taken', account_id: 'b', amount: 7 }),
    'CONFLICTING_TRANSACTION',
  );
  buryFailed(world, { transaction_id: 'changed', account_id: 'c' }, { fingerprint: 'of another' });
  const invalid = world.bury({ body: 'not JSON', group: 'd' }, 'INVALID_JSON');
  const masked = world.bury(
    aPayment({ transaction_id: 'masked', account_id: 'e', reference: 'card ****' }),
    'CARD_NUMBER',
  );
  const otherGroup = world.bury({ body: JSON.stringify(aPayment({ account_id: 'f' })), group: 'g' });
  buryFailed(
    world,
    { transaction_id: 'given-up', account_id: 'h' },
    { history: [anEntry({ status: 'FAILED', reason: 'customer agreed' })] },
  );
  buryFailed(world, { transaction_id: 'tx-1', account_id: 'a' });

  const answer = await world.redrive();
  expect(answer).toMatchObject({
    redriven: 1,
    left: { wouldFailAgain: 1, discardedBefore: 1, conflicting: 2, unreadable: 3, notSelected: 0 },
    leftIds: { wouldFailAgain: ['refused'], discardedBefore: ['given-up'] },
    deadLetters: { visible: 7, inFlight: 0 },
    more: false,
  });
  expect(answer.leftIds.conflicting).toContain(conflicting);
  expect(answer.leftIds.unreadable!.toSorted()).toEqual([invalid, masked, otherGroup].sort());
  expect(world.sent).toEqual(['tx-1']);
  expect(world.record('refused').payment_status).toBe('FAILED');
});

test('selected by its id, poison is redriven; an invalid or conflicting message never is', async () => {
  buryFailed(world, { transaction_id: 'refused', account_id: 'a' }, { failure_code: 'FRAUD_CHECK_REFUSED' });
  buryFailed(world, { transaction_id: 'also-refused', account_id: 'b' }, { failure_code: 'FRAUD_CHECK_REFUSED' });
  buryFailed(world, { transaction_id: 'changed', account_id: 'c' }, { fingerprint: 'of another' });
  const invalid = world.bury({ body: 'not JSON', group: 'd' }, 'INVALID_JSON');
  const answer = await world.redrive({ transactionIds: ['refused', 'changed', invalid] });
  expect(answer).toMatchObject({
    redriven: 1,
    left: { conflicting: 1, unreadable: 1, notSelected: 1 },
    unreachable: [],
    notFound: [],
  });
  expect(world.sent).toEqual(['refused']);
});

test('an expired payment is redriven only by its id and for a reason, and its history says both', async () => {
  buryFailed(world, {}, { failure_code: 'PAYMENT_EXPIRED' });
  for (const event of [{ reason: 'still wanted' }, { transactionIds: ['tx-1'] }])
    expect(await world.redrive(event)).toMatchObject({ redriven: 0, leftIds: { wouldFailAgain: ['tx-1'] } });
  expect(await world.redrive({ transactionIds: ['tx-1'], reason: 'still wanted' })).toMatchObject({ redriven: 1 });
  expect(world.record('tx-1').history.at(-1)!.reason).toBe('redriven by id after PAYMENT_EXPIRED: still wanted');
});

test.each([
  ['refused, and asked for by its id', 'FRAUD_CHECK_REFUSED', { transactionIds: ['tx-1'] }],
  ['of an outage that goes on', 'FRAUD_CHECK_UNAVAILABLE', {}],
] as const)('a payment that fails again during the run is not redriven by it again: one %s', async (_, code, event) => {
  const failsAgain = () => {
    buryFailed(world, { transaction_id: 'tx-1' }, { failure_code: code, attempts: 4 });
  };
  failsAgain();
  world.beforeNext('delete', failsAgain);
  world.beforeNext('delete', failsAgain);

  expect(await world.redrive(event)).toMatchObject({ redriven: 1, left: { wouldFailAgain: 1 }, more: false });
  expect(world.sent).toEqual(['tx-1']);
});

test("accountIds do not ask for an account's poison", async () => {
  buryFailed(world, { transaction_id: 'refused', account_id: 'a' }, { failure_code: 'FRAUD_CHECK_REFUSED' });
  buryFailed(world, { transaction_id: 'tx-1', account_id: 'a' });
  buryFailed(world, { transaction_id: 'tx-2', account_id: 'b' });
  expect(await world.redrive({ accountIds: ['a'] })).toMatchObject({
    redriven: 1,
    left: { wouldFailAgain: 1, notSelected: 1 },
  });
  expect(world.sent).toEqual(['tx-1']);
});

test('with both lists a payment must be in both', async () => {
  buryFailed(world, { transaction_id: 'tx-1', account_id: 'a' });
  buryFailed(world, { transaction_id: 'tx-2', account_id: 'a' });
  buryFailed(world, { transaction_id: 'tx-3', account_id: 'b' });
  await world.redrive({ transactionIds: ['tx-1', 'tx-3'], accountIds: ['a'] });
  expect(world.sent).toEqual(['tx-1']);
});

test('a target behind ten others of its account is redriven from its record, or unreachable without one; what has ended is not found', async () => {
  for (const transaction_id of ids('tx', 12)) buryFailed(world, { transaction_id });
  world.records.put(
    aRecord(aPayment({ transaction_id: 'elsewhere', account_id: 'bob' }), { payment_status: 'APPROVED' }),
  );
  const answer = await world.redrive({ transactionIds: ['tx-10', 'tx-12', 'unrecorded', 'elsewhere'] });
  expect(answer).toMatchObject({
    seen: 11,
    redriven: 2,
    unreachable: ['unrecorded'],
    notFound: ['elsewhere'],
    left: { notSelected: 10 },
    more: false,
  });
  expect(world.sent).toEqual(['tx-10', 'tx-12']);
});

test('an account that a full receive cut short is received again', async () => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    world = new DeadLetterWorld(seed);
    for (const account_id of ['a', 'b', 'c'])
      for (const transaction_id of ids(account_id, 7)) buryFailed(world, { transaction_id, account_id });
    const answer = await world.redrive({ transactionIds: ['a-7', 'b-7', 'c-7'] });
    expect([seed, answer]).toEqual([seed, expect.objectContaining({ redriven: 3, unreachable: [] })]);
  }
});

test('a limit is kept, over all accounts, and the same event again does the rest', async () => {
  for (const account_id of ['a', 'b', 'c'])
    for (const transaction_id of ids(account_id, 4)) buryFailed(world, { transaction_id, account_id });
  const counts: number[] = [];
  let answer;
  do {
    answer = await world.redrive({ limit: 5 });
    counts.push(answer.redriven);
    expect(world.hidden).toEqual([]);
  } while (answer.more);
  expect(counts).toEqual([5, 5, 2]);
  expect(new Set(world.sent).size).toBe(12);
  for (const account of ['a', 'b', 'c'])
    expect(world.sent.filter((id) => id.startsWith(account))).toEqual(ids(account, 4));
});
