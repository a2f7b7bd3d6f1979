import fc from 'fast-check';
import type { OnFailedPayment } from '../../src/contract';
import type { Core } from './core';
import type { Scenario } from './scenario';
import { scenarios } from './scenarios';
import { SimulatedWorld } from './simulated-world';
import type { Violation, Watch } from './watch';

/** A seed whose run violates something. */
export interface Failure {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly violations: readonly Violation[];
}

export async function simulate(scenario: Scenario, core: Core, isTelling = false): Promise<Watch> {
  return new SimulatedWorld(scenario, core, isTelling).run();
}

/** @param shrink looks for the smallest scenario that still fails; takes as long as some hundred seeds */
export async function trySeed(seed: number, core: Core, onFailedPayment: OnFailedPayment, shrink = false): Promise<Failure | undefined> {
  const holds = fc.asyncProperty(scenarios(onFailedPayment), async (scenario) => (await simulate(scenario, core)).violations.length === 0);
  const { counterexample } = await fc.check(holds, { seed, numRuns: 1, endOnFailure: !shrink });
  if (counterexample === null) return undefined;
  const [scenario] = counterexample;
  return { seed, scenario, violations: (await simulate(scenario, core)).violations };
}
