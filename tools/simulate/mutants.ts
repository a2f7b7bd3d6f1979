import { DLQ_MUTANTS } from './dlq-mutants';
import { HOLD_MUTANTS } from './hold-mutants';
import { type Mutant, PROCESSOR_MUTANTS } from './processor-mutants';

/** In the order of the table in docs/guarantees.md. */
export const MUTANTS: Readonly<Record<string, Mutant>> = { ...PROCESSOR_MUTANTS, ...HOLD_MUTANTS, ...DLQ_MUTANTS };
