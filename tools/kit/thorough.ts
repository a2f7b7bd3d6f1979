/** Whether `THOROUGH_TESTS` asks for all cases, as `.ci/run` does. `npx projen test` is what a person waits for. */
export const THOROUGH = process.env.THOROUGH_TESTS === 'true';

/** A test that takes seconds of CPU time and repeats at full size what others show in small: `.ci/run` runs it. */
export const thoroughTest = THOROUGH ? test : test.skip;
export const thoroughConcurrentTest = THOROUGH ? test.concurrent : test.skip;

/** @returns how many times a property is tried: a fifth of `all`, unless everything is tested */
export function runs(all: number): number {
  return THOROUGH ? all : Math.ceil(all / 5);
}
