import { shown } from './escaped-text';
import { InterruptedError } from './terminal';

const EVERY_MS = 2_000;

/** Says on `stream` that a step still runs, when it takes longer than two seconds. */
export async function withProgress<T>(step: string, stream: NodeJS.WritableStream, work: Promise<T>): Promise<T> {
  const seconds = stopwatch(0);
  const stop = everySoOften(EVERY_MS, () => stream.write(String(shown`  ${step} … ${seconds()}\n`)));
  try {
    return await work;
  } finally {
    stop();
  }
}

/** Says on `stream` every two seconds how far the work is. @returns whether Ctrl-C ended it */
export async function untilInterrupted(
  stream: NodeJS.WritableStream,
  progress: () => string,
  work: () => Promise<void>,
): Promise<boolean> {
  const stop = everySoOften(EVERY_MS, () => stream.write(`  ${progress()}\n`));
  try {
    await work();
    return false;
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    return true;
  } finally {
    stop();
  }
}

/** @returns the time since the call, such as `1.5 s` */
export function stopwatch(digits = 1): () => string {
  const began = Date.now();
  return () => `${((Date.now() - began) / 1_000).toFixed(digits)} s`;
}

/** Calls `say` after two seconds, and then again and again. @returns what ends it */
export function everySoOften(everyMs: number, say: () => void): () => void {
  let next = setTimeout(function again() {
    say();
    next = setTimeout(again, everyMs);
  }, EVERY_MS);
  return () => {
    clearTimeout(next);
  };
}

/** Paces the progress of a loop. @returns whether `everyMs` have passed since this call, or since the last true */
export function dueEvery(everyMs = EVERY_MS): () => boolean {
  let next = performance.now() + everyMs;
  return () => {
    const isDue = performance.now() >= next;
    if (isDue) next = performance.now() + everyMs;
    return isDue;
  };
}
