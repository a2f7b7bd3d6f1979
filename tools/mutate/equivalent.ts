/** A mutant that no test can tell from the code, or that no test has to, and why. */
export interface EquivalentMutant {
  readonly file: string;
  /** The code that is replaced, as the run prints it, and by what. */
  readonly original: string;
  readonly replacement: string;
  readonly reason: string;
}

/** They don't count as survivors. */
export const EQUIVALENT: readonly EquivalentMutant[] = [
];
