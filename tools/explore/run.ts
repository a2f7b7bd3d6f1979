import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { EXIT } from '../../src/cli/command-error';
import type { Terminal } from '../../src/cli/terminal';
import type { Cores } from '../simulate/core';
import { type Exploration, replay } from './explore';
import { HEADER, lineOf } from './report';
import type { Scenario } from './scenario';
import { exploreInProcess } from './worker';

/** Explores the scenarios in processes beside each other. Writes a line for each in their order, as soon as it is known. */
export async function exploreAll(
  scenarios: readonly Scenario[],
  { stdout, stderr }: Terminal,
  signal: AbortSignal,
): Promise<Exploration[]> {
  const limit = pLimit(availableParallelism());
  stdout.write(`${HEADER}\n`);
  const all = scenarios.map(({ name, faults }) =>
    limit(() =>
      signal.aborted
        ? undefined
        : exploreInProcess({ scenario: name, faults }, (states) => stderr.write(`  ${name}: ${states} states\n`)),
    ),
  );
  const settled = Promise.allSettled(all); // an error is thrown when its turn comes
  const explorations: Exploration[] = [];
  for (const one of all) {
    const exploration = await one;
    if (exploration === undefined) continue;
    stdout.write(`${lineOf(exploration)}\n`);
    explorations.push(exploration);
  }
  await settled;
  return explorations;
}

/** Makes the moves, and writes what happens. @returns the exit code */
export async function tellAgain(
  scenario: Scenario,
  choices: readonly number[],
  cores: Cores,
  { stdout }: Terminal,
): Promise<number> {
  const { steps, violations } = await replay(scenario, cores, choices);
  const conclusion =
    violations.length === 0
      ? 'Nothing is violated.'
      : violations.map(({ invariant, what }) => `Violated: ${invariant}: ${what}.`).join('\n');
  stdout.write(`${[...steps, conclusion].join('\n')}\n`);
  return violations.length === 0 ? EXIT.success : EXIT.failed;
}
