import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { readStack, STACK_FILE } from '../terraform/stack-file';

/** A saved plan is without something that has to travel with it. */
export class IncompletePlanError extends Error {
  override readonly name = 'IncompletePlanError';
}

const withArchives = v.object({
  data: v.optional(
    v.object({ archive_file: v.optional(v.record(v.string(), v.object({ output_path: v.string() })), {}) }),
    {},
  ),
});

/**
 * A plan holds the configuration, but neither the zips that were made with it, nor which providers made it.
 * @throws IncompletePlanError
 */
export function refuseIncompletePlan(planFile: string, stack: string): void {
  if (!existsSync(planFile))
    throw new IncompletePlanError(`There is no plan ${planFile}: make one with "npx projen plan -- -out=FILE".`);
  const missing = neededBesides(stack).filter((file) => !existsSync(join(stack, file)));
  if (missing.length === 0) return;
  throw new IncompletePlanError(
    `The plan cannot be applied without ${missing.join(', ')}: bring the whole directory ${stack} from where the plan was made, hidden files too.`,
  );
}

/** @throws IncompletePlanError */
export function refuseMissingStack(stack: string): void {
  if (!existsSync(join(stack, STACK_FILE)))
    throw new IncompletePlanError(
      `There is no stack in ${stack}: run "npx projen synth", or bring it from where that was done.`,
    );
}

function neededBesides(stack: string): string[] {
  if (!existsSync(join(stack, STACK_FILE))) return [STACK_FILE];
  const archives = Object.values(v.parse(withArchives, readStack(stack)).data.archive_file);
  return ['.terraform.lock.hcl', ...archives.map(({ output_path }) => output_path)];
}
