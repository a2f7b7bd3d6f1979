import { heldPayment, identityOf, hashed, transitionFields } from '../../../src/contract';
import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { anEntry, aPayment, aRecord, type RecordChanges } from '../../../tools/kit/payments/payments';
import { first, second, third, FAILED, REDRIVEN, parkBehind } from '../../../tools/kit/cores/dead-letters';

/* How often a redrive reads and writes a record, and what it does for payments whose dead letters have gone. */

let world: DeadLetterWorld;
beforeEach(() => {
  world = new DeadLetterWorld();
});

const readsOf = (transactionId: string) =>
  world.calls.filter(({ call, id }) => call === 'read' && id === transactionId).length;

test('a dry run says that waiting payments would follow', async () => {
  parkBehind(world, FAILED);
  expect(await world.redrive({ dryRun: true })).toMatchObject({ redriven: 3, left: { waiting: 0 }, waitsFor: [] });
  expect(world.sent).toEqual([]);
});

test.each<[string, RecordChanges, boolean]>([
  ['decided', { payment_status: 'APPROVED' }, true],
  ['decided, and without a dead letter', { payment_status: 'APPROVED' }, false],
  ['on its way', REDRIVEN, false],
])('the record of a payment that is %s is read once, however many wait for it', async (_, fields, isBuried) => {
  parkBehind(world, fields, isBuried);
  expect(await world.redrive()).toMatchObject({ redriven: 2 });
  expect(readsOf('tx-1')).toBe(1);
});

test('an older payment on its way whose record does not hold its whole message is not sent again, and the payments that wait for it follow', async () => {
  const whole = aPayment({ transaction_id: 'tx-1', metadata: { invoice: '42' } });
  parkBehind(world, REDRIVEN, false);
  const { metadata, ...incomplete } = aRecord(whole, REDRIVEN);
  world.records.put(incomplete);
  world.held.lift('alice', world.held.read('alice')[0]!);
  world.held.hold('alice', heldPayment(identityOf(whole), '0'), '2026-01-02T03:01:00.000Z');
  expect(await world.redrive()).toMatchObject({ redriven: 2, errors: {} });
  expect(world.sent).toEqual(['tx-2', 'tx-3']);
});

test('a second copy of one payment is sent under the same attempt', async () => {
  world.records.put(aRecord(first, FAILED));
  world.bury(first);
  world.bury(first);
  expect(await world.redrive()).toMatchObject({ redriven: 1, seen: 2 });
  expect([world.record('tx-1').attempts, world.sent]).toEqual([4, ['tx-1', 'tx-1']]);
});

test.each<[string, RecordChanges | undefined]>([
  ['failed', FAILED],
  ['unknown', undefined],
])(
  'the first write of a redrive is its own, though the client sent it twice: a payment that is %s is redriven once',
  async (_, fields) => {
    if (fields !== undefined) world.records.put(aRecord(first, fields));
    world.bury(first);
    world.fail(fields === undefined ? 'insert' : 'reopen', 'written twice');
    expect(await world.redrive()).toMatchObject({ redriven: 1, errors: {} });
    expect(world.record('tx-1').history.filter(({ reason }) => reason !== undefined)).toHaveLength(1);
    expect(world.sent).toEqual(['tx-1']);
  },
);

test('selected by the id of its message, poison is redriven, and so is a parked payment that nothing blocks', async () => {
  world.records.put(aRecord(first, { ...FAILED, failure_code: 'FRAUD_CHECK_REFUSED' }));
  const letter = world.bury(first, 'FRAUD_CHECK_REFUSED');
  expect(await world.redrive({ transactionIds: [letter] })).toMatchObject({ redriven: 1, notFound: [] });
  world.records.put(aRecord(second, { parked_behind: 'tx-1' }));
  const parked = world.park(second, 'tx-1');
  expect(await world.redrive({ transactionIds: [parked] })).toMatchObject({ redriven: 1, notFound: [] });
  expect(world.sent).toEqual(['tx-1', 'tx-2']);
});

