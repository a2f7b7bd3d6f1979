import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { CommandError } from '../../src/cli/command-error';

const code = v.object({ filename: v.string(), source_code_hash: v.string() });
const plan = v.object({
  resource_changes: v.optional(
    v.array(
      v.object({
        type: v.string(),
        change: v.object({ actions: v.array(v.string()), after: v.optional(v.unknown()) }),
      }),
    ),
    [],
  ),
});

/**
 * Terraform uploads the zip that is there now, under the hash of the planned one.
 * @param json as `terraform show -json` shows the plan
 * @throws CommandError
 */
export function refuseChangedCode(json: string, stack: string): void {
  const functions = v
    .parse(plan, JSON.parse(json))
    .resource_changes.filter(({ type }) => type === 'aws_lambda_function');
  const uploads = functions.filter(({ change }) =>
    change.actions.some((action) => action !== 'no-op' && action !== 'delete'),
  );
  const zipped = uploads.map(({ change }) => change.after).filter((after) => v.is(code, after));
  const changed = zipped.filter(
    ({ filename, source_code_hash }) => hashOf(resolve(stack, filename)) !== source_code_hash,
  );
  if (changed.length === 0) return;
  const zips = changed.map(({ filename }) => filename).join(' and ');
  throw new CommandError(
    `The code has changed since the plan was made (${zips}): make a new one with "npx projen plan -- -out=FILE".`,
  );
}

function hashOf(zip: string): string | undefined {
  return existsSync(zip) ? createHash('sha256').update(readFileSync(zip)).digest('base64') : undefined;
}
