import { messageOf } from '../../src/cli/command-error';
import type { Contexts } from './expressions';
import { JobRun, type JobResult } from './job-run';
import type { Runner } from './runner';
import { readJobs } from './workflow-file';

/** The event that starts a workflow. */
export interface Event {
  /** The file in `.github/workflows`. */
  readonly file: string;
  /** The text of that file, of the commit that GitHub takes it from. */
  readonly text: string;
  /** The context `github`. */
  readonly github: Readonly<Record<string, unknown>> & { readonly ref: string; readonly event_name: string };
  /** What the person chose who started it. */
  readonly inputs?: Readonly<Record<string, string>> | undefined;
  /** Runs before each job that has an environment, and throws to deny the job. */
  readonly approve?: ((environment: string) => Promise<undefined>) | undefined;
}

export interface WorkflowResult {
  readonly run: number;
  readonly jobs: Readonly<Record<string, JobResult>>;
  readonly summary: string;
}

/** Runs a workflow's jobs in order. Bash runs each command; stand-ins replace the actions. */
export async function runWorkflow(
  runner: Runner,
  { file, text, github, inputs = {}, approve }: Event,
  vars: Contexts,
): Promise<WorkflowResult> {
  const run = runner.startRun(`.github/workflows/${file}`, github.event_name);
  const workflow_ref = `${runner.repository}/.github/workflows/${file}@${github.ref}`;
  const results: Record<string, JobResult> = {};
  /** A job that was skipped skips all behind it: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idneeds */
  const ancestors: Record<string, readonly string[]> = {};
  let summary = '';
  for (const [id, one] of readJobs(text)) {
    const contexts: Contexts = {
      github: { ...github, repository: runner.repository, workflow_ref, run_id: String(run), token: 'token' },
      vars,
      inputs,
      needs: results,
      env: {},
    };
    const before = one.needs.flatMap((need) => [need, ...ancestors[need]!]);
    ancestors[id] = before;
    const failed = before.some((need) => results[need]!.result !== 'success');
    if (!runner.expressions.holds(one.if, contexts, failed)) {
      results[id] = { result: 'skipped', outputs: {}, said: '' };
      continue;
    }
    const denial = one.environment === undefined ? undefined : await approve?.(one.environment).catch(messageOf);
    if (denial !== undefined) {
      results[id] = { result: 'failure', outputs: {}, said: denial };
      continue;
    }
    const env = runner.expressions.interpolateAll(one.env, contexts);
    const jobRun = new JobRun(runner, run, one, { ...contexts, env });
    results[id] = await jobRun.take();
    summary += jobRun.summary;
  }
  return { run, jobs: results, summary };
}
