import type { EquivalentMutant } from './equivalent';

export type Status =
  'Killed' | 'Survived' | 'NoCoverage' | 'Timeout' | 'CompileError' | 'RuntimeError' | 'Ignored' | 'Pending';

/** The result for a mutant. */
export interface MutantResult {
  readonly file: string;
  readonly line: number;
  /** The code that was replaced, and by what. */
  readonly original: string;
  readonly replacement: string;
  readonly status: Status;
}

export interface Judgement {
  readonly mutants: number;
  readonly killed: number;
  /** Killed mutants that didn't end. Many of them show a machine that is too busy to judge. */
  readonly timedOut: number;
  /** Survivors that the list of equivalent mutants has. */
  readonly equivalent: number;
  /** Survivors that no reason is given for. */
  readonly survivors: readonly MutantResult[];
  /** Killed in a hundred that are not equivalent. */
  readonly score: number;
}

/** Mutants that can't run are not counted. */
export function judge(results: readonly MutantResult[], listed: readonly EquivalentMutant[]): Judgement {
  const timedOut = results.filter(({ status }) => status === 'Timeout').length;
  const killed = timedOut + results.filter(({ status }) => status === 'Killed').length;
  const alive = results.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  const survivors = alive.filter((mutant) => !listed.some((entry) => describes(entry, mutant)));
  const judged = killed + survivors.length;
  return {
    mutants: killed + alive.length,
    killed,
    timedOut,
    equivalent: alive.length - survivors.length,
    survivors,
    score: judged === 0 ? 100 : (100 * killed) / judged,
  };
}

/** Entries for mutants that the tests kill, or that don't exist any more. Only a run of whole parts tells. */
export function outdated(results: readonly MutantResult[], listed: readonly EquivalentMutant[]): EquivalentMutant[] {
  const alive = results.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  return listed.filter((entry) => !alive.some((mutant) => describes(entry, mutant)));
}

function describes(entry: EquivalentMutant, { file, original, replacement }: MutantResult): boolean {
  return entry.file === file && entry.original === original && entry.replacement === replacement;
}
