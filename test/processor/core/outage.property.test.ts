import fc from 'fast-check';
import type { QueueMessage } from '../../../src/processor/core/ports';
import { runThroughOutage } from '../../../tools/kit/cores/outage';
import { aMessage } from '../../../tools/kit/payments/payments';
import { runs } from '../../../tools/kit/thorough';

const HALF_AN_HOUR = 1_800;

type Kind = 'good' | 'refused' | 'invalid';

interface Account {
  readonly kinds: readonly Kind[];
  /** Receives that the payments had before, first to last. */
  readonly received: readonly number[];
}

const accounts = (maxReceiveCount: number): fc.Arbitrary<Account> =>
  fc.record({
    kinds: fc.array(fc.constantFrom<Kind>('good', 'good', 'good', 'refused', 'invalid'), {
      minLength: 1,
      maxLength: 12,
    }),
    // Who stands behind has been received as often as who stands before, or less.
    received: fc
      .array(fc.nat({ max: maxReceiveCount - 1 }), { minLength: 12, maxLength: 12 })
      .map((counts) => counts.sort((a, b) => b - a)),
  });

const plans = fc.constantFrom(2, 3, 5, 10).chain((maxReceiveCount) =>
  fc.record({
    maxReceiveCount: fc.constant(maxReceiveCount),
    accounts: fc.array(accounts(maxReceiveCount), { minLength: 1, maxLength: 3 }),
    of: fc.constantFrom('fraud API' as const, 'table' as const),
    // Before the first receive, or among the first checks.
    from: fc.oneof(
      fc.integer({ min: 1 - HALF_AN_HOUR, max: 0 }),
      fc.integer({ min: -1, max: 1 }),
      fc.integer({ min: 0, max: 40 }),
    ),
    seconds: fc.oneof(fc.constant(HALF_AN_HOUR), fc.integer({ min: 1, max: HALF_AN_HOUR })),
    circuitOpens: fc.boolean(),
    checkTakesMs: fc.integer({ min: 0, max: 8_000 }),
    chances: fc.array(fc.nat({ max: 999 }), { minLength: 1, maxLength: 5 }),
  }),
);

function messagesOf({ kinds, received }: Account, account: number): (QueueMessage & { kind: Kind })[] {
  return kinds.map((kind, at) => {
    const id = `${account}-${at}-${kind}`;
    const delivery = { receiveCount: received[at]! + 1, groupId: `account-${account}` };
    const message =
      kind === 'invalid'
        ? aMessage({ body: '?', messageId: id }, delivery)
        : aMessage({ transaction_id: id, account_id: delivery.groupId }, delivery);
    return { ...message, kind };
  });
}

test('an outage of up to half an hour dead-letters no payment that had two receives left when it began; all are decided in order [G8]', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async ({ accounts: given, maxReceiveCount, checkTakesMs, chances, ...outage }) => {
      const messages = given.flatMap(messagesOf);
      let chance = 0;
      const { redriven, receivesLeft, store, trail, deadLetters } = await runThroughOutage(messages, outage, {
        maxReceiveCount,
        // The clock knows no two checks at once: of several accounts one would use up the other's time.
        checkTakesMs: given.length === 1 ? checkTakesMs : checkTakesMs / 4,
        random: () => chances[chance++ % chances.length]! / 1_000,
        refused: messages.filter(({ kind }) => kind === 'refused').map(({ messageId }) => messageId),
      });

      const promised = messages.filter((message) => receivesLeft(message) >= 2);
      const dead = new Set([...redriven, ...deadLetters.sent.map(({ messageId }) => messageId)]);
      expect(promised.filter(({ messageId }) => dead.has(messageId)).map(({ messageId }) => messageId)).toEqual(
        promised.filter(({ kind }) => kind !== 'good').map(({ messageId }) => messageId),
      );
      for (const { messageId, kind } of promised) {
        if (kind !== 'invalid')
          expect(store.record(messageId).payment_status).toBe(kind === 'good' ? 'APPROVED' : 'FAILED');
      }
      for (const account of given.keys()) {
        const sent = messages
          .filter(({ groupId }) => groupId === `account-${account}`)
          .map(({ messageId }) => messageId);
        const settled = trail.settled.filter((id) => sent.includes(id));
        expect(settled).toEqual(sent.filter((id) => settled.includes(id)));
      }
      expect(trail.faults).toEqual([]);
    }),
    { numRuns: runs(200) },
  );
});
