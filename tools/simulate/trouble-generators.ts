import fc from 'fast-check';
import { FRAUD_FAULTS } from './fraud-faults';
import {
  type OperatorFault,
  type Outage,
  PROMISED_OUTAGE_MS,
  type Slowness,
  type StoreFault,
  type Trouble,
} from './scenario';

const MOST_TROUBLES = 10;
/** The number of calls of each kind in a busy run of this size. */
export const CALLS = { table: 30, fraud: 10, function: 60, queue: 6, dlqProcessor: 40, outcomes: 10 };
export const SECOND = 1_000;
/** Just below the visibility timeout. */
const LONGEST_THROTTLE_MS = 359 * SECOND;
/** A new deduplication interval has begun by then. */
export const LONGEST_PAUSE_MS = 400 * SECOND;
/** The longest delay of a call, one way. */
const SLOWEST_MS = 12 * SECOND;

interface Range {
  readonly min: number;
  readonly max: number;
}

export const upTo = (max: number) => fc.integer({ min: 0, max });

export const faultAt = <At extends Trouble['at'], Fault>(at: At, calls: number, faults: readonly Fault[]) =>
  fc.record({ at: fc.constant(at), call: upTo(calls), fault: fc.constantFrom(...faults) });

const outage = (longestMs: number, of: readonly Outage['of'][] = ['fraud', 'fraud', 'table', 'dead letters']) =>
  fc.record({
    at: fc.constant('outage' as const),
    of: fc.constantFrom(...of),
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

export const OPERATOR_FAULTS: readonly OperatorFault[] = [
  'crash before',
  'crash after',
  'refused',
  'answer lost',
  'answer lost, and called again',
  'written late',
];

const STORE_FAULTS: readonly StoreFault[] = [
  'throttled',
  'answer lost',
  'answer lost, and called again',
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

/** Two invocations can own one message: a batch starts late, and services are slow during that time. */
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

export const troubles: fc.Arbitrary<Trouble[]> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Trouble[]>([]) },
  { weight: 2, arbitrary: outage(PROMISED_OUTAGE_MS).map((one): Trouble[] => [one]) }, // alone: then a promise holds
  { weight: 6, arbitrary: twoOwners },
  { weight: 4, arbitrary: fc.array(trouble, { minLength: 1, maxLength: MOST_TROUBLES, size: 'max' }) },
);

/** Troubles of the outcome topic alone. */
export const outcomeTroubles: fc.Arbitrary<Trouble[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Trouble[]>([]) },
  { weight: 1, arbitrary: outage(PROMISED_OUTAGE_MS, ['outcomes']).map((one): Trouble[] => [one]) },
  {
    weight: 3,
    arbitrary: fc.array(
      fc.oneof(
        {
          weight: 4,
          arbitrary: faultAt('outcomes', CALLS.outcomes, ['refused', 'answer lost', 'published late'] as const),
        },
        { weight: 1, arbitrary: outage(3 * PROMISED_OUTAGE_MS, ['outcomes']) },
      ),
      { minLength: 1, maxLength: 4 },
    ),
  },
);
