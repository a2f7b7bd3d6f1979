import * as v from 'valibot';
import { listIn, type GitHub } from './github';

/** The workflow that plans pull requests, and its job that does so with credentials. */
export const WORKFLOW = 'plan.yml';
export const JOB = 'plan';

const repository = v.nullable(v.object({ full_name: v.string() }));

const pulls = v.array(
  v.object({
    number: v.number(),
    merged_at: v.nullable(v.string()),
    merge_commit_sha: v.nullable(v.string()),
    head: v.object({ sha: v.string(), repo: repository }),
  }),
);
const runs = listIn('workflow_runs', v.object({ id: v.number(), created_at: v.string(), head_repository: repository }));
const jobs = listIn('jobs', v.object({ name: v.string(), conclusion: v.nullable(v.string()) }));
const artifacts = listIn('artifacts', v.object({ name: v.string(), expired: v.boolean() }));

/** The plan that was made for a pull request, where it is kept. */
export interface ReviewedPlan {
  readonly run: number;
  readonly artifact: string;
  /** The head of the pull request when it was merged. */
  readonly commit: string;
}

/** One sentence, why nobody has reviewed what is to be applied. */
export interface NotReviewed {
  readonly reason: string;
}

export function artifactOf(commit: string): string {
  return `plan-${commit}`;
}

/**
 * The newest plan of the pull request that was merged as this commit. What a fork's run left is none: its own code made it.
 * @throws GitHubError
 */
export async function findReviewedPlan(github: GitHub, merged: string): Promise<ReviewedPlan | NotReviewed> {
  const pull = await github.find(`commits/${merged}/pulls`, pulls, (one) => one.merged_at !== null && one.merge_commit_sha === merged);
  if (pull === undefined) return { reason: `Commit ${merged} came without a pull request, so nobody has reviewed its plan.` };

  const { number, head: { sha: commit, repo } } = pull;
  if (repo?.full_name !== github.repository) return { reason: `Pull request #${number} came from a fork, for which no plan is made.` };

  const run = await newestRun(github, commit);
  if (run === undefined || !(await hasPlanned(github, run.id))) return { reason: `Pull request #${number} has no plan of its last commit ${commit} that succeeded.` };

  const artifact = artifactOf(commit);
  const kept = await github.find(`actions/runs/${run.id}/artifacts?name=${artifact}`, artifacts, ({ expired }) => !expired);
  if (kept !== undefined) return { run: run.id, artifact, commit };
  return { reason: `The plan of pull request #${number} is kept no more (${artifact}).` };
}

async function newestRun(github: GitHub, commit: string) {
  let newest: v.InferOutput<typeof runs>[number] | undefined;
  for await (const run of github.list(`actions/workflows/${WORKFLOW}/runs?event=pull_request&status=success&head_sha=${commit}&per_page=100`, runs)) {
    const isOwn = run.head_repository?.full_name === github.repository;
    if (isOwn && (newest === undefined || run.created_at > newest.created_at)) newest = run;
  }
  return newest;
}

/** A run also succeeds when the job was skipped. */
async function hasPlanned(github: GitHub, run: number): Promise<boolean> {
  const planned = await github.find(`actions/runs/${run}/jobs?per_page=100`, jobs, ({ name, conclusion }) => name === JOB && conclusion === 'success');
  return planned !== undefined;
}
