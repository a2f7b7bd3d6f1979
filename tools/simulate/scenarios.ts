import fc from 'fast-check';
import { FRAUD_DECISIONS, type OnFailedPayment, requestedAt } from '../../src/contract';
import { aPayment } from '../kit/payments/payments';
import { VirtualTime } from '../kit/virtual-time';
import { BLIPS } from './fraud-faults';
import { ACCOUNTS, alone, meeting, MOST_SENDINGS, operated, sometimes } from './operation-generators';
import { isBlip, PROMISED_OUTAGE_MS, type Scenario, type Sending, type Trouble } from './scenario';
import {
  CALLS,
  faultAt,
  LONGEST_PAUSE_MS,
  OPERATOR_FAULTS,
  outcomeTroubles,
  SECOND,
  troubles,
  upTo,
} from './trouble-generators';

/** Measured with 255 KB of digits on the smallest function, before such bodies were cheap. */
const MOST_COSTLY_MS = 6_500;
/** Earlier messages have ended by then, and operators have worked on them. */
const LONGEST_BREAK_MS = 3_000 * SECOND;

const says = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...FRAUD_DECISIONS).map((decision) => [decision]) },
  { weight: 2, arbitrary: fc.constant(['refuse' as const]) },
  // An API that ignores the idempotency key. The first decision must stand.
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ['approve', 'decline'] as const,
      ['decline', 'refuse'] as const,
      ['refuse', 'approve'] as const,
    ),
  },
);

const sending: fc.Arbitrary<Sending> = fc.record({
  account: upTo(ACCOUNTS - 1),
  afterMs: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) }, // so that a batch holds several of an account
    { weight: 3, arbitrary: upTo(3 * SECOND) },
    { weight: 1, arbitrary: upTo(LONGEST_PAUSE_MS) },
    { weight: 1, arbitrary: upTo(LONGEST_BREAK_MS) },
  ),
  what: fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('payment' as const), says }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('invalid' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('invalid' as const), costMs: upTo(MOST_COSTLY_MS) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), which: upTo(MOST_SENDINGS) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('conflict' as const),
        which: upTo(MOST_SENDINGS),
        sameAccount: fc.boolean(),
      }),
    },
  ),
});

const clocksAheadMs = fc.array(fc.integer({ min: -5 * SECOND, max: 5 * SECOND }), {
  minLength: 2,
  maxLength: 4,
  size: 'max',
});

/** Runs with every kind of message, trouble and operation. */
const mixed = fc.record({
  sendings: fc.array(sending, { minLength: 1, maxLength: MOST_SENDINGS, size: 'max' }),
  clocksAheadMs,
  troubles,
  ...operated,
  chance: upTo(2 ** 31 - 1),
});

/** As many accounts as fit a batch. A blip fails their first, second or last receive. */
const blips = fc.record({
  sendings: fc
    .array(fc.constantFrom(...FRAUD_DECISIONS), { minLength: 8, maxLength: MOST_SENDINGS, size: 'max' })
    .map((decisions) =>
      decisions.map((decision, account): Sending => ({
        account,
        afterMs: 0,
        what: { kind: 'payment', says: [decision] },
      })),
    ),
  clocksAheadMs,
  troubles: fc
    .tuple(
      fc.record({
        at: fc.constant('blip' as const),
        calls: fc.integer({ min: 1, max: 3 }),
        fault: fc.constantFrom(...BLIPS),
      }),
      fc.array(faultAt('receive', 3, ['answer lost'] as const), { maxLength: 2 }), // each uses up a receive
    )
    .map(([blip, lost]): Trouble[] => [blip, ...lost]),
  ...alone,
  chance: upTo(2 ** 31 - 1),
});

/** As many expensive bodies as fit a batch, and a payment behind them. */
const hostile = fc.record({
  sendings: fc
    .array(fc.integer({ min: MOST_COSTLY_MS - SECOND, max: MOST_COSTLY_MS }), {
      minLength: 9,
      maxLength: MOST_SENDINGS - 1,
      size: 'max',
    })
    .map((costs): Sending[] => [
      ...costs.map((costMs): Sending => ({ account: 0, afterMs: 0, what: { kind: 'invalid', costMs } })),
      { account: 0, afterMs: 0, what: { kind: 'payment', says: ['approve'] } },
    ]),
  clocksAheadMs,
  troubles: fc.constant<Trouble[]>([]),
  ...alone,
  chance: upTo(2 ** 31 - 1),
});

