import * as v from 'valibot';
import type { GitHub } from './github';

const comments = v.array(v.object({ id: v.number(), body: v.nullish(v.string()), user: v.nullish(v.object({ type: v.string() })) }));
const issues = v.array(v.object({ number: v.number(), body: v.nullish(v.string()), pull_request: v.optional(v.unknown()) }));

type Comment = v.InferOutput<typeof comments>[number];

/** Writes the pull request's one comment with this mark, over the earlier text. @throws GitHubError */
export async function writeComment(github: GitHub, pull: number, mark: string, text: string): Promise<void> {
  const body = `${mark}\n${text}`;
  const own = await findComment(github, pull, mark);
  if (own === undefined) await github.create(`issues/${pull}/comments`, { body }, async () => (await findComment(github, pull, mark)) !== undefined);
  else await github.update(`issues/comments/${own}`, { body });
}

/** A person may quote the mark, so only a bot's comment counts. */
async function findComment(github: GitHub, pull: number, mark: string): Promise<number | undefined> {
  const isOwn = ({ body, user }: Comment) => user?.type === 'Bot' && body?.startsWith(mark) === true;
  return (await github.find(`issues/${pull}/comments?per_page=100`, comments, isOwn))?.id;
}

/**
 * Keeps one open issue with this mark while there is a text: opens it, updates it, closes it.
 * @param text undefined closes the issue
 * @throws GitHubError
 */
export async function writeIssue(github: GitHub, mark: string, title: string, text: string | undefined): Promise<void> {
  const own = await findIssue(github, mark);
  if (text === undefined) {
    if (own !== undefined) await github.update(`issues/${own}`, { state: 'closed' });
    return;
  }
  const issue = { title, body: `${mark}\n${text}` };
  if (own === undefined) await github.create('issues', issue, async () => (await findIssue(github, mark)) !== undefined);
  else await github.update(`issues/${own}`, issue);
}

/** GitHub lists pull requests as issues, too. */
async function findIssue(github: GitHub, mark: string): Promise<number | undefined> {
  const path = `issues?state=open&creator=${encodeURIComponent('github-actions[bot]')}&per_page=100`;
  return (await github.find(path, issues, ({ body, pull_request: pull }) => pull === undefined && body?.startsWith(mark) === true))?.number;
}
