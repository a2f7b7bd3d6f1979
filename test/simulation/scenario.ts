import fc from 'fast-check';
import type { OnFailedPayment } from '../../src/contract';
import { BLIPS, DECISIONS, FRAUD_FAULTS, type FraudFault } from './fraud-faults';

/** All that decides how a run goes. The same scenario is the same run, to the millisecond. */
export interface Scenario {
  readonly sendings: readonly Sending[];
  /** Execution environments of the function, each with its own idea of the time. */
  readonly clocksAheadMs: readonly number[];
  readonly troubles: readonly Trouble[];
  readonly onFailedPayment: OnFailedPayment;
  /** When an operator redrives all that the dead-letter queue holds then. */
  readonly redrivesAtMs: readonly number[];
  /** Seeds what nobody plans: latencies, jitter, the composition of batches. */
  readonly chance: number;
}

/** One message that a client sends. */
export interface Sending {
  readonly account: number;
  /** Since the one before. */
  readonly afterMs: number;
  readonly what:
    /** What the fraud API says at each call; the last is repeated. */
    | { readonly kind: 'payment'; readonly says: readonly ((typeof DECISIONS)[number] | 'refuse')[] }
    | { readonly kind: 'invalid' }
    /** An earlier message once more, to the letter. */
    | { readonly kind: 'again'; readonly which: number }
    /** Another payment under the transaction id of an earlier one, of the same account or of this one. */
    | { readonly kind: 'conflict'; readonly which: number; readonly sameAccount: boolean };
}

export type StoreFault = 'throttled' | 'answer lost' | 'answer lost, and tried again' | 'written late';

/** What goes wrong. `call` counts from 0 over the whole run. */
export type Trouble =
  | { readonly at: 'table'; readonly call: number; readonly fault: StoreFault }
  | { readonly at: 'dead letters'; readonly call: number; readonly fault: 'refused' | 'answer lost' }
  | { readonly at: 'fraud'; readonly call: number; readonly fault: FraudFault }
  | { readonly at: 'receive'; readonly call: number; readonly fault: 'answer lost' }
  /**
   * Lambda holds received messages while it may not start the function, "until the message's timestamp exceeds your
   * queue's visibility timeout" (Lambda Developer Guide, "Handling errors for an SQS event source"): so that the function
   * may begin with next to nothing left of it.
   */
  | { readonly at: 'invoke'; readonly call: number; readonly lateMs: number }
  | { readonly at: 'delete'; readonly call: number; readonly fault: 'not done' }
  | { readonly at: 'visibility'; readonly call: number; readonly fault: 'refused' }
  /** The function ends before, or after, its n-th call of anything takes effect. */
  | { readonly at: 'function'; readonly call: number; readonly fault: 'crash before' | 'crash after' }
  | Period;

/** Not bound to one call: for a time from the run's beginning, or for each payment's first calls. */
export type Period = Outage | Slowness | Blip;

export interface Outage {
  readonly at: 'outage';
  readonly of: 'fraud' | 'table' | 'dead letters';
  readonly fromMs: number;
  readonly lastsMs: number;
}

/** Services are overloaded: calls take longer, by anything up to so much, and the fraud API asks for patience now and then. */
export interface Slowness {
  readonly at: 'slowness';
  readonly fromMs: number;
  readonly lastsMs: number;
  readonly byMs: number;
}

/** The API fails the first calls for every payment, and is well then: what a whole batch meets at once. */
export interface Blip {
  readonly at: 'blip';
  /** Fewer than a payment has in one receive. */
  readonly calls: number;
  readonly fault: (typeof BLIPS)[number];
}

const ACCOUNTS = 3;
const MOST_SENDINGS = 14;
const MOST_TROUBLES = 10;
/** A busy run of this size makes about so many calls of the kind. */
const CALLS = { table: 30, fraud: 10, function: 60, queue: 6 };
const SECOND = 1_000;
/** The visibility timeout, nearly. */
const LONGEST_THROTTLE_MS = 359 * SECOND;
/** An outage that the pipeline promises to outlast. */
export const PROMISED_OUTAGE_MS = 1_800 * SECOND;
/** Some hour after the last receive of most. */
const LATEST_REDRIVE_MS = 7_200 * SECOND;
/** A new deduplication interval has begun by then. */
const LONGEST_PAUSE_MS = 400 * SECOND;

/** Added to a call, one way. */
const SLOWEST_MS = 12 * SECOND;

interface Range {
  readonly min: number;
  readonly max: number;
}

const upTo = (max: number) => fc.integer({ min: 0, max });

const says = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...DECISIONS).map((decision) => [decision]) },
  { weight: 2, arbitrary: fc.constant(['refuse' as const]) },
  // An API that does not keep to the idempotency key: what was decided must stand all the same.
  { weight: 1, arbitrary: fc.constantFrom(['approve', 'decline'] as const, ['decline', 'refuse'] as const, ['refuse', 'approve'] as const) },
);

