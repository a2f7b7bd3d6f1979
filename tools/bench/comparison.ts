import { performance } from 'node:perf_hooks';

/** Two implementations of the same work, measured in turn: on a shared machine only their ratio means something. */
export interface Comparison {
  readonly name: string;
  readonly baseline: Contender;
  readonly ours: Contender;
  /** The least that the baseline's cost divided by ours may be, as the median of the rounds. */
  readonly floor: number;
}

/** Prepares the work of one round, unmeasured, and returns it. */
export type Contender = () => Work;

/** Does the work. @returns its cost, such as milliseconds */
export type Work = () => Promise<number>;

export interface Result {
  readonly name: string;
  readonly floor: number;
  /** The baseline's cost divided by ours, a round each. */
  readonly ratios: readonly number[];
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  readonly holds: boolean;
}

/** Work that costs the time that it takes. */
export function timed(work: () => Promise<void>): Work {
  return async () => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
}

/** Runs every comparison once in each round, so that a slow minute of the machine hits all of them alike. */
export async function compare(
  comparisons: readonly Comparison[],
  rounds: number,
  onRound: (round: number) => void = () => undefined,
): Promise<Result[]> {
  const ratios = comparisons.map((): number[] => []);
  // Round 0 only warms up.
  for (let round = 0; round <= rounds; round++) {
    onRound(round);
    for (const [index, comparison] of comparisons.entries()) {
      const ratio = await ratioOf(comparison, round % 2 === 0);
      if (round > 0) ratios[index]!.push(ratio);
    }
  }
  return comparisons.map(({ name, floor }, index) => judge(name, floor, ratios[index]!));
}

async function ratioOf({ baseline, ours }: Comparison, baselineFirst: boolean): Promise<number> {
  if (baselineFirst) {
    const cost = await baseline()();
    return cost / (await ours()());
  }
  const cost = await ours()();
  return (await baseline()()) / cost;
}

function judge(name: string, floor: number, ratios: readonly number[]): Result {
  const median = medianOf(ratios);
  return {
    name,
    floor,
    ratios: ratios.map((ratio) => Math.round(ratio * 1_000) / 1_000),
    median,
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    holds: median >= floor,
  };
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
