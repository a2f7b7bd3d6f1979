import fc from 'fast-check';
import type { OnFailedPayment } from '../../src/contract';
import type { Core } from './core';
import type { Scenario } from './scenario';
import { scenarios } from './scenarios';
import { SimulatedWorld } from './simulated-world';
import type { Violation, RunLog } from './run-log';

/** A seed whose run violates something. */
export interface Failure {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly violations: readonly Violation[];
}

export async function simulate(scenario: Scenario, core: Core, keepsEvents = false): Promise<RunLog> {
  return new SimulatedWorld(scenario, core, keepsEvents).run();
}

/** Runs that shrink one seed. They take some ten seconds, and are enough to shrink most seeds completely. */
export const SHRINK_RUNS = 1_000;

/**
 * @param shrinkRunsmost runs in which it searches for a smaller scenario that still fails. A number, not a time, so that the same seed
 *   always shrinks to the same scenario
 */
export async function trySeed(
  seed: number,
  core: Core,
  onFailedPayment: OnFailedPayment,
  shrinkRuns = 0,
): Promise<Failure | undefined> {
  let runsLeft = 1 + shrinkRuns;
  const holds = fc.asyncProperty(scenarios(onFailedPayment), async (scenario) => {
    if (runsLeft === 0) return true; // a scenario that was not run does not count as smaller
    runsLeft--;
    return (await simulate(scenario, core)).violations.length === 0;
  });
  const { counterexample } = await fc.check(holds, { seed, numRuns: 1, endOnFailure: shrinkRuns === 0 });
  if (counterexample === null) return undefined;
  const [scenario] = counterexample;
  return { seed, scenario, violations: (await simulate(scenario, core)).violations };
}
