import { type FailedRecord, heldPayment, identityOf } from '../../../src/contract';
import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { anEntry, aPayment, aRecord, type RecordChanges } from '../../../tools/kit/payments/payments';
import { hashOf } from '../../../tools/kit/cores/telemetry';

const [first, second, third] = [1, 2, 3].map((number) => aPayment({ transaction_id: `tx-${number}` }));

/** The first has failed, and the others wait for it. */
function held(code: 'FRAUD_CHECK_UNAVAILABLE' | 'FRAUD_CHECK_REFUSED' = 'FRAUD_CHECK_UNAVAILABLE'): DeadLetterWorld {
  const world = new DeadLetterWorld();
  const history = [anEntry(), anEntry({ status: 'FAILED' })];
  world.records.put(
    aRecord(first, {
      payment_status: 'FAILED',
      failure_code: code,
      dead_lettered_at: '2026-01-02T03:01:00.000Z',
      history,
    }),
  );
  world.held.hold('alice', heldPayment(identityOf(first!), '0'), '2026-01-02T03:01:00.000Z');
  world.bury(first!, code);
  for (const payment of [second!, third!]) {
    world.records.put(
      aRecord(payment, { parked_behind: 'tx-1', history: [anEntry({ reason: 'parked behind tx-1' })] }),
    );
    world.park(payment, 'tx-1');
  }
  return world;
}

const waiting = (world: DeadLetterWorld) => world.held.read('alice').map(({ transactionId }) => transactionId);

test("a redrive brings the failed payment and those that wait for it, in order; who is held is the processor's to say", async () => {
  const world = held();
  expect(await world.redrive()).toMatchObject({ redriven: 3, left: { waiting: 0 } });
  expect([world.sent, waiting(world)]).toEqual([
    ['tx-1', 'tx-2', 'tx-3'],
    ['tx-1', 'tx-2', 'tx-3'],
  ]);
});

