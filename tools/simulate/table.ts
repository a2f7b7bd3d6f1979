import { MUTANTS } from './mutants';
import type { Mutant } from './processor-mutants';
import { loadCore } from './core';
import { type Failure, trySeed } from './seeds';

/** Within so many seeds every mutant has to be caught. */
export const SEEDS_FOR_A_MUTANT = 2_000;

export const HEAD = ['| mutant | caught by | at seed |', '| --- | --- | --- |'];

/** The bug's row in docs/guarantees.md. */
export function rowOf(name: string, failure: Failure | undefined): string {
  return `| ${name} | ${failure?.violations[0]?.invariant ?? 'nothing'} | ${failure?.seed ?? 'none'} |`;
}

/** The first seed that shows the bug. */
export async function catchMutant({ patches, onFailedPayment = 'continue' }: Mutant): Promise<Failure | undefined> {
  const core = await loadCore(patches);
  for (let seed = 1; seed <= SEEDS_FOR_A_MUTANT; seed++) {
    const failure = await trySeed(seed, core, onFailedPayment);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** All rows, in the order of the bugs. */
export async function table(): Promise<string[]> {
  const rows: string[] = [];
  for (const [name, bug] of Object.entries(MUTANTS)) rows.push(rowOf(name, await catchMutant(bug)));
  return [...HEAD, ...rows];
}
