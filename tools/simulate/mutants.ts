import { loadCore } from './core';
import { DLQ_MUTANTS } from './dlq-mutants';
import { FRAUD_API_MUTANTS } from './fraud-api-mutants';
import { HOLD_MUTANTS } from './hold-mutants';
import { OUTCOME_MUTANTS } from './outcome-mutants';
import { type Mutant, PROCESSOR_MUTANTS } from './processor-mutants';
import { type Failure, trySeed } from './seeds';

/** All mutants, in the order of the table in docs/explanation/guarantees.md. */
export const MUTANTS: Readonly<Record<string, Mutant>> = {
  ...PROCESSOR_MUTANTS,
  ...FRAUD_API_MUTANTS,
  ...HOLD_MUTANTS,
  ...DLQ_MUTANTS,
  ...OUTCOME_MUTANTS,
};

/** Seeds within which every mutant has to be caught. */
export const SEEDS_FOR_A_MUTANT = 2_000;

export const HEAD = ['| mutant | caught by | at seed |', '| --- | --- | --- |'];

/** The mutant's row in docs/explanation/guarantees.md. */
export function rowOf(name: string, failure: Failure | undefined): string {
  return `| ${name} | ${failure?.violations[0]?.invariant ?? 'nothing'} | ${failure?.seed ?? 'none'} |`;
}

/** The first seed that catches the mutant. */
export async function catchMutant({ patches, onFailedPayment = 'continue' }: Mutant): Promise<Failure | undefined> {
  const core = await loadCore(patches);
  for (let seed = 1; seed <= SEEDS_FOR_A_MUTANT; seed++) {
    const failure = await trySeed(seed, core, onFailedPayment);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** All rows, in the order of the mutants. */
export async function table(): Promise<string[]> {
  const rows: string[] = [];
  for (const [name, mutant] of Object.entries(MUTANTS)) rows.push(rowOf(name, await catchMutant(mutant)));
  return [...HEAD, ...rows];
}
