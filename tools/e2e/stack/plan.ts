import * as v from 'valibot';

const named = v.record(v.string(), v.unknown());
const addressed = v.looseObject({ address: v.string() });

/** The parts of `terraform show -json PLAN` that describe the plan's changes and its configuration. */
const schema = v.object({
  resource_changes: v.array(v.object({ address: v.string(), change: v.unknown() })),
  output_changes: named,
  prior_state: v.object({
    values: v.object({ root_module: v.object({ resources: v.optional(v.array(addressed), []) }) }),
  }),
  configuration: v.object({ root_module: v.object({ resources: v.array(addressed), outputs: named }) }),
});

/** Each thing that a plan says, under the name of what it says it about. */
export type Plan = ReadonlyMap<string, unknown>;

/** @param json as Terraform shows a saved plan */
export function readPlan(json: string): Plan {
  const plan = v.parse(schema, JSON.parse(json));
  const { resources, outputs } = plan.configuration.root_module;
  return new Map([
    ...plan.resource_changes.map(({ address, change }) => [address, change] as const),
    ...plan.prior_state.values.root_module.resources.map((read) => [`${read.address}, as it was read`, read] as const),
    ...resources.map((block) => [`${block.address}, as it is configured`, expressions(block)] as const),
    ...Object.entries(plan.output_changes).map(([name, change]) => [`output ${name}`, change] as const),
    ...Object.entries(outputs).map(
      ([name, block]) => [`output ${name}, as it is configured`, expressions(block)] as const,
    ),
  ]);
}

/**
 * An expression, as far as its syntax does not matter: what it refers to, or the value that it is. JSON calls a template
 * a constant value, too, and lists references in another order.
 */
function expressions(block: unknown): unknown {
  if (Array.isArray(block)) return block.map(expressions);
  if (typeof block !== 'object' || block === null) return block;
  const { references, constant_value } = block as { references?: string[]; constant_value?: unknown };
  if (references !== undefined) return [...new Set(references)].sort();
  if (constant_value !== undefined) return constant_value;
  return Object.fromEntries(Object.entries(block).map(([name, value]) => [name, expressions(value)]));
}