const failing: fc.Arbitrary<Sending> = fc.record({
  account: upTo(1),
  afterMs: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: upTo(LONGEST_PAUSE_MS) }),
  what: fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('payment' as const),
        says: fc.constantFrom(
          ['approve'] as const,
          ['review'] as const,
          ['refuse'] as const,
          ['refuse', 'approve'] as const,
        ),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), which: upTo(3) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('conflict' as const), which: upTo(3), sameAccount: fc.boolean() }),
    },
  ),
});

/** A few payments, many of which fail or come into review, and operators whose calls fail too. */
const busyOperators = fc.record({
  sendings: fc.array(failing, { minLength: 2, maxLength: 6 }),
  clocksAheadMs,
  troubles: fc
    .tuple(
      fc.array(faultAt('dlq processor', CALLS.dlqProcessor / 2, OPERATOR_FAULTS), { maxLength: 3 }),
      fc.array(
        fc.record({
          at: fc.constant('outage' as const),
          of: fc.constant('fraud' as const),
          fromMs: fc.constant(0),
          lastsMs: fc.integer({ min: PROMISED_OUTAGE_MS + SECOND, max: 2 * PROMISED_OUTAGE_MS }),
        }),
        { maxLength: 1 },
      ),
      fc.array(faultAt('receive', 3, ['answer lost'] as const), { maxLength: 3 }), // so that SQS itself moves messages
    )
    .map((some): Trouble[] => some.flat()),
  ...operated,
  operations: fc.array(meeting, { minLength: 1, maxLength: 3 }).map((pairs) => pairs.flat()),
  chance: upTo(2 ** 31 - 1),
});

/** Payments in review, and operators who decide them at the same time, and whose calls fail. */
const reviews = fc.record({
  sendings: fc.array(
    fc.record({
      account: upTo(1),
      afterMs: fc.constant(0),
      what: fc.record({ kind: fc.constant('payment' as const), says: fc.constant(['review'] as const) }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  clocksAheadMs,
  troubles: fc.array(faultAt('dlq processor', CALLS.dlqProcessor / 4, OPERATOR_FAULTS), { minLength: 1, maxLength: 3 }),
  ...alone,
  operations: fc
    .array(meeting, { minLength: 1, maxLength: 2 })
    .map((pairs) => pairs.flat().map((one) => ({ ...one, action: 'resolve' as const }))),
  chance: upTo(2 ** 31 - 1),
});

/** The pipeline publishes outcomes in half of the runs; in some of these, the topic has troubles of its own. */
const outcomes = fc.oneof(
  fc.constant({ outcomes: false, more: [] as Trouble[] }),
  fc.record({ outcomes: fc.constant(true), more: outcomeTroubles }),
);

/** Age of all payments when a run begins, in whole hours. */
const AGE_HOURS = Math.floor((new VirtualTime().now() - requestedAt(aPayment())) / 3_600_000);

/** All payments are too old from the start, after some minutes, or after an hour. */
const maxPaymentAgeHours = sometimes(fc.constantFrom(AGE_HOURS, AGE_HOURS + 1, AGE_HOURS + 2));

/** Generates small runs. A failing run shrinks to fewer messages, troubles and environments. */
export function scenarios(onFailedPayment: OnFailedPayment): fc.Arbitrary<Scenario> {
  const run = fc.oneof(
    { weight: 13, arbitrary: mixed },
    { weight: 1, arbitrary: reviews },
    { weight: 5, arbitrary: busyOperators },
    { weight: 1, arbitrary: blips },
    { weight: 1, arbitrary: hostile },
  );
  return fc.tuple(run, outcomes, maxPaymentAgeHours).map(([scenario, { outcomes, more }, maxAge]) => ({
    ...scenario,
    troubles: [...scenario.troubles, ...more],
    outcomes,
    maxPaymentAgeHours: isBlip(scenario) ? undefined : maxAge,
    onFailedPayment,
  }));
}
