import fc from 'fast-check';
import { FRAUD_DECISIONS, type OnFailedPayment } from '../../src/contract';
import { BLIPS, FRAUD_FAULTS } from './fraud-faults';
import { type ByHand, LATEST_OPERATION_MS, type Operation, RECOVERIES } from './operations';
import {
  type OperatorFault,
  type Outage,
  PROMISED_OUTAGE_MS,
  type Scenario,
  type Sending,
  type Slowness,
  type StoreFault,
  type Trouble,
} from './scenario';

const ACCOUNTS = 3;
const MOST_SENDINGS = 14;
const MOST_TROUBLES = 10;
/** Measured with 255 KB of digits on the smallest function, before such bodies were cheap. */
const MOST_COSTLY_MS = 6_500;
/** A busy run of this size makes about so many calls of the kind. */
const CALLS = { table: 30, fraud: 10, function: 60, queue: 6, dlqProcessor: 40 };
const SECOND = 1_000;
/** The visibility timeout, nearly. */
const LONGEST_THROTTLE_MS = 359 * SECOND;
/** A new deduplication interval has begun by then. */
const LONGEST_PAUSE_MS = 400 * SECOND;

/** What was sent before has come to its end by then, and operators have been at it. */
const LONGEST_BREAK_MS = 3_000 * SECOND;

/** As days are, longer than SQS remembers a deduplication id: a copy that was sent again would else be nowhere. */
const SHORTEST_RETENTION_MS = 360 * SECOND;

/** Added to a call, one way. */
const SLOWEST_MS = 12 * SECOND;

interface Range {
  readonly min: number;
  readonly max: number;
}

const upTo = (max: number) => fc.integer({ min: 0, max });

const says = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...FRAUD_DECISIONS).map((decision) => [decision]) },
  { weight: 2, arbitrary: fc.constant(['refuse' as const]) },
  // An API that does not keep to the idempotency key: what was decided must stand all the same.
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

const faultAt = <At extends Trouble['at'], Fault>(at: At, calls: number, faults: readonly Fault[]) =>
  fc.record({ at: fc.constant(at), call: upTo(calls), fault: fc.constantFrom(...faults) });

const outage = (longestMs: number): fc.Arbitrary<Outage> =>
  fc.record({
    at: fc.constant('outage' as const),
    of: fc.constantFrom('fraud', 'fraud', 'table', 'dead letters'),
    fromMs: upTo(30 * SECOND),
    lastsMs: upTo(longestMs),
  });

const startedLate = (calls: number, lateMs: Range) =>
  fc.record({ at: fc.constant('invoke' as const), call: upTo(calls), lateMs: fc.integer(lateMs) });

const slowness = (fromMs: Range, lastsMs: Range, byMs: Range): fc.Arbitrary<Slowness> =>
  fc.record({
    at: fc.constant('slowness' as const),
    fromMs: fc.integer(fromMs),
    lastsMs: fc.integer(lastsMs),
    byMs: fc.integer(byMs),
  });

const OPERATOR_FAULTS: readonly OperatorFault[] = [
  'crash before',
  'crash after',
  'refused',
  'answer lost',
  'answer lost, and tried again',
  'written late',
];

const STORE_FAULTS: readonly StoreFault[] = [
  'throttled',
  'answer lost',
  'answer lost, and tried again',
  'written late',
];

const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 4, arbitrary: faultAt('table', CALLS.table, STORE_FAULTS) },
  { weight: 2, arbitrary: faultAt('dead letters', CALLS.queue, ['refused', 'answer lost'] as const) },
  { weight: 6, arbitrary: faultAt('fraud', CALLS.fraud, FRAUD_FAULTS) },
  { weight: 1, arbitrary: faultAt('receive', CALLS.queue, ['answer lost'] as const) },
  { weight: 2, arbitrary: startedLate(CALLS.queue, { min: 0, max: LONGEST_THROTTLE_MS }) },
  { weight: 1, arbitrary: faultAt('delete', CALLS.queue, ['not done'] as const) },
  { weight: 1, arbitrary: faultAt('visibility', CALLS.queue, ['refused'] as const) },
  { weight: 4, arbitrary: faultAt('function', CALLS.function, ['crash before', 'crash after'] as const) },
  { weight: 4, arbitrary: faultAt('dlq processor', CALLS.dlqProcessor, OPERATOR_FAULTS) },
  { weight: 3, arbitrary: outage(3 * PROMISED_OUTAGE_MS) },
  {
    weight: 1,
    arbitrary: slowness(
      { min: 0, max: LONGEST_PAUSE_MS },
      { min: 0, max: LONGEST_PAUSE_MS },
      { min: 0, max: SLOWEST_MS },
    ),
  },
);

/** What lets two invocations hold one message: a batch that starts late, and services that take their time then. */
const twoOwners: fc.Arbitrary<Trouble[]> = fc
  .tuple(
    startedLate(1, { min: 345 * SECOND, max: LONGEST_THROTTLE_MS }),
    slowness(
      { min: 340 * SECOND, max: 355 * SECOND },
      { min: 400 * SECOND, max: 1_000 * SECOND },
      { min: 3 * SECOND, max: SLOWEST_MS },
    ),
    fc.array(faultAt('function', 3, ['crash after'] as const), { maxLength: 1 }), // then both find a claim to take over
    fc.array(trouble, { maxLength: 2 }),
  )
  .map(([late, slow, ...more]) => [late, slow, ...more.flat()]);

