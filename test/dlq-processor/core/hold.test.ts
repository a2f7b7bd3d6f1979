import type { FailedRecord } from '../../../src/contract';
import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { anEntry, aRecord, type RecordChanges } from '../../../tools/kit/payments/payments';
import { first, second, third, heldWorld, waiting } from '../../../tools/kit/cores/dead-letters';

test("a redrive brings the failed payment and those that wait for it, in order; who is held is the processor's to say", async () => {
  const world = heldWorld();
  expect(await world.redrive()).toMatchObject({ redriven: 3, left: { waiting: 0 } });
  expect([world.sent, waiting(world)]).toEqual([
    ['tx-1', 'tx-2', 'tx-3'],
    ['tx-1', 'tx-2', 'tx-3'],
  ]);
});

test('while the failed one stays, so do those that wait for it, and the answer says what they wait for', async () => {
  const world = heldWorld('FRAUD_CHECK_REFUSED');
  const answer = {
    redriven: 0,
    left: { wouldFailAgain: 1, waiting: 2 },
    leftIds: { waiting: ['tx-2', 'tx-3'] },
    waitsFor: ['tx-1'],
    more: false,
  };
  expect(await world.redrive()).toMatchObject(answer);
  expect(await world.redrive({ dryRun: true })).toMatchObject(answer);
  expect(world.sent).toEqual([]);
});

test('a decided payment leaves the hold, and the others still wait for the one behind it that stays', async () => {
  const world = heldWorld();
  const history = [anEntry(), anEntry({ status: 'FAILED' })];
  world.records.put(
    aRecord(first, { payment_status: 'APPROVED' }),
    aRecord(second, { payment_status: 'FAILED', failure_code: 'FRAUD_CHECK_REFUSED', history }),
  );
  expect(await world.redrive()).toMatchObject({
    settled: 1,
    redriven: 0,
    left: { wouldFailAgain: 1, waiting: 1 },
    waitsFor: ['tx-2'],
  });
});

test.each([
  ['its transaction id', () => ['tx-3']],
  ['its message id', (world: DeadLetterWorld) => [world.deadLetters.messages[2]!.messageId]],
])('asked for by %s, too, a payment stays that would be parked again at once [G4]', async (_, idsOf) => {
  const world = heldWorld();
  expect(await world.redrive({ transactionIds: idsOf(world) })).toMatchObject({
    redriven: 0,
    left: { waiting: 1 },
    leftIds: { waiting: ['tx-3'] },
    waitsFor: ['tx-1'],
  });
  expect(world.record('tx-3')).toMatchObject({ parked_behind: 'tx-1', attempts: 1 });
});

test('a redriven payment is not parked any more', async () => {
  const world = heldWorld();
  await world.redrive();
  expect(world.record('tx-2')).not.toHaveProperty('parked_behind');
  expect(world.record('tx-2')).toMatchObject({ payment_status: 'PROCESSING', attempts: 2 });
  expect(world.record('tx-2').history.at(-1)).toMatchObject({
    status: 'PROCESSING',
    attempt: 2,
    reason: 'redriven after parking behind tx-1',
  });
});

test.each<[string, RecordChanges, sentFirst?: readonly string[]]>([
  ['is decided', { payment_status: 'REVIEW' }],
  [
    'is on its way',
    {
      attempts: 2,
      history: [
        anEntry(),
        anEntry({ status: 'FAILED' }),
        anEntry({ attempt: 2, reason: 'redriven' }),
        anEntry({ attempt: 3 }),
      ],
    },
    ['tx-1'],
  ],
  ["has its transaction id taken by another account's payment", { account_id: 'carol', fingerprint: 'of another' }],
  [
    "has its transaction id taken by another account's payment that has failed",
    { account_id: 'carol', fingerprint: 'of another', payment_status: 'FAILED' },
  ],
])('nothing waits for a payment that %s', async (_, fields, sentFirst = []) => {
  const world = heldWorld('FRAUD_CHECK_REFUSED');
  world.records.put(aRecord(first, fields));
  world.deadLetters.delete(world.deadLetters.receive()[0] as never);
  world.clock.advance(181_000);
  expect(await world.redrive()).toMatchObject({ redriven: 2, left: { waiting: 0 }, waitsFor: [] });
  expect(world.sent).toEqual([...sentFirst, 'tx-2', 'tx-3']);
});

