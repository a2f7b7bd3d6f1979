import { IN_FLIGHT_LIMIT } from '../../src/contract';
import { type Core, patch } from './core';
import { runLoad } from './load';

/** Execution environments at the default `maxConcurrency`. */
export const ENVIRONMENTS = 50;
const PAYMENTS_PER_SECOND = 1_000;
const LATENCY_MS = 50;

/** Returns a batch at once while the circuit is open, as before the wait was built. */
export const WITHOUT_WAIT = patch('core/batch.ts', 'await this.waitForCircuit();', 'await Promise.resolve();');

/** What an outage costs one environment; times in seconds from the end of the outage, which is also the end of the sending. */
export interface OutageCost {
  readonly mostInFlight: number;
  /** Receives until the outage ended. */
  readonly receives: number;
  /** Calls of the fraud API until the outage ended. */
  readonly calls: number;
  readonly deadLetters: number;
  readonly firstDecidedAfter: number;
  readonly lastDecidedAfter: number;
}

/**
 * Runs one environment of the payment processor through an outage of the fraud API, until the queue is empty. 1,000 payments a second of distinct
 * accounts come to the pipeline.
 */
export async function runOutage(core: Core, outageSeconds: number): Promise<OutageCost> {
  const { firstDecidedAt, lastDecidedAt, ...cost } = await runLoad(core, {
    paymentsPerSecond: PAYMENTS_PER_SECOND / ENVIRONMENTS,
    seconds: outageSeconds,
    outageSeconds,
    latencyMs: LATENCY_MS,
    inFlightLimit: IN_FLIGHT_LIMIT / ENVIRONMENTS,
  });
  return {
    ...cost,
    firstDecidedAfter: firstDecidedAt - outageSeconds,
    lastDecidedAfter: lastDecidedAt - outageSeconds,
  };
}
