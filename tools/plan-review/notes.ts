import * as v from 'valibot';
import type { GitHub } from './github';

/** Begins the comment with a pull request's plan, so that the next run finds it. */
export const PLAN_MARK = '<!-- plan of the payment pipeline -->';

/** Begins the comment on what became of a merge, likewise. */
export const APPLY_MARK = '<!-- apply of the payment pipeline -->';

/** Begins the issue, likewise. */
export const DRIFT_MARK = '<!-- drift of the payment pipeline -->';
const DRIFT_TITLE = 'AWS is not as main says';

const comments = v.array(
  v.object({
    id: v.number(),
    body: v.nullish(v.string(), ''),
    updated_at: v.string(),
    user: v.nullish(v.object({ type: v.string() })),
  }),
);
const issues = v.array(
  v.object({ number: v.number(), body: v.nullish(v.string()), pull_request: v.optional(v.unknown()) }),
);

/** A comment of a workflow. */
export type Comment = v.InferOutput<typeof comments>[number];

/** Writes the pull request's one comment with this mark, over the earlier text. @throws CommandError */
export async function writeComment(github: GitHub, pull: number, mark: string, text: string): Promise<void> {
  const body = `${mark}\n${text}`;
  const own = await findComment(github, pull, mark);
  const isWritten = async () => (await findComment(github, pull, mark)) !== undefined;
  if (own === undefined) await github.create(`issues/${pull}/comments`, { body }, isWritten);
  else await github.update(`issues/comments/${own.id}`, { body });
}

/** A person may quote the mark, so only a bot's comment counts. */
export async function findComment(github: GitHub, pull: number, mark: string): Promise<Comment | undefined> {
  const isOwn = ({ body, user }: Comment) => user?.type === 'Bot' && body.startsWith(mark);
  return github.find(`issues/${pull}/comments`, comments, isOwn);
}

/**
 * Keeps one issue open while there is a text: opens it, updates it, closes it.
 * @param text undefined closes the issue
 * @throws CommandError
 */
export async function writeIssue(github: GitHub, text: string | undefined): Promise<void> {
  const own = await findIssue(github);
  if (text === undefined) {
    if (own !== undefined) await github.update(`issues/${own}`, { state: 'closed' });
    return;
  }
  const issue = { title: DRIFT_TITLE, body: `${DRIFT_MARK}\n${text}` };
  if (own === undefined) await github.create('issues', issue, async () => (await findIssue(github)) !== undefined);
  else await github.update(`issues/${own}`, issue);
}

/** GitHub lists pull requests as issues, too. */
async function findIssue(github: GitHub): Promise<number | undefined> {
  const path = `issues?state=open&creator=${encodeURIComponent('github-actions[bot]')}`;
  const own = await github.find(
    path,
    issues,
    ({ body, pull_request: pull }) => pull === undefined && body?.startsWith(DRIFT_MARK) === true,
  );
  return own?.number;
}