test('a second copy takes nothing from the limit', async () => {
  world.records.put(aRecord(first, FAILED));
  world.bury(first);
  world.bury(first);
  expect(await world.redrive({ limit: 1 })).toMatchObject({ seen: 2, redriven: 1, more: false });
});

describe('a payment that the event names', () => {
  test('is read once if its dead letter was seen', async () => {
    world.records.put(aRecord(first, FAILED));
    world.bury(first);
    await world.redrive({ transactionIds: ['tx-1'] });
    expect(readsOf('tx-1')).toBe(1);
  });

  test('is sent once if its dead letter was seen beside that of another payment with its transaction id', async () => {
    world.records.put(aRecord(first, FAILED));
    world.bury(first);
    world.bury({ ...first, amount: 1 }, 'CONFLICTING_TRANSACTION');
    expect(await world.redrive({ transactionIds: ['tx-1'] })).toMatchObject({ redriven: 1, left: { conflicting: 1 } });
    expect(world.sent).toEqual(['tx-1']);
  });

  test('and that has no record is not missed if a dead letter with its transaction id was seen', async () => {
    world.bury(first, 'CONFLICTING_TRANSACTION');
    expect(await world.redrive({ transactionIds: ['tx-1'] })).toMatchObject({
      left: { conflicting: 1 },
      unreachable: [],
      notFound: [],
      more: false,
    });
  });

  test('is not found if it has no record, and no dead letter hides others', async () => {
    expect(await world.redrive({ transactionIds: ['tx-1'] })).toMatchObject({
      unreachable: [],
      notFound: ['tx-1'],
      more: false,
    });
  });
});

describe('a payment that is not seen in the queue', () => {
  test('is left behind an error of its account, by transaction id and by account', async () => {
    parkBehind(world, FAILED);
    world.fail('read', 'refused', { id: 'tx-1' });
    expect(await world.discard({ accountIds: ['alice'] })).toMatchObject({
      discarded: 0,
      errors: { 'payment table: Throttled': 1 },
      more: true,
    });
    for (const id of ['tx-2', 'tx-3']) world.records.put(aRecord(id === 'tx-2' ? second : third, FAILED));
    world.held.lift('alice', world.held.read('alice')[0]!);
    world.fail('read', 'refused', { id: 'tx-1' });
    expect(await world.redrive({ transactionIds: ['tx-1', 'tx-2', 'tx-3'] })).toMatchObject({
      redriven: 0,
      more: true,
    });
    expect(world.sent).toEqual([]);
  });

  test('is bound to the limit and to the deadline', async () => {
    parkBehind(world, FAILED);
    world.deadLetters.messages.length = 0;
    expect(await world.discard({ transactionIds: ['tx-1', 'tx-2', 'tx-3'], limit: 1 })).toMatchObject({
      discarded: 1,
      more: true,
      stoppedBy: 'limit',
    });
    world.callMs = 1_000;
    const event = { action: 'discard', reason: 'given up', accountIds: ['alice'] };
    expect(await world.run(event, 20_000)).toMatchObject({ discarded: 1, more: true, stoppedBy: 'deadline' });
    world = new DeadLetterWorld();
    parkBehind(world, FAILED);
    world.deadLetters.messages.length = 0;
    world.callMs = 1_000;
    expect(await world.redrive({ transactionIds: ['tx-1', 'tx-2'] }, 22_000)).toMatchObject({
      redriven: 1,
      more: true,
      stoppedBy: 'deadline',
    });
    world = new DeadLetterWorld();
    world.callMs = 1_000;
    const others = ['of bob', 'of carol'].map((id) =>
      aPayment({ transaction_id: id.replace(' ', '-'), account_id: id }),
    );
    for (const other of others) world.records.put(aRecord(other, { ...FAILED, failure_code: 'FRAUD_CHECK_REFUSED' }));
    expect(
      await world.run({ ...event, accountIds: undefined, transactionIds: ['of-bob', 'of-carol'] }, 20_000),
    ).toMatchObject({ discarded: 1, more: true, stoppedBy: 'deadline' });
  });

  test('an error with its record ends the run, and is counted with those of the letters', async () => {
    world.bury(first);
    world.records.put(aRecord(aPayment({ transaction_id: 'tx-9', account_id: 'bob' }), FAILED));
    for (const id of ['tx-1', 'tx-9']) world.fail('read', 'refused', { id });
    const answer = await world.redrive({ transactionIds: ['tx-1', 'tx-9'] });
    expect(answer).toMatchObject({
      redriven: 0,
      errors: { 'payment table: Throttled': 2 },
      more: true,
      stoppedBy: 'error',
    });
    expect(world.logs).toContainEqual({ event: expect.any(String) as string, error_code: 'payment table: Throttled' });
  });
});

