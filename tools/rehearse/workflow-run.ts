import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import type { Contexts } from './expressions';
import { JobRun, type JobResult } from './job-run';
import type { Runner } from './runner';

const texts = v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]));

const step = v.object({
  name: v.string(),
  id: v.optional(v.string()),
  if: v.optional(v.string()),
  uses: v.optional(v.string()),
  with: v.optional(texts, {}),
  env: v.optional(texts, {}),
  run: v.optional(v.string()),
  'continue-on-error': v.optional(v.boolean(), false),
});

const job = v.object({
  needs: v.optional(v.string()),
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

/** The event, and the repository's settings. */
export interface Event {
  readonly github: Readonly<Record<string, unknown>>;
  readonly vars: Readonly<Record<string, string>>;
  /** Of a commit, when a checkout does not say which. */
  readonly checkout: string;
}

export interface WorkflowResult {
  readonly run: number;
  readonly jobs: Readonly<Record<string, JobResult>>;
  readonly summary: string;
}

/**
 * Runs a workflow's jobs in their order, each step as it is written: commands by bash, actions by stand-ins.
 * @param approve is asked before a job begins that has an environment; what it throws, the job was not allowed
 */
export async function runWorkflow(
  runner: Runner,
  file: string,
  event: Event,
  approve: (environment: string, run: number) => Promise<void>,
): Promise<WorkflowResult> {
  const { jobs } = v.parse(workflow, parse(readFileSync(join(runner.workflows, file), 'utf8')));
  const run = runner.nextRun();
  const results: Record<string, JobResult> = {};
  let summary = '';
  for (const [id, one] of Object.entries(jobs)) {
    const contexts: Contexts = {
      ...event,
      github: { ...event.github, run_id: String(run), token: runner.token },
      needs: results,
      env: {},
    };
    const before = one.needs === undefined ? 'success' : results[one.needs]!.result;
    if (before !== 'success' || !runner.expressions.holds(one.if, contexts, false)) {
      results[id] = { result: 'skipped', outputs: {}, said: '' };
      continue;
    }
    if (one.environment !== undefined) await approve(one.environment, run);
    const jobRun = new JobRun(
      runner,
      run,
      one,
      { ...contexts, env: runner.expressions.interpolateAll(one.env, contexts) },
      event.checkout,
    );
    results[id] = await jobRun.take();
    summary += jobRun.summary;
  }
  return { run, jobs: results, summary };
}
