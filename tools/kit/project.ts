import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { STACK } from '../../src/app/settings';
import { runProgram } from './processes';
import { CommandError } from '../../src/cli/command-error';

const ROOT = join(__dirname, '../..');

/** The state's directory, not the shell's: another directory would have another state. */
export const STACK_DIRECTORY = join('cdktf.out', 'stacks', STACK);

/** A task runs in the project's root, wherever it was called. */
export function directoryOfUser(): string {
  return process.env.INIT_CWD ?? process.cwd();
}

/** The checkout whose stack is deployed. */
export interface Project {
  readonly root: string;
  /** Whether all handlers have been bundled before. */
  readonly isBundled: () => boolean;
  /** @throws CommandError */
  readonly bundle: (progress?: NodeJS.WritableStream) => Promise<void>;
  /**
   * @param environment beside this process's
   * @throws CommandError
   */
  readonly synthesize: (profile: string, environment: Record<string, string>) => Promise<void>;
}

export const thisProject: Project = {
  root: ROOT,
  isBundled: () =>
    ['payment-processor', 'dlq-processor'].every((handler) => existsSync(join(ROOT, 'assets', handler, 'index.mjs'))),
  bundle: (progress) => step(['tools/bundle/main.ts'], {}, progress),
  synthesize: (profile, environment) => step(['src/app/main.ts', '--profile', profile], environment),
};

async function step(
  args: readonly string[],
  environment: Record<string, string>,
  echo?: NodeJS.WritableStream,
): Promise<void> {
  const tsx = join(ROOT, 'node_modules', '.bin', 'tsx');
  const { code, stderr } = await runProgram(tsx, args, { directory: ROOT, environment, echo });
  if (code !== 0) throw new CommandError(stderr.trim());
}
