import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Set by scripts/mutate.ts: folders below `test`, and what of them is left out. */
declare const PURE_SUITES: { readonly folder: string; readonly leftOut: readonly string[] };

const { folder, leftOut } = PURE_SUITES;
const directory = join(__dirname, '..', folder);

/** All suites of a part as one: jest loads the code once for a mutant, not once for each file of tests. */
for (const file of readdirSync(directory).sort()) {
  if (!file.endsWith('.test.ts') || leftOut.some((name) => file.startsWith(name))) continue;
  describe(file, () => { jest.requireActual(join(directory, file)); });
}
