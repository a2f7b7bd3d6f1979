import { performance } from 'node:perf_hooks';

/** Two implementations of the same work, timed in turn: on a shared machine only their ratio means something. */
export interface Comparison {
  readonly name: string;
  /** Prepares the work of one round, untimed, and returns it. */
  readonly baseline: () => Work;
  readonly ours: () => Work;
  /** The least that the baseline's time divided by ours may be, as the median of the rounds. */
  readonly floor: number;
}

export type Work = () => Promise<void>;

export interface Result {
  readonly name: string;
  readonly floor: number;
  /** The baseline's time divided by ours, a round each. */
  readonly ratios: readonly number[];
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  readonly holds: boolean;
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
    const time = await timeOf(baseline());
    return time / (await timeOf(ours()));
  }
  const time = await timeOf(ours());
  return (await timeOf(baseline())) / time;
}

async function timeOf(work: Work): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function judge(name: string, floor: number, ratios: readonly number[]): Result {
  const median = medianOf(ratios);
  return {
    name,
    floor,
    ratios,
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
