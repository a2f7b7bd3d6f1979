import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { directoryOfUser, STACK_DIRECTORY, thisProject } from '../kit/project';
import { terraform } from '../terraform/terraform';
import { CommandError } from '../../src/cli/command-error';

/** The directory of the stack that the plans are for, and of its providers. */
export const STACK = join(thisProject.root, STACK_DIRECTORY);

const record = v.record(v.string(), v.unknown());

const change = v.object({
  actions: v.array(v.string()),
  before: v.optional(v.unknown()),
  after: v.optional(v.unknown()),
  after_unknown: v.optional(v.unknown()),
  before_sensitive: v.optional(v.unknown()),
  after_sensitive: v.optional(v.unknown()),
  replace_paths: v.optional(v.array(v.unknown()), []),
  importing: v.optional(v.unknown()),
});

const resourceChange = v.object({
  address: v.string(),
  previous_address: v.optional(v.string()),
  deposed: v.optional(v.string()),
  mode: v.string(),
  type: v.string(),
  change,
});

const block = v.object({
  address: v.string(),
  provider_config_key: v.optional(v.string()),
  expressions: v.optional(record, {}),
  provisioners: v.optional(v.unknown()),
});

const schema = v.object({
  format_version: v.pipe(v.string(), v.startsWith('1.')),
  errored: v.optional(v.boolean(), false),
  variables: v.optional(v.record(v.string(), v.object({ value: v.optional(v.unknown()) })), {}),
  resource_changes: v.optional(v.array(resourceChange), []),
  output_changes: v.optional(v.record(v.string(), change), {}),
  configuration: v.object({
    provider_config: v.optional(record, {}),
    root_module: v.object({
      resources: v.optional(v.array(block), []),
      outputs: v.optional(v.record(v.string(), v.object({ expression: v.optional(v.unknown()) })), {}),
      variables: v.optional(v.record(v.string(), v.object({ sensitive: v.optional(v.boolean(), false) })), {}),
    }),
  }),
});

export type PlanFile = v.InferOutput<typeof schema>;
export type Change = v.InferOutput<typeof change>;
export type ResourceChange = v.InferOutput<typeof resourceChange>;

/** Terraform saves also a plan that failed half way. */
export class ErroredPlanError extends CommandError {}

/** Resolves a path against the user's directory: a task runs in the project's. */
export function fromUser(path: string): string {
  return resolve(directoryOfUser(), path);
}

/**
 * Parses a plan.
 * @param json the output of `terraform show -json PLAN`
 * @throws CommandError
 */
export function readPlanFile(json: string): PlanFile {
  const { success, output, issues } = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), json);
  if (!success) {
    const [{ message }] = issues;
    throw new CommandError(
      `This is no plan as "terraform show -json" of Terraform 1 shows it (${v.getDotPath(issues[0]) ?? 'text'}: ${message}): make a new one.`,
    );
  }
  if (output.errored)
    throw new ErroredPlanError(
      'The plan failed half way, and shows only part of the changes: fix the cause, and plan again.',
    );
  return output;
}

/** Prints a saved plan, for programs or for people. @throws CommandError, TerraformMissingError */
export async function showPlan(file: string, form: '-json' | '-no-color'): Promise<string> {
  const { code, stdout, stderr } = await terraform(['show', form, existing(file)], { directory: STACK });
  if (code === 0) return stdout;
  throw new CommandError(
    `Terraform cannot show ${file}: ${stderr.trim()}\nMake a new one with "npx projen plan -- -out=FILE".`,
  );
}

/** @returns the path of a file that exists. @throws CommandError */
function existing(file: string): string {
  const path = fromUser(file);
  if (!existsSync(path))
    throw new CommandError(`There is no plan ${file}: make one with "npx projen plan -- -out=${file}".`);
  return path;
}
