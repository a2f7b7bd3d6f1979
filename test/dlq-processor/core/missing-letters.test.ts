import { identityOf } from '../../../src/contract';
import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { anEntry, aRecord } from '../../../tools/kit/payments/payments';
import { first, second, heldWorld, waiting } from '../../../tools/kit/cores/dead-letters';

describe('the dead letters have gone: expired, purged, or moved by hand', () => {
  function lettersGone(): DeadLetterWorld {
    const world = heldWorld('FRAUD_CHECK_REFUSED');
    world.deadLetters.messages.length = 0;
    return world;
  }

  test('a redrive by transaction id sends the message that the record tells [G4]', async () => {
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

  test('a discard by transaction id, or by account, ends the payment in its record and lifts the hold [G4]', async () => {
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
      const world = heldWorld();
      world.deadLetters.messages.length = 0;
      const letterId = world.bury({ ...first, amount: 1 }, 'CONFLICTING_TRANSACTION');
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
    const world = heldWorld();
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

  test('redriven twice, a payment is sent once, and the second run has nothing to do', async () => {
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
      fingerprint: identityOf({ ...first, metadata: { order: '7' } }).fingerprint,
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
