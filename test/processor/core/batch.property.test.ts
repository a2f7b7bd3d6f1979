import fc from 'fast-check';
import type { FraudCheck, QueueMessage } from '../../../src/processor/core/ports';
import { ServiceError } from '../../../src/runtime/ports';
import { aMessage, aPayment, aRecord } from '../../../tools/kit/payments/payments';
import {
  decided,
  Processor,
  REFUSED,
  TIME_FOR_CHECKS_MS,
  unavailable,
  NOT_CALLED,
} from '../../../tools/kit/cores/processor';
import { runs } from '../../../tools/kit/thorough';

const MAX_RECEIVE_COUNT = 3;

/** The result of a payment's check. */
const OUTCOMES = {
  approved: () => decided('approve'),
  declined: () => decided('decline'),
  refused: () => REFUSED,
  unavailable: () => unavailable(0),
  notCalled: () => NOT_CALLED,
  'the table fails': () => {
    throw new ServiceError('payment table', 'change a payment', 'Throttled');
  },
  'a bug': () => {
    throw new TypeError('bug');
  },
} satisfies Record<string, () => FraudCheck>;

interface Planned {
  readonly account: string;
  /** `settled` was decided before; `invalid` is invalid. Neither is checked. */
  readonly outcome: keyof typeof OUTCOMES | 'settled' | 'invalid';
  readonly receiveCount: number;
  /** Turns of the event loop's microtasks that the check takes. */
  readonly turns: number;
}

const planned: fc.Arbitrary<Planned> = fc.record({
  account: fc.constantFrom('a', 'b', 'c', 'd'),
  outcome: fc.constantFrom<Planned['outcome']>(
    ...(Object.keys(OUTCOMES) as (keyof typeof OUTCOMES)[]),
    'approved',
    'approved',
    'settled',
    'invalid',
  ),
  receiveCount: fc.integer({ min: 1, max: MAX_RECEIVE_COUNT + 1 }),
  turns: fc.nat({ max: 5 }),
});
const batches = fc
  .array(planned, { maxLength: 10 })
  .map((plans) => plans.map((plan, at) => ({ ...plan, id: `${plan.account}${at}` })));
type Batch = readonly (Planned & { readonly id: string })[];

const isReturned = ({ outcome, receiveCount }: Planned): boolean =>
  outcome === 'unavailable'
    ? receiveCount < MAX_RECEIVE_COUNT
    : ['notCalled', 'the table fails', 'a bug'].includes(outcome);

const isChecked = ({ outcome }: Planned): boolean => outcome in OUTCOMES;

/** The expected end of an account's messages, with any other messages in the batch. */
function expectedOf(plans: Batch): { returned: string[]; called: string[] } {
  const firstReturned = plans.findIndex(isReturned);
  const processed = firstReturned < 0 ? plans : plans.slice(0, firstReturned + 1);
  return {
    returned: (firstReturned < 0 ? [] : plans.slice(firstReturned)).map(({ id }) => id),
    called: processed.filter(isChecked).map(({ id }) => id),
  };
}

async function run(batch: Batch, groupConcurrency = 10) {
  const processor = new Processor({ groupConcurrency, maxReceiveCount: MAX_RECEIVE_COUNT });
  const running: string[] = [];
  const most = { checks: 0, ofOneAccount: 0 };
  for (const { id, account, outcome, turns } of batch) {
    if (outcome === 'settled')
      processor.store.put(
        aRecord(aPayment({ transaction_id: id, account_id: account }), { payment_status: 'DECLINED' }),
      );
    if (outcome === 'settled' || outcome === 'invalid') continue;
    processor.fraudApi.answer(id, async () => {
      running.push(account);
      most.checks = Math.max(most.checks, running.length);
      most.ofOneAccount = Math.max(most.ofOneAccount, running.filter((other) => other === account).length);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      running.splice(running.indexOf(account), 1);
      return OUTCOMES[outcome]();
    });
  }
  const delivery = await processor.deliver(...batch.map(messageOf));
  return { processor, delivery, most };
}

function messageOf({ id, account, outcome, receiveCount }: Batch[number]): QueueMessage {
  if (outcome === 'invalid') return aMessage({ body: '?', messageId: id }, { groupId: account, receiveCount });
  return aMessage({ transaction_id: id, account_id: account }, { receiveCount });
}

