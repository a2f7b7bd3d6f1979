import * as v from 'valibot';
import { CommandError } from '../../src/cli/command-error';

const resource = v.object({ type: v.string(), address: v.string(), values: v.record(v.string(), v.unknown()) });
const state = v.object({
  values: v.optional(v.object({ root_module: v.object({ resources: v.optional(v.array(resource), []) }) })),
});
const plan = v.object({
  resource_changes: v.optional(
    v.array(
      v.object({
        type: v.string(),
        address: v.string(),
        change: v.object({ actions: v.array(v.string()), before: v.optional(v.unknown()) }),
      }),
    ),
    [],
  ),
});

/** Why each resource type is kept on a destroy; undefined when it is not. */
const KEPT: Readonly<Record<string, (values: Readonly<Record<string, unknown>>) => string | undefined>> = {
  aws_dynamodb_table: ({ deletion_protection_enabled }) =>
    deletion_protection_enabled === true ? 'is protected from deletion' : undefined,
  aws_s3_bucket: ({ force_destroy }) =>
    force_destroy === false ? 'is kept as long as there is anything in it' : undefined,
};

/**
 * Before everything that the state has is destroyed.
 * @param json as `terraform show -json` shows the state
 * @throws CommandError
 */
export function refuseProtectedState(json: string): void {
  refuseKept(v.parse(state, JSON.parse(json)).values?.root_module.resources ?? []);
}

/**
 * @param json as `terraform show -json` shows a saved plan
 * @throws CommandError
 */
export function refuseProtectedPlan(json: string): void {
  const deleted = v
    .parse(plan, JSON.parse(json))
    .resource_changes.filter(({ change }) => change.actions.includes('delete'));
  refuseKept(
    deleted
      .map(({ type, address, change }) => ({ type, address, values: change.before }))
      .filter((one) => v.is(resource, one)),
  );
}

function refuseKept(resources: readonly v.InferOutput<typeof resource>[]): void {
  const kept = resources.flatMap(({ type, address, values }) => {
    const why = KEPT[type]?.(values);
    return why === undefined ? [] : [`${address} ${why}`];
  });
  if (kept.length === 0) return;
  throw new CommandError(
    `Nothing was destroyed: ${kept.join(', and ')}. ` +
      'When all of it may really go, switch that off with "npx projen deploy -- --profile dev", with the same variables, and destroy then.',
  );
}
