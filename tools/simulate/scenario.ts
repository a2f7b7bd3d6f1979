import type { FraudDecision, OnFailedPayment } from '../../src/contract';
import type { BLIPS, FraudFault } from './fraud-faults';
import type { ByHand, Operation, Recovery } from './operations';

/** All that decides how a run goes. The same scenario is the same run, to the millisecond. */
export interface Scenario {
  readonly sendings: readonly Sending[];
  /** Execution environments of the function, each with its own idea of the time. */
  readonly clocksAheadMs: readonly number[];
  readonly troubles: readonly Trouble[];
  /** The value at the beginning. */
  readonly onFailedPayment: OnFailedPayment;
  /** Whether the pipeline publishes outcomes. */
  readonly outcomes: boolean;
  /** The pipeline's setting. @default none */
  readonly maxPaymentAgeHours?: number | undefined;
  /** Times at which the pipeline is deployed with the other `onFailedPayment`. */
  readonly switchesAtMs: readonly number[];
  /** The operators' events for the DLQ processor during the run. */
  readonly operations: readonly Operation[];
  /** Operations on dead letters outside the DLQ processor. */
  readonly byHand: readonly ByHand[];
  /** How long the dead-letter queue keeps a message. @default 14 days */
  readonly deadLetterRetentionMs?: number | undefined;
  /** How many of a queue's oldest messages SQS searches for message groups. @default 120,000, which no run has */
  readonly groupWindow?: number | undefined;
  /** How an operator makes held accounts continue, when the troubles are over. */
  readonly recovery: Recovery;
  /** Seed of the random parts: latencies, jitter, the composition of batches. */
  readonly chance: number;
}

/** One message that a client sends. */
export interface Sending {
  readonly account: number;
  /** Since the one before. */
  readonly afterMs: number;
  readonly what:
    /** The fraud API's answer to each call; the last is repeated. */
    | { readonly kind: 'payment'; readonly says: readonly (FraudDecision | 'refuse')[] }
    /** @param costMs to read it once: a large body that was made to be expensive */
    | { readonly kind: 'invalid'; readonly costMs?: number }
    /** An earlier message once more, unchanged. */
    | { readonly kind: 'again'; readonly which: number }
    /** Another payment under the transaction id of an earlier one, of the same account or of this one. */
    | { readonly kind: 'conflict'; readonly which: number; readonly sameAccount: boolean };
}

export type StoreFault = 'throttled' | 'answer lost' | 'answer lost, and called again' | 'written late';

export type TopicFault = 'refused' | 'answer lost' | 'published late';

export type OperatorFault =
  'crash before' | 'crash after' | 'refused' | 'answer lost' | 'answer lost, and called again' | 'written late';

/** The injected faults. `call` counts from 0 over the whole run. */
export type Trouble =
  | { readonly at: 'table'; readonly call: number; readonly fault: StoreFault }
  | { readonly at: 'dead letters'; readonly call: number; readonly fault: 'refused' | 'answer lost' }
  | { readonly at: 'outcomes'; readonly call: number; readonly fault: TopicFault }
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
  /** The same of the DLQ processor's calls, and what a service does to them. */
  | { readonly at: 'dlq processor'; readonly call: number; readonly fault: OperatorFault }
  | Period;

/** Faults that are not bound to one call: for a time from the run's beginning, or for each payment's first calls. */
export type Period = Outage | Slowness | Blip;

export interface Outage {
  readonly at: 'outage';
  readonly of: 'fraud' | 'table' | 'dead letters' | 'outcomes';
  readonly fromMs: number;
  readonly lastsMs: number;
}

/** Services are overloaded: calls take longer, by up to `byMs`, and the fraud API sends `Retry-After` now and then. */
export interface Slowness {
  readonly at: 'slowness';
  readonly fromMs: number;
  readonly lastsMs: number;
  readonly byMs: number;
}

/** The API fails the first calls for every payment, and answers afterwards: a brief error that a whole batch gets at once. */
export interface Blip {
  readonly at: 'blip';
  /** Fewer than a payment has in one receive. */
  readonly calls: number;
  readonly fault: (typeof BLIPS)[number];
}

/** An outage that the pipeline promises to outlast. */
export const PROMISED_OUTAGE_MS = 1_800_000;

/** A blip, and nothing else but receives whose answers were lost. */
export function isBlip({ troubles }: Pick<Scenario, 'troubles'>): boolean {
  return troubles.some(({ at }) => at === 'blip') && troubles.every(({ at }) => at === 'blip' || at === 'receive');
}

/** One outage that the pipeline promises to outlast, and nothing else. */
export function isPromisedOutage({ troubles }: Scenario): boolean {
  return troubles.length === 1 && troubles.every((one) => one.at === 'outage' && one.lastsMs <= PROMISED_OUTAGE_MS);
}
