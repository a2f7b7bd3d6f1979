import fc from 'fast-check';
import { RESOLUTIONS } from '../../src/contract';
import { type ByHand, LATEST_OPERATION_MS, type Operation, RECOVERIES } from './operations';
import { SECOND, upTo } from './trouble-generators';

export const ACCOUNTS = 3;
export const MOST_SENDINGS = 14;

/** Longer than SQS remembers a deduplication id, as in production. Otherwise a repeated copy would be in no queue. */
const SHORTEST_RETENTION_MS = 360 * SECOND;

/** Generates a value in one run of four. */
export const sometimes = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** Soon after the first failures, or at any time. */
const someTime = fc.oneof(upTo(120 * SECOND), upTo(LATEST_OPERATION_MS));
const which = fc.array(upTo(MOST_SENDINGS), { minLength: 1, maxLength: 3 });

const operation: fc.Arbitrary<Operation> = fc.record({
  atMs: someTime,
  operator: fc.constantFrom(1 as const, 2 as const),
  action: fc.constantFrom('redrive', 'redrive', 'redrive', 'discard', 'discard', 'resolve', 'resolve', 'analyze'),
  decision: fc.constantFrom(...RESOLUTIONS),
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

/** Two operators at the same time. */
export const meeting: fc.Arbitrary<Operation[]> = fc
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

/** Operations, console actions and deployments during a run, and the settings of its queues. */
export const operated = {
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

/** No operator and no deployment. */
export const alone = {
  operations: fc.constant([]),
  byHand: fc.constant([]),
  switchesAtMs: fc.constant([]),
  recovery: fc.constantFrom(...RECOVERIES),
};
