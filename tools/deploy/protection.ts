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
 * With another region Terraform would find nothing of what the state has, forget it, and make it all again there.
 * @param json as `terraform show -json` shows the state
 * @throws CommandError
 */
export function refuseOtherRegion(json: string, region: string): void {
  const recorded = resourcesOf(json).find(({ type }) => type === 'aws_region')?.values.name;
  if (typeof recorded !== 'string' || recorded === region) return;
  throw new CommandError(
    `Nothing was changed: the state has resources of ${recorded}, but the variable region is "${region}". ` +
      `Set region = "${recorded}", or take another state for another pipeline.`,
  );
}

/** What the payment processor has reserved of the AWS account's concurrency. @param json as `terraform show -json` shows the state */
export function reservedConcurrency(json: string): number {
  const processor = resourcesOf(json).find(
    ({ address }) => address === 'aws_lambda_function.payments_payment_processor',
  );
  return Math.max(0, Number(processor?.values.reserved_concurrent_executions ?? 0));
}

/**
 * Before everything that the state has is destroyed.
 * @param json as `terraform show -json` shows the state
 * @throws CommandError
 */
export function refuseProtectedState(json: string): void {
  refuseKept(resourcesOf(json));
}

function resourcesOf(json: string): v.InferOutput<typeof resource>[] {
  return v.parse(state, JSON.parse(json)).values?.root_module.resources ?? [];
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