const accountsOf = (batch: Batch) => [...new Set(batch.map(({ account }) => account))];
const only = (batch: Batch, account: string) => batch.filter((plan) => plan.account === account);

test('every message ends once: acknowledged, or returned to the queue with all messages of its account behind it, and none of another account', async () => {
  await fc.assert(
    fc.asyncProperty(batches, fc.integer({ min: 1, max: 10 }), async (batch, groupConcurrency) => {
      const { processor, delivery } = await run(batch, groupConcurrency);
      const expected = accountsOf(batch).map((account) => expectedOf(only(batch, account)));
      expect(delivery.returned).toEqual(expected.flatMap(({ returned }) => returned));
      expect(processor.count('PaymentsRetried')).toBe(delivery.returned.length);
    }),
  );
});

test("an account's payments are checked in the order of their arrival, one after the other; those behind a failure are not", async () => {
  await fc.assert(
    fc.asyncProperty(batches, async (batch) => {
      const { processor, most } = await run(batch);
      for (const account of accountsOf(batch)) {
        const called = processor.fraudApi.called.filter((id) => id.startsWith(account));
        expect(called).toEqual(expectedOf(only(batch, account)).called);
      }
      expect(most.ofOneAccount).toBeLessThanOrEqual(1);
    }),
  );
});

test('an account fares as it would alone: same end of every message, same records, same copies', async () => {
  await fc.assert(
    fc.asyncProperty(batches, fc.integer({ min: 1, max: 10 }), async (batch, groupConcurrency) => {
      const { processor, delivery } = await run(batch, groupConcurrency);
      for (const account of accountsOf(batch)) {
        const alone = await run(only(batch, account));
        expect(delivery.returned.filter((id) => id.startsWith(account))).toEqual(alone.delivery.returned);
        expect(statusesOf(processor, account)).toEqual(statusesOf(alone.processor, account));
        expect(processor.deadLetters.sent.filter(({ groupId }) => groupId === account)).toEqual(
          alone.processor.deadLetters.sent,
        );
      }
    }),
    { numRuns: runs(60) },
  );
});

test('never more accounts at once than groupConcurrency', async () => {
  await fc.assert(
    fc.asyncProperty(batches, fc.integer({ min: 1, max: 4 }), async (batch, groupConcurrency) => {
      expect((await run(batch, groupConcurrency)).most.checks).toBeLessThanOrEqual(groupConcurrency);
    }),
  );
});

test('returned messages have a retry delay, the same for all of an account', async () => {
  await fc.assert(
    fc.asyncProperty(batches, async (batch) => {
      const { delivery } = await run(batch);
      expect(Object.keys(delivery.retryDelays).sort()).toEqual([...delivery.returned].sort());
      for (const account of accountsOf(batch)) {
        const delays = delivery.returned.filter((id) => id.startsWith(account)).map((id) => delivery.retryDelays[id]);
        expect(new Set(delays).size).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('however long checks take, none gets more than the time left, and payments without time return to the queue', async () => {
  await fc.assert(
    fc.asyncProperty(
      batches,
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.nat({ max: TIME_FOR_CHECKS_MS }), { minLength: 1 }),
      async (batch, groupConcurrency, times) => {
        const processor = new Processor({ groupConcurrency });
        const end = processor.clock.now() + TIME_FOR_CHECKS_MS;
        const deadlines: number[] = [];
        const inTime: string[] = [];
        for (const [at, { id }] of batch.entries()) {
          processor.fraudApi.answer(id, (_payment, { deadline }) => {
            deadlines.push(deadline);
            // As the adapter does: others may have used the time up since the payment was claimed.
            if (processor.clock.now() >= deadline) return NOT_CALLED;
            inTime.push(id);
            processor.clock.advance(times[at % times.length]!);
            return decided('approve');
          });
        }
        const { returned } = await processor.deliver(
          ...batch.map((plan) => messageOf({ ...plan, outcome: 'approved' })),
        );
        expect(Math.max(0, ...deadlines)).toBeLessThanOrEqual(end);
        expect([...inTime, ...returned].sort()).toEqual(batch.map(({ id }) => id).sort());
      },
    ),
  );
});

function statusesOf({ store }: Processor, account: string) {
  return [...store.records.values()]
    .filter(({ account_id }) => account_id === account)
    .map(({ transaction_id, payment_status, attempts }) => [transaction_id, payment_status, attempts])
    .sort();
}
