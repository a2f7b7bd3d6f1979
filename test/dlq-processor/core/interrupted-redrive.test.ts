import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { anEntry, aRecord } from '../../../tools/kit/payments/payments';
import { first, second, third, FAILED, parkBehind, REDRIVEN } from '../../../tools/kit/cores/dead-letters';

/* How often a redrive reads and writes a record, and what it does for payments whose dead letters have gone. */

let world: DeadLetterWorld;
beforeEach(() => {
  world = new DeadLetterWorld();
});

describe('a redrive that ended between the record and the message', () => {
  /** Its letter stands behind that of the second: it failed again after a redrive by its id. */
  function brokenOff(): void {
    parkBehind(world, FAILED, false);
    world.bury(first);
    world.fail('resend');
  }

  test('is repeated before a payment that waits for it is sent', async () => {
    brokenOff();
    expect(await world.redrive({ transactionIds: ['tx-1'] })).toMatchObject({
      redriven: 0,
      errors: { 'payment queue: Throttled': 1 },
    });
    expect(await world.redrive()).toMatchObject({ redriven: 3, more: false });
    expect(world.sent).toEqual(['tx-1', 'tx-2', 'tx-3', 'tx-1']); // of the last, the payment processor ignores one
    expect(world.record('tx-1').history.map(({ reason }) => reason)).toEqual([
      undefined,
      undefined,
      'redriven by id after FRAUD_CHECK_UNAVAILABLE',
    ]);
  });

  test('is not repeated by a dry run', async () => {
    brokenOff();
    await world.redrive({ transactionIds: ['tx-1'] });
    expect(await world.redrive({ dryRun: true })).toMatchObject({ redriven: 3 });
    expect(world.sent).toEqual([]);
  });

  test('and whose payment another operator discards: the answer does not say redriven', async () => {
    brokenOff();
    await world.redrive({ transactionIds: ['tx-1'] });
    const discarded = {
      ...FAILED,
      attempts: 4,
      failure_code: 'DISCARDED',
      history: [...REDRIVEN.history, anEntry({ status: 'FAILED', attempt: 4, reason: 'given up' })],
    } as const;
    world.beforeNext('resend', () => {
      world.records.put(aRecord(first, discarded));
    });
    world.held.lift('alice', world.held.read('alice')[0]!);
    world.records.put(aRecord(second, { payment_status: 'APPROVED' }), aRecord(third, { payment_status: 'APPROVED' }));
    expect(await world.redrive()).toMatchObject({ redriven: 0, left: { discardedBefore: 1 } });
    expect(world.record('tx-1').failure_code).toBe('DISCARDED');
  });
});
