import { unzipSync } from 'fflate';
import * as v from 'valibot';
import { CommandError } from '../../src/cli/command-error';
import { listIn, type GitHub } from './github';
import { sha256 } from './normalize-values';
import { findComment, PLAN_MARK } from './notes';
import type { PlanSummary } from './plan-summary';
import { mergedAs, type PullRequest } from './pull-requests';

/** The workflow file that plans pull requests. */
export const WORKFLOW = '.github/workflows/plan.yml';

/** GitHub's environment that main reaches last. */
export const PRODUCTION = 'production';

/** The file in the artifact. */
export const KEPT_FILE = 'plan.json';

const keptPlanSchema = v.object({
  commit: v.string(),
  /** Checksum of the text that the comment has. */
  comment: v.string(),
  /** By the environment. */
  plans: v.record(
    v.string(),
    v.custom<PlanSummary>((value) => typeof value === 'object' && value !== null),
  ),
});

/** A pull request's plans, as `plan.yml` keeps them. */
export type KeptPlan = v.InferOutput<typeof keptPlanSchema>;

const artifacts = listIn(
  'artifacts',
  v.object({
    id: v.number(),
    expired: v.boolean(),
    created_at: v.string(),
    workflow_run: v.nullable(v.object({ id: v.number() })),
  }),
);
const run = v.object({ path: v.string(), event: v.string() });
const reviews = v.array(
  v.object({
    state: v.string(),
    commit_id: v.nullable(v.string()),
    submitted_at: v.optional(v.string(), ''),
    user: v.nullable(v.object({ login: v.string(), type: v.string() })),
  }),
);
const environments = listIn(
  'environments',
  v.object({
    name: v.string(),
    can_admins_bypass: v.optional(v.boolean(), false),
    protection_rules: v.optional(
      v.array(
        v.object({
          type: v.string(),
          prevent_self_review: v.optional(v.boolean(), false),
          reviewers: v.optional(v.array(v.unknown()), []),
        }),
      ),
      [],
    ),
  }),
);

/** There is no reviewed plan. The reason is a sentence. */
export interface NotReviewed {
  readonly reason: string;
}

export function artifactOf(commit: string): string {
  return `plan-${commit}`;
}

/** GitHub may store a text with other line ends. */
export function checksumOf(text: string): string {
  return sha256(text.replace(/\s+/g, ' ').trim());
}

/**
 * Finds the plan that was approved with the pull request of this commit of main. Everybody with write access can upload an artifact
 * and change the comment, so the artifact has to be from main's workflow, and the comment as that workflow wrote it.
 * @throws CommandError
 */
export async function findReviewedPlan(
  github: GitHub,
  merged: string,
  environment: string,
): Promise<PlanSummary | NotReviewed> {
  const pull = await mergedAs(github, merged);
  if (pull === undefined) return { reason: `commit ${merged} came without a pull request` };
  const { number, head } = pull;
  if (head.repo?.full_name !== github.repository)
    return { reason: `pull request #${number} came from a fork, for which no plan is made` };

  const kept = await keptPlan(github, head.sha);
  if (kept === undefined)
    return { reason: `pull request #${number} has no plan of its last commit ${head.sha}, or it has expired` };
  const comment = await findComment(github, number, PLAN_MARK);
  if (comment === undefined || checksumOf(comment.body) !== kept.comment)
    return { reason: `the comment on pull request #${number} is not the plan that ${WORKFLOW} made` };
  if (!(await isApproved(github, pull, comment.updated_at)))
    return {
      reason: `nobody else with write access has approved commit ${head.sha} of pull request #${number} since its plan was shown (${comment.updated_at})`,
    };
  return (
    kept.plans[environment] ?? {
      reason: `the plan of pull request #${number} is not for the environment ${environment}`,
    }
  );
}

async function keptPlan(github: GitHub, commit: string): Promise<KeptPlan | undefined> {
  const found: v.InferOutput<typeof artifacts> = [];
  for await (const one of github.list(`actions/artifacts?name=${artifactOf(commit)}`, artifacts)) found.push(one);
  found.sort((a, b) => b.created_at.localeCompare(a.created_at));
  for (const { id, expired, workflow_run: origin } of found) {
    if (origin === null) continue;
    const { path, event } = await github.get(`actions/runs/${origin.id}`, run);
    if (event !== 'workflow_run' || path.split('@', 1)[0] !== WORKFLOW) continue;
    if (expired) return undefined; // an older one is not what the comment shows
    const plan = readKeptPlan(await github.download(`actions/artifacts/${id}/zip`));
    return plan.commit === commit ? plan : undefined;
  }
  return undefined;
}

function readKeptPlan(zip: Uint8Array): KeptPlan {
  const file = unzipSync(zip)[KEPT_FILE];
  const { success, output } = v.safeParse(
    v.pipe(v.string(), v.parseJson(), keptPlanSchema),
    Buffer.from(file ?? []).toString('utf8'),
  );
  if (success) return output;
  throw new CommandError(`The artifact of the reviewed plan has no ${KEPT_FILE} that can be read: run "synth" again.`);
}

/** The last review of each person counts, as on GitHub. */
async function isApproved(github: GitHub, { number, head, user }: PullRequest, shown: string): Promise<boolean> {
  const last = new Map<string, v.InferOutput<typeof reviews>[number]>();
  for await (const review of github.list(`pulls/${number}/reviews`, reviews))
    if (review.user !== null && !['COMMENTED', 'PENDING'].includes(review.state)) last.set(review.user.login, review);
  for (const [login, { state, commit_id: commit, submitted_at: at, user: reviewer }] of last) {
    const counts = state === 'APPROVED' && commit === head.sha && Date.parse(at) > Date.parse(shown);
    if (counts && reviewer?.type === 'User' && login !== user?.login && (await mayWrite(github, login))) return true;
  }
  return false;
}

async function mayWrite(github: GitHub, login: string): Promise<boolean> {
  const { permission } = await github.get(
    `collaborators/${encodeURIComponent(login)}/permission`,
    v.object({ permission: v.string() }),
  );
  return permission === 'admin' || permission === 'write';
}

/**
 * Whether a job in this environment waits for another person. Without required reviewers GitHub lets it continue at once; it creates an
 * environment that doesn't exist so.
 * @throws CommandError
 */
export async function isReviewed(github: GitHub, name: string): Promise<boolean> {
  const known = await github.find('environments', environments, (one) => one.name === name);
  return (
    known?.can_admins_bypass === false &&
    known.protection_rules.some(
      ({ type, reviewers, prevent_self_review: byOthers }) =>
        type === 'required_reviewers' && byOthers && reviewers.length > 0,
    )
  );
}