describe('SQS itself moves the failed payment to the dead-letter queue after its redrive: its record says that it is on its way', () => {
  /** @returns a world whose letters are of tx-2, tx-3 and tx-1, in this order; no message is in the payment queue */
  async function moved(): Promise<DeadLetterWorld> {
    const world = heldWorld();
    await world.redrive({ transactionIds: ['tx-1'] });
    const { history } = world.record('tx-1');
    world.records.put(aRecord(first, { attempts: 3, history: [...history, anEntry({ attempt: 3 })] }));
    world.paymentQueue.messages.length = 0;
    world.bury(first);
    world.clock.advance(301_000);
    return world;
  }

  test('a redrive of all sends it before those that wait for it; the payment processor ignores its second copy', async () => {
    const world = await moved();
    expect(await world.redrive()).toMatchObject({ redriven: 3, left: { waiting: 0 }, more: false });
    expect([world.sent, world.deadLetters.messages]).toEqual([['tx-1', 'tx-2', 'tx-3', 'tx-1'], []]);
    expect(world.record('tx-1')).toMatchObject({ payment_status: 'PROCESSING', attempts: 3 });
  });

  test('a redrive of a payment that waits for it sends it first, once, though its own letter is not selected [G4]', async () => {
    const world = await moved();
    expect(await world.redrive({ transactionIds: ['tx-2', 'tx-3'] })).toMatchObject({
      redriven: 2,
      left: { notSelected: 1 },
    });
    expect(world.sent).toEqual(['tx-1', 'tx-2', 'tx-3']);
  });

  test('a redrive sends it first when its letter cannot be seen', async () => {
    const world = await moved();
    world.deadLetters.messages.length = 0;
    expect(await world.redrive({ transactionIds: ['tx-2'] })).toMatchObject({ redriven: 1 });
    expect(world.sent).toEqual(['tx-1', 'tx-2']);
  });

  test('a dry run sends nothing', async () => {
    const world = await moved();
    expect(await world.redrive({ dryRun: true })).toMatchObject({ redriven: 3 });
    expect(world.sent).toEqual([]);
  });
});

test.each(['redrive', 'discard'] as const)(
  'a %s by account lifts entries that no payment waits for; a dry run does not',
  async (action) => {
    const world = heldWorld();
    world.deadLetters.messages.length = 0;
    for (const payment of [first, second, third]) world.records.put(aRecord(payment, { payment_status: 'APPROVED' }));
    await world[action]({ accountIds: ['alice'], dryRun: true });
    expect(waiting(world)).toEqual(['tx-1', 'tx-2', 'tx-3']);
    await world[action]({ accountIds: ['alice'] });
    expect(world.held.accounts).toEqual([]);
  },
);

test.each([
  ['has been taken out of the hold', true],
  ['is about to be taken out of the hold', false],
])('and so has one that is discarded between its two letters, and %s', async (_, isTakenOut) => {
  const world = heldWorld();
  const letters = [world.deadLetters.messages[0]!.messageId, world.bury(first)];
  world.beforeNext('delete', () => {
    const record = world.record('tx-1');
    const history = [...record.history, anEntry({ status: 'FAILED', attempt: 2, reason: 'given up' })];
    world.records.put({ ...record, payment_status: 'FAILED', history } as FailedRecord);
    if (isTakenOut) world.held.lift('alice', world.held.read('alice')[0]!);
  });
  expect(await world.redrive({ transactionIds: letters })).toMatchObject({
    redriven: 1,
    left: { waiting: 1 },
    leftIds: { waiting: ['tx-1'] },
    waitsFor: ['tx-2'],
  });
  expect([world.sent, world.record('tx-1').payment_status]).toEqual([['tx-1'], 'FAILED']);
});

test('a discard of the failed one lets the others go', async () => {
  const world = heldWorld('FRAUD_CHECK_REFUSED');
  await world.discard({ transactionIds: ['tx-1'] });
  expect(waiting(world)).toEqual(['tx-2', 'tx-3']);
  expect(await world.redrive()).toMatchObject({ redriven: 2, left: { waiting: 0 } });
});

test('a waiting payment can be discarded itself, and then blocks no other', async () => {
  const world = heldWorld();
  await world.discard({ transactionIds: ['tx-2'] });
  expect(waiting(world)).toEqual(['tx-1', 'tx-3']);
});

test('deleting the copy of a payment that was decided meanwhile removes its entry from the hold', async () => {
  const world = heldWorld();
  world.records.put(aRecord(first, { payment_status: 'APPROVED' }));
  expect(await world.redrive()).toMatchObject({ settled: 1, redriven: 2 });
  expect(waiting(world)).toEqual(['tx-2', 'tx-3']);
});