test('while the failed one stays, so do those that wait for it, and the answer says what they wait for', async () => {
  const world = held('FRAUD_CHECK_REFUSED');
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

test.each([
  ['its transaction id', () => ['tx-3']],
  ['its message id', (world: DeadLetterWorld) => [world.deadLetters.messages[2]!.messageId]],
])('asked for by %s, too, a payment stays that would be parked again at once', async (_, idsOf) => {
  const world = held();
  expect(await world.redrive({ transactionIds: idsOf(world) })).toMatchObject({
    redriven: 0,
    left: { waiting: 1 },
    leftIds: { waiting: ['tx-3'] },
    waitsFor: ['tx-1'],
  });
  expect(world.record('tx-3')).toMatchObject({ parked_behind: 'tx-1', attempts: 1 });
});

test('a redriven payment is not parked any more', async () => {
  const world = held();
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
  const world = held('FRAUD_CHECK_REFUSED');
  world.records.put(aRecord(first, fields));
  world.deadLetters.delete(world.deadLetters.receive()[0] as never);
  world.clock.advance(181_000);
  expect(await world.redrive()).toMatchObject({ redriven: 2, left: { waiting: 0 }, waitsFor: [] });
  expect(world.sent).toEqual([...sentFirst, 'tx-2', 'tx-3']);
});

describe('SQS itself moves the failed payment to the dead-letter queue after its redrive: its record says that it is on its way', () => {
  /** @returns a world whose letters are of tx-2, tx-3 and tx-1, in this order; no message is in the payment queue */
  async function moved(): Promise<DeadLetterWorld> {
    const world = held();
    await world.redrive({ transactionIds: ['tx-1'] });
    const { history } = world.record('tx-1');
    world.records.put(aRecord(first, { attempts: 3, history: [...history, anEntry({ attempt: 3 })] }));
    world.paymentQueue.messages.length = 0;
    world.bury(first!);
    world.clock.advance(301_000);
    return world;
  }

  test('a redrive of all sends it before those that wait for it; the payment processor ignores its second copy', async () => {
    const world = await moved();
    expect(await world.redrive()).toMatchObject({ redriven: 3, left: { waiting: 0 }, more: false });
    expect([world.sent, world.deadLetters.messages]).toEqual([['tx-1', 'tx-2', 'tx-3', 'tx-1'], []]);
    expect(world.record('tx-1')).toMatchObject({ payment_status: 'PROCESSING', attempts: 3 });
  });

  test('a redrive of what waits for it sends it first, once, though its own letter is not selected', async () => {
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

describe('the dead letters have gone: expired, purged, or moved by hand', () => {
  function lettersGone(): DeadLetterWorld {
    const world = held('FRAUD_CHECK_REFUSED');
    world.deadLetters.messages.length = 0;
    return world;
  }

  test('a redrive by transaction id sends the message that the record tells', async () => {
    const world = lettersGone();
    expect(await world.redrive({ transactionIds: ['tx-1', 'tx-2'] })).toMatchObject({
      seen: 0,
      redriven: 2,
      notFound: [],
      unreachable: [],
      more: false,
    });
    expect(world.paymentQueue.messages.map(({ body, groupId }) => [JSON.parse(body), groupId])).toEqual([
      [first, 'alice'],
      [second, 'alice'],
    ]);
    expect(world.record('tx-1')).toMatchObject({ payment_status: 'PROCESSING', attempts: 2 });
  });

  test('a redrive by account sends what holds it, oldest first; what the fraud API refused only by its id', async () => {
    const world = lettersGone();
    expect(await world.redrive({ accountIds: ['alice'] })).toMatchObject({
      redriven: 0,
      left: { wouldFailAgain: 1, waiting: 2 },
    });
    expect(await world.redrive({ transactionIds: ['tx-1'] })).toMatchObject({ redriven: 1 });
    expect(await world.redrive({ accountIds: ['alice'] })).toMatchObject({ redriven: 2, more: false });
    expect(world.sent).toEqual(['tx-1', 'tx-2', 'tx-3']);
  });

  test('a discard by transaction id, or by account, ends the payment in its record and lifts the hold', async () => {
    const world = lettersGone();
    expect(await world.discard({ transactionIds: ['tx-1'] })).toMatchObject({ seen: 0, discarded: 1, notFound: [] });
    expect([world.record('tx-1').history.at(-1)?.reason, waiting(world)]).toEqual(['given up', ['tx-2', 'tx-3']]);
    expect(await world.discard({ accountIds: ['alice'] })).toMatchObject({ discarded: 2 });
    expect(world.record('tx-3')).toMatchObject({ payment_status: 'FAILED', failure_code: 'DISCARDED' });
    expect([world.record('tx-3').parked_behind, world.held.accounts]).toEqual([undefined, []]);
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['its account', { accountIds: ['alice'] }],
    ['its transaction id', { transactionIds: ['tx-1'] }],
  ])(
    'asked for by %s, the letter of another payment under its transaction id is not taken for its own',
    async (_, event) => {
      const world = held();
      world.deadLetters.messages.length = 0;
      const letterId = world.bury({ ...first!, amount: 1 }, 'CONFLICTING_TRANSACTION');
      expect(await world.redrive(event)).toMatchObject({
        seen: 1,
        left: { conflicting: 1 },
        leftIds: { conflicting: [letterId] },
        notFound: [],
      });
      expect(world.record('tx-1')).toMatchObject({ payment_status: 'PROCESSING', attempts: 2 });
      world.records.put(
        aRecord(first, { payment_status: 'FAILED', history: [anEntry(), anEntry({ status: 'FAILED' })] }),
      );
      world.clock.advance(181_000);
      expect(await world.discard(event)).toMatchObject({ seen: 1, notFound: [] });
      expect(world.record('tx-1').history.at(-1)).toMatchObject({ status: 'FAILED', reason: 'given up' });
    },
  );

  test('only the failed one has lost its letter: it is redriven by its account, and there is more to do for those behind it', async () => {
    const world = held();
    world.deadLetters.messages.splice(0, 1);
    expect(await world.redrive()).toMatchObject({ redriven: 0, left: { waiting: 2 }, waitsFor: ['tx-1'], more: false });
    expect(await world.redrive({ accountIds: ['alice'] })).toMatchObject({
      redriven: 1,
      left: { waiting: 2 },
      more: true,
    });
    expect(await world.redrive({ accountIds: ['alice'] })).toMatchObject({ redriven: 2, more: false });
    expect(world.sent).toEqual(['tx-1', 'tx-2', 'tx-3']);
  });

  test('asked twice, a redriven payment is sent once, and there is nothing to do for it', async () => {
    const world = lettersGone();
    await world.redrive({ transactionIds: ['tx-1'] });
    expect(await world.redrive({ transactionIds: ['tx-1'] })).toMatchObject({ redriven: 0, notFound: ['tx-1'] });
    expect([world.sent, world.record('tx-1').attempts]).toEqual([['tx-1'], 2]);
  });

  test('the function dies before the message is sent: the next run sends it', async () => {
    const world = lettersGone();
    world.fail('resend');
    expect(await world.redrive({ transactionIds: ['tx-1'] })).toMatchObject({
      redriven: 0,
      errors: { 'payment queue: Throttled': 1 },
      more: true,
    });
    await world.redrive({ transactionIds: ['tx-1'] });
    expect(world.sent).toEqual(['tx-1']);
  });

  test('a record that lacks a part of the message is not sent, and can be discarded', async () => {
    const world = lettersGone();
    world.records.put({
      ...world.record('tx-1'),
      fingerprint: identityOf({ ...first!, metadata: { order: '7' } }).fingerprint,
    });
    expect(await world.redrive({ transactionIds: ['tx-1'] })).toMatchObject({
      redriven: 0,
      left: { incomplete: 1 },
      leftIds: { incomplete: ['tx-1'] },
    });
    expect(await world.discard({ transactionIds: ['tx-1'] })).toMatchObject({ discarded: 1 });
  });

  test('the limit holds for them, too, and a dry run changes nothing', async () => {
    const world = lettersGone();
    expect(await world.discard({ accountIds: ['alice'], dryRun: true })).toMatchObject({ discarded: 3, more: false });
    expect(await world.discard({ accountIds: ['alice'], limit: 2 })).toMatchObject({
      discarded: 2,
      more: true,
      stoppedBy: 'limit',
    });
    expect(waiting(world)).toEqual(['tx-3']);
  });

  test('a payment of another account is not touched by ids and accounts together', async () => {
    const world = lettersGone();
    expect(await world.discard({ transactionIds: ['tx-1'], accountIds: ['carol'] })).toMatchObject({
      discarded: 0,
      notFound: ['tx-1'],
    });
  });
});

test.each(['redrive', 'discard'] as const)(
  'a %s by account takes out what nobody waits for; a dry run does not',
  async (action) => {
    const world = held();
    world.deadLetters.messages.length = 0;
    for (const payment of [first!, second!, third!])
      world.records.put(aRecord(payment, { payment_status: 'APPROVED' }));
    await world[action]({ accountIds: ['alice'], dryRun: true });
    expect(waiting(world)).toEqual(['tx-1', 'tx-2', 'tx-3']);
    await world[action]({ accountIds: ['alice'] });
    expect(world.held.accounts).toEqual([]);
  },
);

describe('two operators at the same time', () => {
  test('a payment that is decided while it is being discarded: the answer says that it was', async () => {
    const world = held();
    world.beforeNext('giveUp', () => {
      world.records.put(aRecord(first, { payment_status: 'APPROVED' }));
    });
    expect(await world.discard({ transactionIds: ['tx-1'] })).toMatchObject({ discarded: 0, settled: 1, errors: {} });
    expect(waiting(world)).toEqual(['tx-2', 'tx-3']);
  });

  test('a payment that is redriven while it is being discarded is discarded after that, and the message that was sent decides nothing', async () => {
    const world = held();
    world.beforeNext('giveUp', () => {
      world.records.put(
        aRecord(first, {
          attempts: 2,
          history: [anEntry(), anEntry({ status: 'FAILED' }), anEntry({ attempt: 2, reason: 'redriven' })],
        }),
      );
    });
    expect(await world.discard({ transactionIds: ['tx-1'] })).toMatchObject({ discarded: 1, errors: {} });
    expect(world.record('tx-1')).toMatchObject({ payment_status: 'FAILED', failure_code: 'DISCARDED', attempts: 2 });
  });

  test.each(['reopen', 'insert'])(
    'a payment that is discarded while it is being redriven (%s) stays discarded, and is not sent',
    async (call) => {
      const world = new DeadLetterWorld();
      if (call === 'reopen') world.records.put(aRecord(first));
      world.bury(first!);
      const discarded = {
        payment_status: 'FAILED',
        failure_code: 'DISCARDED',
        attempts: 1,
        history: [anEntry(), anEntry({ status: 'FAILED', reason: 'given up' })],
      } as const;
      world.beforeNext(call, () => {
        world.records.put(aRecord(first, discarded));
      });
      expect(await world.redrive()).toMatchObject({ redriven: 0, left: { discardedBefore: 1 } });
      expect([world.sent, world.record('tx-1').payment_status]).toEqual([[], 'FAILED']);
    },
  );
});

test('a payment that is discarded while it is being redriven by its id has lost its place, and is not sent to be parked again', async () => {
  const world = held();
  world.beforeNext('reopen', () => {
    const record = world.record('tx-1');
    world.records.put({ ...record, history: [...record.history, anEntry({ status: 'FAILED', reason: 'given up' })] });
    world.held.release('alice', world.held.read('alice')[0]!);
  });
  expect(await world.redrive({ transactionIds: ['tx-1'] })).toMatchObject({
    redriven: 0,
    left: { waiting: 1 },
    waitsFor: ['tx-2'],
  });
  expect(world.sent).toEqual([]);
});

test.each([
  ['has been taken out of the hold', true],
  ['is about to be taken out of the hold', false],
])('and so has one that is discarded between its two letters, and %s', async (_, isTakenOut) => {
  const world = held();
  const letters = [world.deadLetters.messages[0]!.messageId, world.bury(first!)];
  world.beforeNext('delete', () => {
    const record = world.record('tx-1');
    const history = [...record.history, anEntry({ status: 'FAILED', attempt: 2, reason: 'given up' })];
    world.records.put({ ...record, payment_status: 'FAILED', history } as FailedRecord);
    if (isTakenOut) world.held.release('alice', world.held.read('alice')[0]!);
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
  const world = held('FRAUD_CHECK_REFUSED');
  await world.discard({ transactionIds: ['tx-1'] });
  expect(waiting(world)).toEqual(['tx-2', 'tx-3']);
  expect(await world.redrive()).toMatchObject({ redriven: 2, left: { waiting: 0 } });
});

test('a waiting payment can be discarded itself, and then blocks no other', async () => {
  const world = held();
  await world.discard({ transactionIds: ['tx-2'] });
  expect(waiting(world)).toEqual(['tx-1', 'tx-3']);
});

test('deleting the copy of a payment that was decided meanwhile removes its entry from the hold', async () => {
  const world = held();
  world.records.put(aRecord(first, { payment_status: 'APPROVED' }));
  expect(await world.redrive()).toMatchObject({ settled: 1, redriven: 2 });
  expect(waiting(world)).toEqual(['tx-2', 'tx-3']);
});

test('an analysis tells parked payments from those that SQS moved', async () => {
  const world = held();
  world.bury(aPayment({ transaction_id: 'tx-9', account_id: 'carol' }));
  expect(await world.analyze()).toMatchObject({ sample: { counts: { failed: 1, parked: 2, unrecorded: 1 } } });
});

test('an analysis shows which accounts are held, since when, how many payments wait, and for which one', async () => {
  const world = held('FRAUD_CHECK_REFUSED');
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
  world.held.hold('alice', heldPayment(identityOf(first!), '1'), '2026-01-02T03:02:00.000Z');
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
