import { join } from 'node:path';
import type { Contexts } from './expressions';
import { JobRun, type JobResult } from './job-run';
import type { Runner } from './runner';
import { readWorkflow } from './workflow';

/** The event that starts a workflow, and the repository's variables. */
export interface Event {
  readonly github: Readonly<Record<string, unknown>>;
  readonly vars: Readonly<Record<string, string>>;
  /** The commit that a checkout without `ref` uses. */
  readonly checkout: string;
}

export interface WorkflowResult {
  readonly run: number;
  readonly jobs: Readonly<Record<string, JobResult>>;
  readonly summary: string;
}

/**
 * Runs a workflow's jobs in order. Bash runs each command; stand-ins replace the actions.
 * @param approve runs before each job that has an environment, and throws to deny the job
 */
export async function runWorkflow(
  runner: Runner,
  file: string,
  event: Event,
  approve: (environment: string, run: number) => Promise<void>,
): Promise<WorkflowResult> {
  const { jobs } = readWorkflow(join(runner.workflows, file));
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
