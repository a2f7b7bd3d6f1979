import * as v from 'valibot';
import { CommandError } from '../../src/cli/command-error';
import { pluralize } from '../../src/cli/pluralize';
import { listIn, type GitHub } from './github';
import { mask } from './mask';
import type { Artifact } from './plan-artifact';
import { differencesBetween, digestOf, type PlanSummary } from './plan-summary';

/** The workflow that plans pull requests, and its job that has credentials. */
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

const environments = listIn(
  'environments',
  v.object({
    name: v.string(),
    protection_rules: v.optional(
      v.array(v.object({ type: v.string(), reviewers: v.optional(v.array(v.unknown())) })),
      [],
    ),
  }),
);

/** The plan of a pull request, and the artifact that has it. */
export interface ReviewedPlan {
  readonly run: number;
  readonly artifact: string;
  /** The head of the pull request when it was merged. */
  readonly commit: string;
}

/** There is no reviewed plan. The reason is a sentence. */
export interface NotReviewed {
  readonly reason: string;
}

export function artifactOf(commit: string): string {
  return `plan-${commit}`;
}

/**
 * Finds the newest plan of the pull request that was merged as this commit. A plan of a fork's run doesn't count, as the
 * fork's code made it.
 * @throws CommandError
 */
export async function findReviewedPlan(github: GitHub, merged: string): Promise<ReviewedPlan | NotReviewed> {
  const pull = await github.find(
    `commits/${merged}/pulls`,
    pulls,
    (one) => one.merged_at !== null && one.merge_commit_sha === merged,
  );
  if (pull === undefined)
    return { reason: `Commit ${merged} came without a pull request, so nobody has reviewed its plan.` };

  const {
    number,
    head: { sha: commit, repo },
  } = pull;
  if (repo?.full_name !== github.repository)
    return { reason: `Pull request #${number} came from a fork, for which no plan is made.` };

  const run = await newestRun(github, commit);
  if (run === undefined || !(await didPlan(github, run.id)))
    return { reason: `Pull request #${number} has no plan of its last commit ${commit} that succeeded.` };

  const artifact = artifactOf(commit);
  const kept = await github.find(
    `actions/runs/${run.id}/artifacts?name=${artifact}`,
    artifacts,
    ({ expired }) => !expired,
  );
  if (kept !== undefined) return { run: run.id, artifact, commit };
  return { reason: `The plan of pull request #${number} is kept no more (${artifact}).` };
}

/** Whether a plan does what was reviewed. */
export interface Comparison {
  readonly equal: boolean;
  readonly sentence: string;
  /** Masked. */
  readonly differences: readonly string[];
}

/** @param reason why there is no reviewed plan, if there is none */
export function compareWithReviewed(
  reviewed: Artifact | undefined,
  now: { readonly summary: PlanSummary; readonly tree: string },
  reason: string,
): Comparison {
  if (reviewed === undefined)
    return {
      equal: false,
      sentence: `Not applied, as there is no reviewed plan to compare with: ${reason}`,
      differences: [],
    };
  const { manifest } = reviewed;
  const files = manifest.tree === now.tree ? 'the same files' : 'other files, as main had gone on';
  if (manifest.digest === digestOf(now.summary)) {
    return {
      equal: true,
      sentence: `The plan does what was reviewed as ${manifest.digest}, from ${files}.`,
      differences: [],
    };
  }
  const differences = differencesBetween(reviewed.summary, now.summary).map((line) => mask(line));
  const sentence = `Not applied, as the plan does not do what was reviewed: ${pluralize(differences.length, 'difference')}, from ${files}.`;
  return { equal: false, sentence, differences };
}

/**
 * Refuses an environment without required reviewers: GitHub lets its job continue at once. A job creates an environment that doesn't
 * exist, without reviewers.
 * @throws CommandError
 */
export async function requireReviewers(github: GitHub, environment: string): Promise<void> {
  const known = await github.find('environments?per_page=100', environments, ({ name }) => name === environment);
  const isReviewed = known?.protection_rules.some(
    ({ type, reviewers = [] }) => type === 'required_reviewers' && reviewers.length > 0,
  );
  if (isReviewed === true) return;
  throw new CommandError(
    `Not applied, as nobody has to approve what the environment ${environment} deploys: give it required reviewers (Settings, Environments), ` +
      'which a private repository can have with GitHub Enterprise, and run this again.',
  );
}

/** Runs of a fork don't count. */
async function newestRun(github: GitHub, commit: string) {
  let newest: v.InferOutput<typeof runs>[number] | undefined;
  for await (const run of github.list(
    `actions/workflows/${WORKFLOW}/runs?event=pull_request&status=success&head_sha=${commit}&per_page=100`,
    runs,
  )) {
    const isOwn = run.head_repository?.full_name === github.repository;
    if (isOwn && (newest === undefined || run.created_at > newest.created_at)) newest = run;
  }
  return newest;
}

/** A run succeeds also when its job is skipped. */
async function didPlan(github: GitHub, run: number): Promise<boolean> {
  const planned = await github.find(
    `actions/runs/${run}/jobs?per_page=100`,
    jobs,
    ({ name, conclusion }) => name === JOB && conclusion === 'success',
  );
  return planned !== undefined;
}
