import { dueEvery } from '../../src/cli/progress';
import type { OnFailedPayment } from '../../src/contract';
import type { Core } from './core';
import { SHRINK_RUNS, trySeed } from './seeds';
import { storyOf } from './story';
import type { Violation } from './run-log';

/** Stories that are printed; more of them would hide the first. */
const MOST_STORIES = 3;

export interface SeedsRun {
  readonly core: Core;
  readonly onFailedPayment: OnFailedPayment;
  readonly from: number;
  readonly seeds: number;
  /** Takes the stories. */
  readonly stdout: NodeJS.WritableStream;
  /** Takes the progress. */
  readonly stderr: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

/** The report of `--json`. */
export interface SeedsReport {
  readonly from: number;
  /** How many were run. */
  readonly seeds: number;
  readonly violated: readonly { readonly seed: number; readonly violations: readonly Violation[] }[];
  readonly duration_ms: number;
  readonly seeds_per_second: number;
  /** Ended by the user before the last seed. */
  readonly interrupted: boolean;
}

/** Runs one seed after the other, and tells the story of those that fail. */
export async function runSeeds({
  core,
  onFailedPayment,
  from,
  seeds,
  stdout,
  stderr,
  signal,
}: SeedsRun): Promise<SeedsReport> {
  const began = performance.now();
  const violated: SeedsReport['violated'][number][] = [];
  const seconds = () => (performance.now() - began) / 1_000;
  let done = 0;
  const isDue = dueEvery();
  while (done < seeds && !signal.aborted) {
    const failure = await trySeed(from + done, core, onFailedPayment, violated.length < MOST_STORIES ? SHRINK_RUNS : 0);
    done++;
    if (failure !== undefined) {
      if (violated.length < MOST_STORIES) stdout.write(await storyOf(failure, core));
      violated.push({ seed: failure.seed, violations: failure.violations });
    }
    if (isDue()) {
      stderr.write(
        `  ${done} of ${seeds} seeds, ${(done / seconds()).toFixed(0)} a second, ${violated.length} violated something\n`,
      );
    }
  }
  return {
    from,
    seeds: done,
    violated,
    duration_ms: Math.round(seconds() * 1_000),
    seeds_per_second: Math.round(done / seconds()),
    interrupted: done < seeds,
  };
}