const troubles: fc.Arbitrary<Trouble[]> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Trouble[]>([]) },
  { weight: 2, arbitrary: outage(PROMISED_OUTAGE_MS).map((one): Trouble[] => [one]) }, // alone: then a promise holds
  { weight: 6, arbitrary: twoOwners },
  { weight: 4, arbitrary: fc.array(trouble, { minLength: 1, maxLength: MOST_TROUBLES, size: 'max' }) },
);

const clocksAheadMs = fc.array(fc.integer({ min: -5 * SECOND, max: 5 * SECOND }), {
  minLength: 2,
  maxLength: 4,
  size: 'max',
});

/** In one run of four. */
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** Either soon, while the first failures are fresh, or any time. */
const someTime = fc.oneof(upTo(120 * SECOND), upTo(LATEST_OPERATION_MS));
const which = fc.array(upTo(MOST_SENDINGS), { minLength: 1, maxLength: 3 });

const operation: fc.Arbitrary<Operation> = fc.record({
  atMs: someTime,
  operator: fc.constantFrom(1 as const, 2 as const),
  action: fc.constantFrom('redrive', 'redrive', 'redrive', 'discard', 'discard', 'analyze'),
  of: fc.oneof(
    fc.constant({ kind: 'all' as const }),
    fc.record({ kind: fc.constant('transactions' as const), which }),
    fc.record({
      kind: fc.constant('accounts' as const),
      which: fc.array(upTo(ACCOUNTS - 1), { minLength: 1, maxLength: 2 }),
    }),
    fc.record({ kind: fc.constant('messages' as const), which }),
  ),
  limit: sometimes(fc.integer({ min: 1, max: 3 })),
  dryRun: fc.nat(7).map((chance) => chance === 0),
});

/** Two operators at once. */
const meeting: fc.Arbitrary<Operation[]> = fc
  .tuple(operation, operation, upTo(2 * SECOND))
  .map(([one, other, later]) => [
    { ...one, operator: 1 },
    { ...other, operator: 2, atMs: one.atMs + later },
  ]);

const operations: fc.Arbitrary<Operation[]> = fc.oneof(
  fc.array(operation, { maxLength: 4 }),
  fc.array(meeting, { minLength: 1, maxLength: 2 }).map((pairs) => pairs.flat()),
);

const byHand: fc.Arbitrary<ByHand> = fc.record({
  atMs: someTime,
  does: fc.constantFrom('purge', 'delete', 'delete', 'move', 'move'),
  which: upTo(MOST_SENDINGS),
});

/** What people do while a run goes on, and how the pipeline is set. */
const operated = {
  operations,
  byHand: fc.oneof(
    { weight: 3, arbitrary: fc.constant<ByHand[]>([]) },
    { weight: 1, arbitrary: fc.array(byHand, { minLength: 1, maxLength: 2 }) },
  ),
  switchesAtMs: fc.oneof(
    { weight: 3, arbitrary: fc.constant<number[]>([]) },
    { weight: 1, arbitrary: fc.array(someTime, { minLength: 1, maxLength: 2 }) },
  ),
  deadLetterRetentionMs: sometimes(fc.integer({ min: SHORTEST_RETENTION_MS, max: LATEST_OPERATION_MS })),
  groupWindow: sometimes(fc.integer({ min: 3, max: 12 })),
  recovery: fc.constantFrom(...RECOVERIES),
};

/** Nobody does anything. */
const alone = {
  operations: fc.constant([]),
  byHand: fc.constant([]),
  switchesAtMs: fc.constant([]),
  recovery: fc.constantFrom(...RECOVERIES),
};

/** Runs of everything at once. */
const mixed = fc.record({
  sendings: fc.array(sending, { minLength: 1, maxLength: MOST_SENDINGS, size: 'max' }),
  clocksAheadMs,
  troubles,
  ...operated,
  chance: upTo(2 ** 31 - 1),
});

/** As many accounts as a batch takes, which meet a blip at their first, second or last receive. */
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
      fc.array(faultAt('receive', 3, ['answer lost'] as const), { maxLength: 2 }), // a receive each, for nothing
    )
    .map(([blip, lost]): Trouble[] => [blip, ...lost]),
  ...alone,
  chance: upTo(2 ** 31 - 1),
});

/** As many expensive bodies as a batch takes, and a payment behind them. */
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
        says: fc.constantFrom(['approve'] as const, ['refuse'] as const, ['refuse', 'approve'] as const),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), which: upTo(3) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('conflict' as const), which: upTo(3), sameAccount: fc.boolean() }),
    },
  ),
});

/** Few payments, of which many fail, and operators who meet troubles of their own. */
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

/** Small runs. What fails shrinks to fewer messages, fewer troubles, fewer environments. */
export function scenarios(onFailedPayment: OnFailedPayment): fc.Arbitrary<Scenario> {
  return fc
    .oneof(
      { weight: 14, arbitrary: mixed },
      { weight: 5, arbitrary: busyOperators },
      { weight: 1, arbitrary: blips },
      { weight: 1, arbitrary: hostile },
    )
    .map((scenario) => ({ ...scenario, onFailedPayment }));
}
