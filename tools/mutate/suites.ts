import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { addEventHandler } from 'jest-circus';

/** `tools/mutate/main.ts` sets it: a folder below `test`, and suites that are left out. */
declare const PURE_SUITES: { readonly folder: string; readonly leftOut: readonly string[] };

const { folder, leftOut } = PURE_SUITES;
const directory = join(__dirname, '../../test', folder);

/** One failed test kills the mutant, so the other tests are skipped. */
let hasFailed = false;
addEventHandler((event) => {
  if (event.name === 'test_done' && event.test.errors.length > 0) hasFailed = true;
  if (event.name === 'test_start' && hasFailed) event.test.mode = 'skip';
});

/** All suites of a part as one: jest loads the code once for each mutant instead of once for each test file. */
for (const file of readdirSync(directory).sort()) {
  if (!file.endsWith('.test.ts') || leftOut.some((name) => file.startsWith(name))) continue;
  describe(file, () => {
    jest.requireActual(join(directory, file));
  });
}