const sending: fc.Arbitrary<Sending> = fc.record({
  account: upTo(ACCOUNTS - 1),
  afterMs: fc.oneof(
    { weight: 6, arbitrary: fc.constant(0) }, // so that a batch holds several of an account
    { weight: 3, arbitrary: upTo(3 * SECOND) },
    { weight: 1, arbitrary: upTo(LONGEST_PAUSE_MS) },
  ),
  what: fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('payment' as const), says }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('invalid' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), which: upTo(MOST_SENDINGS) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('conflict' as const), which: upTo(MOST_SENDINGS), sameAccount: fc.boolean() }) },
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
  fc.record({ at: fc.constant('slowness' as const), fromMs: fc.integer(fromMs), lastsMs: fc.integer(lastsMs), byMs: fc.integer(byMs) });

const STORE_FAULTS: readonly StoreFault[] = ['throttled', 'answer lost', 'answer lost, and tried again', 'written late'];

const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 4, arbitrary: faultAt('table', CALLS.table, STORE_FAULTS) },
  { weight: 2, arbitrary: faultAt('dead letters', CALLS.queue, ['refused', 'answer lost'] as const) },
  { weight: 6, arbitrary: faultAt('fraud', CALLS.fraud, FRAUD_FAULTS) },
  { weight: 1, arbitrary: faultAt('receive', CALLS.queue, ['answer lost'] as const) },
  { weight: 2, arbitrary: startedLate(CALLS.queue, { min: 0, max: LONGEST_THROTTLE_MS }) },
  { weight: 1, arbitrary: faultAt('delete', CALLS.queue, ['not done'] as const) },
  { weight: 1, arbitrary: faultAt('visibility', CALLS.queue, ['refused'] as const) },
  { weight: 4, arbitrary: faultAt('function', CALLS.function, ['crash before', 'crash after'] as const) },
  { weight: 3, arbitrary: outage(3 * PROMISED_OUTAGE_MS) },
  { weight: 1, arbitrary: slowness({ min: 0, max: LONGEST_PAUSE_MS }, { min: 0, max: LONGEST_PAUSE_MS }, { min: 0, max: SLOWEST_MS }) },
);

/** What lets two invocations hold one message: a batch that starts late, and services that take their time then. */
const twoOwners: fc.Arbitrary<Trouble[]> = fc
  .tuple(
    startedLate(1, { min: 345 * SECOND, max: LONGEST_THROTTLE_MS }),
    slowness({ min: 340 * SECOND, max: 355 * SECOND }, { min: 400 * SECOND, max: 1_000 * SECOND }, { min: 3 * SECOND, max: SLOWEST_MS }),
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

const clocksAheadMs = fc.array(fc.integer({ min: -5 * SECOND, max: 5 * SECOND }), { minLength: 2, maxLength: 4, size: 'max' });

/** Runs of everything at once. */
const mixed = fc.record({
  sendings: fc.array(sending, { minLength: 1, maxLength: MOST_SENDINGS, size: 'max' }),
  clocksAheadMs,
  troubles,
  redrivesAtMs: fc.array(upTo(LATEST_REDRIVE_MS), { maxLength: 3 }),
  chance: upTo(2 ** 31 - 1),
});

/** As many accounts as a batch takes, which meet a blip at their first, second or last receive. */
const blips = fc.record({
  sendings: fc.array(fc.constantFrom(...DECISIONS), { minLength: 8, maxLength: MOST_SENDINGS, size: 'max' }).map((decisions) =>
    decisions.map((decision, account): Sending => ({ account, afterMs: 0, what: { kind: 'payment', says: [decision] } })),
  ),
  clocksAheadMs,
  troubles: fc
    .tuple(
      fc.record({ at: fc.constant('blip' as const), calls: fc.integer({ min: 1, max: 3 }), fault: fc.constantFrom(...BLIPS) }),
      fc.array(faultAt('receive', 3, ['answer lost'] as const), { maxLength: 2 }), // a receive each, for nothing
    )
    .map(([blip, lost]): Trouble[] => [blip, ...lost]),
  redrivesAtMs: fc.constant([]),
  chance: upTo(2 ** 31 - 1),
});

/** Small runs. What fails shrinks to fewer messages, fewer troubles, fewer environments. */
export function scenarios(onFailedPayment: OnFailedPayment): fc.Arbitrary<Scenario> {
  return fc.oneof({ weight: 19, arbitrary: mixed }, { weight: 1, arbitrary: blips }).map((scenario) => ({ ...scenario, onFailedPayment }));
}

/** A blip, and nothing else but receives whose answers were lost. */
export function isBlip({ troubles }: Scenario): boolean {
  return troubles.some(({ at }) => at === 'blip') && troubles.every(({ at }) => at === 'blip' || at === 'receive');
}

/** One outage that the pipeline promises to outlast, and nothing else. */
export function isPromisedOutage({ troubles }: Scenario): boolean {
  return troubles.length === 1 && troubles.every((one) => one.at === 'outage' && one.lastsMs <= PROMISED_OUTAGE_MS);
}
