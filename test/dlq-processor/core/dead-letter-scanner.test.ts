import { heldPayment, identityOf, type PaymentMessage } from '../../../src/contract';
import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { aPayment, aRecord } from '../../../tools/kit/payments/payments';

let world: DeadLetterWorld;
beforeEach(() => {
  world = new DeadLetterWorld();
});

const bury = (account_id: string, count: number) =>
  Array.from({ length: count }, (_, index) =>
    world.bury(aPayment({ transaction_id: `${account_id}-${index + 1}`, account_id })),
  );

const callsOf = (name: string, about?: string) =>
  world.calls.filter(({ call, id }) => call === name && (about === undefined || id === about)).length;

test('messages that a run holds when its time is up are visible again at once, though other calls are given up by then', async () => {
  bury('alice', 5);
  world.callMs = 8_000; // the receive ends in the last 15 seconds, the release in the last 5
  expect(await world.redrive({}, 20_000)).toMatchObject({
    redriven: 0,
    more: true,
    stoppedBy: 'deadline',
    deadLetters: null,
  });
  expect([world.hidden, world.deadLetters.messages.length]).toEqual([[], 5]);
});

test('a letter that stays is visited once, however often it is received', async () => {
  const conflicting = world.bury(aPayment({ transaction_id: 'alice-0' }), 'CONFLICTING_TRANSACTION');
  bury('alice', 40);
  expect(await world.redrive()).toMatchObject({
    seen: 41,
    redriven: 40,
    left: { conflicting: 1 },
    leftIds: { conflicting: [conflicting] },
  });
  expect(callsOf('read', 'alice-0')).toBe(1);
  expect(callsOf('receive')).toBeGreaterThan(4);
});

test('each error is counted, and each ends the turn of its account alone', async () => {
  for (const account of ['alice', 'bob', 'carol']) bury(account, 3);
  world.fail('read', 'refused', { id: 'alice-1' });
  world.fail('read', 'refused', { id: 'bob-2' });
  expect(await world.redrive()).toMatchObject({
    seen: 6,
    redriven: 4,
    errors: { 'payment table: Throttled': 2 },
    more: true,
  });
  expect(world.sent.toSorted()).toEqual(['bob-1', 'carol-1', 'carol-2', 'carol-3']);
  expect(world.hidden).toEqual([]);
});

test.each([4, 7])(
  'an account that a full receive cut short is received again: of each, the last of %d letters',
  async (count) => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      world = new DeadLetterWorld(seed);
      const letters = ['a', 'b', 'c'].map((group) =>
        Array.from({ length: count }, () => world.bury({ body: 'not JSON', group }, 'INVALID_JSON')),
      );
      const transactionIds = letters.map((ofGroup) => ofGroup.at(-1)!);
      expect([seed, await world.discard({ transactionIds })]).toEqual([
        seed,
        expect.objectContaining({ discarded: 3, notFound: [], unreachable: [] }),
      ]);
    }
  },
);

test('the queue is received until it brings no more: once more after a receive that was not full, and after a cut one whose rest is deleted', async () => {
  for (const group of ['a', 'b']) world.bury({ body: 'not JSON', group }, 'INVALID_JSON');
  await world.redrive();
  expect(callsOf('receive')).toBe(2);
  world = new DeadLetterWorld();
  for (const account of ['alice', 'bob']) bury(account, 6);
  expect(await world.redrive()).toMatchObject({ redriven: 12 });
  expect(callsOf('receive')).toBe(3);
});

test('without time nothing is received', async () => {
  bury('alice', 1);
  expect(await world.redrive({}, 15_000)).toMatchObject({ seen: 0, more: true, stoppedBy: 'deadline' });
  expect(callsOf('receive')).toBe(0);
});

test('each payment is begun in time, also within a receive', async () => {
  bury('alice', 10);
  world.callMs = 1_000;
  expect(await world.redrive({}, 20_000)).toMatchObject({ redriven: 1, more: true, stoppedBy: 'deadline' });
});

test('no letter is made visible twice; one that another run has received meanwhile is logged', async () => {
  const conflicting = world.bury(aPayment({ transaction_id: 'alice-0' }), 'CONFLICTING_TRANSACTION');
  bury('alice', 20);
  await world.redrive();
  expect(world.logs.map(({ event }) => event)).not.toContain('Dead letters still hidden');
  world.beforeNext('release', () => {
    world.clock.advance(181_000);
    world.deadLetters.receive();
  });
  await world.redrive({}, 900_000);
  expect(world.logs).toContainEqual(expect.objectContaining({ event: 'Dead letters still hidden', messages: 1 }));
  expect(world.hidden).toEqual([conflicting]);
});

test('at most a hundred payments that stay are named, and none that was not selected', async () => {
  for (let number = 1; number <= 101; number++) {
    const payment = aPayment({ transaction_id: `tx-${number}`, account_id: `account-${number}` });
    world.records.put(aRecord(payment, { payment_status: 'FAILED', failure_code: 'FRAUD_CHECK_REFUSED' }));
    world.bury(payment, 'FRAUD_CHECK_REFUSED');
  }
  bury('alice', 1);
  const { left, leftIds } = await world.redrive();
  expect([left.wouldFailAgain, leftIds.wouldFailAgain?.length]).toEqual([101, 100]);
  const others = await world.redrive({ accountIds: ['bob'] });
  expect([others.left.notSelected, others.leftIds]).toEqual([101, {}]);
});

test('and at most a hundred blocking payments', async () => {
  for (let number = 1; number <= 101; number++) {
    const [poison, parked] = [`poison-${number}`, `parked-${number}`].map((transaction_id) =>
      aPayment({ transaction_id, account_id: `account-${number}` }),
    ) as [PaymentMessage, PaymentMessage];
    world.records.put(
      aRecord(poison, { payment_status: 'FAILED', failure_code: 'FRAUD_CHECK_REFUSED' }),
      aRecord(parked, { parked_behind: poison.transaction_id }),
    );
    world.held.hold(poison.account_id, heldPayment(identityOf(poison), '0'), '2026-01-02T03:01:00.000Z');
    world.park(parked, poison.transaction_id);
  }
  const { left, waitsFor } = await world.redrive();
  expect([left.waiting, waitsFor.length]).toEqual([101, 100]);
});

test("after an error that is not a service's the letter stays, and the answer names the error", async () => {
  bury('alice', 1);
  world.beforeNext('read', () => {
    throw new TypeError('a fault of the program');
  });
  expect(await world.redrive()).toMatchObject({ redriven: 0, errors: { 'Unexpected: TypeError': 1 }, more: true });
  expect(world.hidden).toEqual([]);
});

test("an error that is not a service's fails the run, instead of an incomplete answer", async () => {
  bury('alice', 1);
  world.beforeNext('depth', () => {
    throw new TypeError('a fault of the program');
  });
  await expect(world.redrive()).rejects.toThrow('a fault of the program');
});

test('the answer is complete without the depth of the queue', async () => {
  bury('alice', 2);
  world.fail('depth');
  expect(await world.redrive()).toMatchObject({ redriven: 2, deadLetters: null, more: false });
  expect(world.logs).toContainEqual({
    event: expect.any(String) as string,
    error_code: 'dead-letter queue: Throttled',
  });
});
