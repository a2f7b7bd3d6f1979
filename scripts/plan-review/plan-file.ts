import * as v from 'valibot';

/** What is no plan of Terraform's, or says things that cannot be compared. */
export class UnreadablePlanError extends Error {
  override readonly name = 'UnreadablePlanError';
}

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

/**
 * @param json what `terraform show -json PLAN` printed
 * @throws UnreadablePlanError
 */
export function readPlanFile(json: string): PlanFile {
  const { success, output, issues } = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), json);
  if (!success) {
    const [{ message }] = issues;
    throw new UnreadablePlanError(`This is no plan as "terraform show -json" of Terraform 1 shows it (${v.getDotPath(issues[0]) ?? 'text'}: ${message}): make a new one.`);
  }
  if (output.errored) throw new UnreadablePlanError('The plan failed half way, and shows only part of the changes: mend the cause, and plan again.');
  return output;
}
