import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { directoryOfUser, STACK_DIRECTORY, thisProject } from '../deploy/project';
import { terraform } from '../terraform/terraform';
import { mask } from './mask';
import { meaningOf, type Meaning } from './meaning';
import { readPlanFile, UnreadablePlanError } from './plan-file';
import { secretsIn } from './secrets';

/** Where the stack is that the plans are of, and its providers. */
export const STACK = join(thisProject.root, STACK_DIRECTORY);

/** A path as the user means it, who stands elsewhere than a task runs. */
export function fromUser(path: string): string {
  return resolve(directoryOfUser(), path);
}

/** A plan that Terraform saved, as its two ways to show it say. */
export interface SavedPlan {
  readonly meaning: Meaning;
  /** For people; nothing in it that should stay in the account. */
  readonly text: string;
}

/** @throws UnreadablePlanError, TerraformMissingError */
export async function readSavedPlan(file: string): Promise<SavedPlan> {
  const plan = readPlanFile(await show(file, '-json'));
  return { meaning: meaningOf(plan), text: mask(await show(file, '-no-color'), secretsIn(plan)).trim() };
}

/** @param file a saved plan, or what `terraform show -json` printed of one */
export async function readMeaning(file: string): Promise<Meaning> {
  const json = file.endsWith('.json') ? readFileSync(existing(file), 'utf8') : await show(file, '-json');
  return meaningOf(readPlanFile(json));
}

async function show(file: string, form: '-json' | '-no-color'): Promise<string> {
  const { code, stdout, stderr } = await terraform(['show', form, existing(file)], { directory: STACK });
  if (code === 0) return stdout;
  throw new UnreadablePlanError(`Terraform cannot show ${file}: ${stderr.trim()}\nMake a new one with "npx projen plan -- -out=FILE".`);
}

function existing(file: string): string {
  const path = fromUser(file);
  if (!existsSync(path)) throw new UnreadablePlanError(`There is no plan ${file}: make one with "npx projen plan -- -out=${file}".`);
  return path;
}
