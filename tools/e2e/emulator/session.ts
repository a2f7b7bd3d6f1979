import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OLDEST_TERRAFORM } from '../../../src/app/settings';
import { type Terminal } from '../../../src/cli/terminal';
import type { Run } from '../run';
import { Processes } from '../../kit/processes';
import { takeSteps } from '../../kit/steps';
import { requireTerraform } from '../../terraform/terraform-version';

const KEPT = join(__dirname, '../../../.e2e');

/**
 * Takes the steps of a run on the emulator. However the run ends, no emulator, Terraform, function or directory of it
 * is left.
 * @param command names the directory of its logs, so that both can run at the same time
 * @returns the exit code
 */
export async function onTheEmulator(
  command: 'e2e' | 'rehearse',
  { stdout, stderr }: Terminal,
  work: (run: Run) => Promise<void>,
): Promise<number> {
  await requireTerraform(OLDEST_TERRAFORM, 'for this stack');
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const processes = new Processes();
  const temporary = temporaryDirectory();
  cleanUpAtTheEnd(processes, temporary);
  const logs = join(KEPT, 'logs', command);
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true });
  try {
    return await takeSteps(stdout, (steps) =>
      work({ steps, processes, venv: join(KEPT, 'venv'), logs, temporary, stderr }),
    );
  } finally {
    processes.endAll();
  }
}

/** All that the run makes for itself, the temporary directories of others included. */
function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'payment-pipeline-e2e-'));
  process.env.TMPDIR = directory;
  return directory;
}

function cleanUpAtTheEnd(processes: Processes, temporary: string): void {
  process.once('exit', () => {
    processes.endAll();
    rmSync(temporary, { recursive: true, force: true });
  });
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.once(signal, () => {
      process.stderr.write('Interrupted: all that was started is ended, and what the emulator had is gone with it.\n');
      process.exit(128 + number);
    });
  }
}
