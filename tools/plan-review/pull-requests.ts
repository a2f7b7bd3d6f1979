import * as v from 'valibot';
import type { GitHub } from './github';
import { APPLY_MARK, findComment } from './notes';

/** Commits of main that are searched for merges that weren't applied. */
const MAX_COMMITS = 50;

/** Begins the comment on a merge that is in AWS, as its heading. */
export const APPLIED = 'Applied';

const pull = v.object({
  number: v.number(),
  state: v.string(),
  merged_at: v.nullable(v.string()),
  merge_commit_sha: v.nullable(v.string()),
  user: v.nullish(v.object({ login: v.string() })),
  base: v.object({ ref: v.string() }),
  head: v.object({ sha: v.string(), repo: v.nullable(v.object({ full_name: v.string() })) }),
});

export type PullRequest = v.InferOutput<typeof pull>;

/** Finds the pull request that was merged as this commit of main. @throws CommandError */
export async function mergedAs(github: GitHub, commit: string): Promise<PullRequest | undefined> {
  return github.find(
    `commits/${commit}/pulls`,
    v.array(pull),
    ({ merged_at: merged, merge_commit_sha: sha, base }) => merged !== null && sha === commit && base.ref === 'main',
  );
}

/** Lists the open pull requests for main with this last commit. @throws CommandError */
export async function openWith(github: GitHub, commit: string): Promise<PullRequest[]> {
  const found: PullRequest[] = [];
  for await (const one of github.list(`commits/${commit}/pulls`, v.array(pull)))
    if (one.state === 'open' && one.base.ref === 'main' && one.head.sha === commit) found.push(one);
  return found;
}

/**
 * Lists the merges that a commit of main contains and that aren't known to be applied, the newest first: from this commit
 * back to the first that was applied.
 * @throws CommandError
 */
export async function unappliedMerges(github: GitHub, commit: string): Promise<PullRequest[]> {
  const found: PullRequest[] = [];
  let commits = 0;
  const path = `commits?sha=${commit}`;
  for await (const { sha } of github.list(path, v.array(v.object({ sha: v.string() })))) {
    if ((commits += 1) > MAX_COMMITS) break;
    const merged = await mergedAs(github, sha);
    if (merged === undefined) continue;
    if ((await findComment(github, merged.number, APPLY_MARK))?.body.includes(`### ${APPLIED}`)) break;
    found.push(merged);
  }
  return found;
}
