import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endOf, MissingProgramError, type Processes } from '../../kit/processes';
import type { Say } from '../../kit/steps';

const REQUIREMENTS = join(__dirname, 'requirements.txt');
/** Hash of the environment's requirements. It is written last, so that an incomplete environment is made again. */
const MARK = 'requirements.sha256';

export interface PythonEnvironment {
  readonly directory: string;
  readonly log: string;
  readonly processes: Processes;
  readonly say: Say;
}

/** @returns the environment's Python, with the emulator and the AWS CLI installed: made again when the requirements have changed */
export async function preparePython({ directory, log, processes, say }: PythonEnvironment): Promise<string> {
  const python = pythonOf(directory);
  const hash = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex');
  if (existsSync(python) && (await markOf(directory)) === hash) {
    say('the environment of the last run is used again');
    return python;
  }
  say('a Python environment is made; its packages are downloaded once, and checked by their hashes');
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const run = async (binary: string, args: readonly string[], otherwise: string) => {
    const { code } = await processes.run(binary, args, { directory, log }).catch((error: unknown) => {
      throw error instanceof MissingProgramError ? new Error(`${error.message} ${otherwise}`) : error;
    });
    if (code !== 0) throw new Error(`${await endOf(log)}\n${otherwise}`);
  };
  await run(
    'python3',
    ['-m', 'venv', directory],
    'There is no Python environment: install Python 3.10 or newer, with its venv.',
  );
  const install = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--require-hashes',
    '-r',
    REQUIREMENTS,
  ];
  await run(
    python,
    install,
    'The emulator is not installed: look after the network, or set PIP_INDEX_URL to an index that can be reached.',
  );
  await writeFile(join(directory, MARK), hash);
  return python;
}

/** @param directory of the environment */
export function pythonOf(directory: string): string {
  return join(directory, 'bin', 'python');
}

async function markOf(directory: string): Promise<string> {
  return readFile(join(directory, MARK), 'utf8').catch(() => '');
}
