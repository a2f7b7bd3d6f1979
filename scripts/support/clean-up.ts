import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Processes } from '../../test/e2e/support/processes';

/** All that the run makes for itself, the temporary directories of others included. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'payment-pipeline-e2e-'));
  process.env.TMPDIR = directory;
  return directory;
}

/** However it ends: no emulator, Terraform or function outlives the test, and no directory either. */
export function cleanUpAtTheEnd(processes: Processes, temporary: string): void {
  process.once('exit', () => {
    processes.endAll();
    rmSync(temporary, { recursive: true, force: true });
  });
  for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15], ['SIGHUP', 1]] as const) {
    process.once(signal, () => {
      process.stderr.write('Interrupted: all that was started is ended, and what the emulator had is gone with it.\n');
      process.exit(128 + number);
    });
  }
}
