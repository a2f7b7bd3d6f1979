import { ACTOR, DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { anEntry, aPayment, aRecord } from '../../../tools/kit/payments/payments';

const FAILED = {
  payment_status: 'FAILED',
  failure_code: 'FRAUD_CHECK_UNAVAILABLE',
  history: [anEntry(), anEntry({ status: 'FAILED' })],
} as const;
const BOB = 'arn:aws:iam::123456789012:user/bob';

let world: DeadLetterWorld;
beforeEach(() => {
  world = new DeadLetterWorld();
  world.records.put(aRecord(aPayment(), FAILED));
});

test.each(['redrive', 'discard'] as const)('who asks for a %s stands in history, log and answer', async (action) => {
  world.bury(aPayment(), 'FRAUD_CHECK_UNAVAILABLE');
  const answer = await world.run({ action, reason: 'asked for', actor: ACTOR });
  expect([answer, world.record('tx-1').history.at(-1), world.logs.at(-1)]).toEqual(
    Array.from({ length: 3 }, () => expect.objectContaining({ actor: ACTOR })),
  );
});

test.each(['redrive', 'discard'] as const)('an event without an actor leaves none: %s', async (action) => {
  world.bury(aPayment(), 'FRAUD_CHECK_UNAVAILABLE');
  const answer = await world.run({ action, reason: 'asked for' });
  for (const one of [answer, world.record('tx-1').history.at(-1), world.logs.at(-1)])
    expect(one).not.toHaveProperty('actor');
});

test('an invalid message has no record, so the log names who discarded it', async () => {
  world.bury({ body: 'not JSON', group: 'alice' }, 'INVALID_JSON');
  await world.discard({ actor: ACTOR });
  expect(world.logs).toEqual([expect.objectContaining({ event: 'Message discarded', actor: ACTOR })]);
});

test('a discard repeated by somebody else is noted, and by the same person is not', async () => {
  for (const actor of [ACTOR, ACTOR, BOB]) {
    world.bury(aPayment(), 'FRAUD_CHECK_UNAVAILABLE');
    await world.discard({ actor });
  }
  expect(
    world
      .record('tx-1')
      .history.slice(2)
      .map(({ actor }) => actor),
  ).toEqual([ACTOR, BOB]);
});
