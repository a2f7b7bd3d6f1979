import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { VariableSources } from '../../src/app/given-values';
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
   * @param variables for the stack of an AWS account, beside the project's files and `TF_VAR_*`; without them all have their defaults
   * @throws CommandError
   */
  readonly synthesize: (
    profile: string,
    environment: Record<string, string>,
    variables?: VariableSources,
  ) => Promise<void>;
}

export const thisProject: Project = {
  root: ROOT,
  isBundled: () =>
    ['payment-processor', 'dlq-processor'].every((handler) => existsSync(join(ROOT, 'assets', handler, 'index.mjs'))),
  bundle: (progress) => step(['tools/bundle/main.ts'], {}, progress),
  synthesize: (profile, environment, variables) =>
    step(['src/app/main.ts', '--profile', profile, ...optionsFor(variables)], environment),
};

function optionsFor(sources: VariableSources | undefined): string[] {
  if (sources === undefined) return ['--defaults'];
  const { variables, variableFiles } = sources;
  return [...variables.map((one) => `--var=${one}`), ...variableFiles.map((file) => `--var-file=${file}`)];
}

async function step(
  args: readonly string[],
  environment: Record<string, string>,
  echo?: NodeJS.WritableStream,
): Promise<void> {
  const tsx = join(ROOT, 'node_modules', '.bin', 'tsx');
  const { code, stderr } = await runProgram(tsx, args, { directory: ROOT, environment, echo });
  if (code !== 0) throw new CommandError(stderr.trim());
}
