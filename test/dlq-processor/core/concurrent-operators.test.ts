import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { heldPayment, identityOf } from '../../../src/contract';
import { anEntry, aPayment, aRecord } from '../../../tools/kit/payments/payments';
import {
  buryFailed,
  FAILED,
  first,
  heldWorld,
  parkBehind,
  second,
  third,
  waiting,
} from '../../../tools/kit/cores/dead-letters';

describe('two operators at the same time', () => {
  test('a payment that is decided while it is being discarded: the answer says that it was', async () => {
    const world = heldWorld();
    world.beforeNext('giveUp', () => {
      world.records.put(aRecord(first, { payment_status: 'APPROVED' }));
    });
    expect(await world.discard({ transactionIds: ['tx-1'] })).toMatchObject({ discarded: 0, settled: 1, errors: {} });
    expect(waiting(world)).toEqual(['tx-2', 'tx-3']);
  });

  test('a payment that is redriven while it is being discarded is discarded after that, and the message that was sent decides nothing', async () => {
    const world = heldWorld();
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
      world.bury(first);
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
  const world = heldWorld();
  world.beforeNext('reopen', () => {
    const record = world.record('tx-1');
    world.records.put({ ...record, history: [...record.history, anEntry({ status: 'FAILED', reason: 'given up' })] });
    world.held.lift('alice', world.held.read('alice')[0]!);
  });
  expect(await world.redrive({ transactionIds: ['tx-1'] })).toMatchObject({
    redriven: 0,
    left: { waiting: 1 },
    waitsFor: ['tx-2'],
  });
  expect(world.sent).toEqual([]);
});

test('and is not sent behind a payment that has begun a new hold of the account meanwhile', async () => {
  const world = new DeadLetterWorld();
  parkBehind(world, FAILED);
  for (const payment of [second, third]) world.records.put(aRecord(payment, { payment_status: 'APPROVED' }));
  world.beforeNext('reopen', () => {
    const record = world.record('tx-1');
    world.records.put({ ...record, history: [...record.history, anEntry({ status: 'FAILED', reason: 'given up' })] });
    for (const entry of world.held.read('alice')) world.held.lift('alice', entry);
    const later = aPayment({ transaction_id: 'tx-9' });
    world.records.put(aRecord(later, FAILED));
    world.held.hold('alice', heldPayment(identityOf(later), '9'), '2026-01-02T03:05:00.000Z');
  });
  expect(await world.redrive({ transactionIds: ['tx-1'] })).toMatchObject({ redriven: 0, waitsFor: ['tx-9'] });
});

describe('a redrive that repeats the message of one that was cut short', () => {
  /** Its record is PROCESSING, and its message was not sent. */
  async function cutShort(): Promise<DeadLetterWorld> {
    const world = new DeadLetterWorld();
    buryFailed(world, { transaction_id: 'tx-1' });
    world.fail('resend');
    await world.redrive();
    return world;
  }

  const discarded = (world: DeadLetterWorld) => {
    const record = world.record('tx-1');
    const history = [...record.history, anEntry({ status: 'FAILED', attempt: record.attempts, reason: 'given up' })];
    return aRecord(first, {
      payment_status: 'FAILED',
      failure_code: 'DISCARDED',
      discarded_at: record.timestamp!,
      attempts: record.attempts,
      history,
    });
  };

  // "Amazon SQS continues tracking the deduplication ID even after the message has been received and deleted":
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
  test('and meets a discard: its message, which ends with that, does not swallow the message of the next redrive', async () => {
    const world = await cutShort();
    world.beforeNext('resend', () => {
      world.records.put(discarded(world));
    });
    expect(await world.redrive()).toMatchObject({ redriven: 0, left: { discardedBefore: 1 } });
    world.paymentQueue.remove(world.paymentQueue.messages[0]!.messageId); // a duplicate of a payment that has ended
    expect(await world.redrive({ transactionIds: ['tx-1'] })).toMatchObject({ redriven: 1 });
    expect([world.sent, world.deadLetters.messages]).toEqual([['tx-1'], []]);
  });

  test('and meets a discard and a redrive that is cut short again: it sends the message of that, before it deletes the dead letter', async () => {
    const world = await cutShort();
    world.beforeNext('resend', () => {
      world.records.put(discarded(world));
      world.beforeNext('read', () => {
        world.paymentQueue.remove(world.paymentQueue.messages[0]!.messageId);
        const record = world.record('tx-1');
        const attempts = record.attempts + 1;
        const history = [...record.history, anEntry({ attempt: attempts, reason: 'redriven after DISCARDED' })];
        world.records.put(aRecord(first, { attempts, history }));
      });
    });
    expect(await world.redrive()).toMatchObject({ redriven: 1 });
    expect([world.sent, world.deadLetters.messages]).toEqual([['tx-1'], []]);
  });

  test('and has sent it: SQS takes the message of a repetition for the same', async () => {
    const world = await cutShort();
    for (const left of [1, 0]) {
      if (left === 1) world.fail('delete');
      await world.redrive();
      expect([world.sent, world.deadLetters.messages.length]).toEqual([['tx-1'], left]);
    }
  });
});
