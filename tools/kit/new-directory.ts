import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const directories = new Set<string>();

// Also run by programs that share code with the tests.
if (typeof afterAll === 'function') afterAll(removeAll);
else process.once('exit', removeAll);

/** A directory of the test file's own, gone when all of its tests have run. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'payment-pipeline-test-'));
  directories.add(directory);
  return directory;
}

function removeAll(): void {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
}
