import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { readStack, STACK_FILE } from '../terraform/stack-file';
import { CommandError } from '../../src/cli/command-error';

/** Terraform's list of the providers' versions and hashes. */
export const LOCK_FILE = '.terraform.lock.hcl';

const withArchives = v.object({
  data: v.optional(
    v.object({ archive_file: v.optional(v.record(v.string(), v.object({ output_path: v.string() })), {}) }),
    {},
  ),
});

/**
 * A plan holds the configuration, but neither the zips that were made with it, nor which providers made it.
 * @throws CommandError
 */
export function refuseIncompletePlan(planFile: string, stack: string): void {
  if (!existsSync(planFile))
    throw new CommandError(`There is no plan ${planFile}: make one with "npx projen plan -- -out=FILE".`);
  const missing = filesNeededWithPlan(stack).filter((file) => !existsSync(join(stack, file)));
  if (missing.length === 0) return;
  throw new CommandError(
    `The plan cannot be applied without ${missing.join(', ')}: bring the whole directory ${stack} from where the plan was made, hidden files too.`,
  );
}

/** @throws CommandError */
export function refuseMissingStack(stack: string): void {
  if (!existsSync(join(stack, STACK_FILE)))
    throw new CommandError(
      `There is no stack in ${stack}: run "npx projen synth", or bring it from where that was done.`,
    );
}

function filesNeededWithPlan(stack: string): string[] {
  if (!existsSync(join(stack, STACK_FILE))) return [STACK_FILE];
  const archives = Object.values(v.parse(withArchives, readStack(stack)).data.archive_file);
  return [LOCK_FILE, ...archives.map(({ output_path }) => output_path)];
}