describe('without a dead letter', () => {
  test('a discarded payment is redriven by its transaction id', async () => {
    world.records.put(
      aRecord(first, {
        ...FAILED,
        failure_code: 'DISCARDED',
        history: [...FAILED.history, anEntry({ status: 'FAILED', reason: 'given up' })],
      }),
    );
    expect(await world.redrive({ transactionIds: ['tx-1'] })).toMatchObject({ redriven: 1, notFound: [] });
    expect(world.sent).toEqual(['tx-1']);
  });

  test('a payment that fails again is sent again, and SQS does not take it for the first', async () => {
    world.records.put(aRecord(first, FAILED));
    await world.redrive({ transactionIds: ['tx-1'] });
    world.records.put(
      aRecord(first, {
        ...FAILED,
        attempts: 5,
        history: [...REDRIVEN.history, anEntry({ attempt: 5 }), anEntry({ status: 'FAILED', attempt: 5 })],
      }),
    );
    await world.redrive({ transactionIds: ['tx-1'] });
    expect(world.sent).toEqual(['tx-1', 'tx-1']);
  });

  test('a payment that an invocation has claimed is not sent', async () => {
    world.records.put(aRecord(first, { attempts: 5, history: [...REDRIVEN.history, anEntry({ attempt: 5 })] }));
    expect(await world.redrive({ transactionIds: ['tx-1'] })).toMatchObject({ redriven: 0, notFound: ['tx-1'] });
    expect(world.sent).toEqual([]);
  });

  test('a payment on its way whose message has gone is sent after a discard and a redrive by its id, and a late write of its former owner is refused [G4]', async () => {
    world.records.put(aRecord(first, { attempts: 2, history: [anEntry(), anEntry({ attempt: 2 })] }));
    world.held.hold('alice', heldPayment(identityOf(first), '0'), '2026-01-02T03:01:00.000Z');
    expect(await world.discard({ transactionIds: ['tx-1'], reason: 'message gone' })).toMatchObject({
      discarded: 1,
      notFound: [],
    });
    expect(world.held.accounts).toEqual([]);
    expect(await world.redrive({ transactionIds: ['tx-1'], reason: 'message gone' })).toMatchObject({
      redriven: 1,
      notFound: [],
    });
    expect(world.paymentQueue.messages.map(({ body, groupId }) => [JSON.parse(body), groupId])).toEqual([
      [first, 'alice'],
    ]);
    expect(world.record('tx-1').history.slice(2)).toMatchObject([
      { status: 'FAILED', attempt: 2, reason: 'message gone' },
      { status: 'PROCESSING', attempt: 3, reason: 'redriven by id after DISCARDED: message gone' },
    ]);
    const entry = hashed(anEntry({ status: 'APPROVED', attempt: 2 }), undefined, world.record('tx-1'));
    const late = { transactionId: 'tx-1', fence: 2, entry, changes: transitionFields(entry) };
    expect(world.records.transition(late)).toBe(false);
  });

  test('a dry run sends no message of a redrive that was cut short', async () => {
    world.records.put(aRecord(first, REDRIVEN));
    await world.redrive({ transactionIds: ['tx-1'], dryRun: true });
    expect(world.sent).toEqual([]);
    await world.redrive({ transactionIds: ['tx-1'] });
    expect(world.sent).toEqual(['tx-1']);
  });
});
