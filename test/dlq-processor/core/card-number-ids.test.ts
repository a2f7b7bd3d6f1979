import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { failures, NOON } from '../../../tools/kit/cores/failures';
import { aPayment } from '../../../tools/kit/payments/payments';

const CARD = '4111-1111-1111-1111';
/** Payments that were accepted before ids followed the card rule, and failed. */
const OLD = (['transaction_id', 'account_id', 'beneficiary_id'] as const).map((field, index) =>
  aPayment({ transaction_id: `tx-${index}`, [field]: CARD }),
);

test.each(['redrive', 'discard'] as const)(
  '%s: a dead letter whose id holds a card number is an invalid message, named by its message id alone',
  async (action) => {
    const world = new DeadLetterWorld();
    const letters = OLD.map((payment) => world.bury(payment, 'FRAUD_CHECK_UNAVAILABLE'));

    const answer = await world.run({ action, reason: 'old ids' });

    expect(answer).toMatchObject(
      action === 'redrive' ? { redriven: 0, leftIds: { unreadable: letters } } : { discarded: 3 },
    );
    expect(world.sent).toEqual([]);
    expect(JSON.stringify([answer, world.logs])).not.toContain('1111');
  },
);

test('an operator may still select by such an id', async () => {
  const world = new DeadLetterWorld();
  const letters = OLD.map((payment) => world.bury(payment));
  expect(await world.redrive({ transactionIds: [CARD] })).toMatchObject({ unreachable: [CARD], notFound: [] });
  expect(await world.redrive({ accountIds: [CARD] })).toMatchObject({ leftIds: { unreadable: [letters[1]] } });
  expect(JSON.stringify(world.logs)).not.toContain('1111');
});

test('an analysis masks the card number in the id of its example, in the answer and in the mail', async () => {
  const world = new DeadLetterWorld();
  world.clock.advance(NOON - world.clock.now());
  world.index.push(
    ...failures({ count: 20, account: CARD, from: -10 }).map((failure, index) => ({
      ...failure,
      transaction_id: `tx${index}-${CARD}`,
    })),
  );

  const analysis = await world.analyze();

  expect(analysis.patterns[0]).toMatchObject({
    kind: 'poison_account',
    exampleTransactionId: expect.stringMatching(/^tx\d+-\*{4}-\*{4}-\*{4}-\*{4}$/) as string,
  });
  expect(world.alerts).toHaveLength(1);
  expect(JSON.stringify([analysis, world.alerts, world.logs])).not.toContain('1111');
});
