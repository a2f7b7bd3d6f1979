import * as v from 'valibot';
import { parse } from 'yaml';

const texts = v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]));

const step = v.object({
  name: v.string(),
  id: v.optional(v.string()),
  if: v.optional(v.string()),
  uses: v.optional(v.string()),
  with: v.optional(texts, {}),
  env: v.optional(texts, {}),
  run: v.optional(v.string()),
});

const job = v.object({
  needs: v.pipe(
    v.optional(v.union([v.string(), v.array(v.string())]), []),
    v.transform((ids) => [ids].flat()),
  ),
  if: v.optional(v.string()),
  environment: v.optional(v.string()),
  permissions: v.record(v.string(), v.string()),
  outputs: v.optional(texts, {}),
  env: v.optional(texts, {}),
  defaults: v.object({ run: v.object({ shell: v.literal('bash') }) }),
  steps: v.array(step),
});

const workflow = v.object({ jobs: v.record(v.string(), job) });

export type Step = v.InferOutput<typeof step>;
export type Job = v.InferOutput<typeof job>;

/** The jobs of a workflow file, in their order. Throws if it uses something that the rehearsal doesn't know. */
export function readJobs(text: string): [id: string, Job][] {
  return Object.entries(v.parse(workflow, parse(text)).jobs);
}
