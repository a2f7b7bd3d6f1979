import * as v from 'valibot';
import type { GitHub } from './github';

const PAGE = 100;

const notes = v.array(v.object({ id: v.number(), body: v.nullish(v.string()), user: v.nullish(v.object({ type: v.string() })) }));
const issues = v.array(v.object({ number: v.number(), body: v.nullish(v.string()), pull_request: v.optional(v.unknown()) }));

/** Writes the pull request's one comment with this mark, over what it said before. @throws GitHubError */
export async function writeComment(github: GitHub, pull: number, mark: string, text: string): Promise<void> {
  const body = `${mark}\n${text}`;
  const own = await findComment(github, pull, mark);
  if (own === undefined) await github.send('POST', `issues/${pull}/comments`, { body });
  else await github.send('PATCH', `issues/comments/${own}`, { body });
}

/** Somebody else may quote the mark; only a program's comment is ours. */
async function findComment(github: GitHub, pull: number, mark: string): Promise<number | undefined> {
  for (let page = 1; ; page += 1) {
    const comments = await github.get(`issues/${pull}/comments?per_page=${PAGE}&page=${page}`, notes);
    const own = comments.find(({ body, user }) => user?.type === 'Bot' && body?.startsWith(mark));
    if (own !== undefined || comments.length < PAGE) return own?.id;
  }
}

/**
 * Keeps one open issue with this mark as long as there is something to say: opens it, writes it anew, closes it.
 * @param text undefined when there is nothing to say any more
 * @throws GitHubError
 */
export async function writeIssue(github: GitHub, mark: string, title: string, text: string | undefined): Promise<void> {
  const open = await github.get(`issues?state=open&creator=${encodeURIComponent('github-actions[bot]')}&per_page=${PAGE}`, issues);
  const own = open.find(({ body, pull_request: pull }) => pull === undefined && body?.startsWith(mark));
  if (text === undefined) {
    if (own !== undefined) await github.send('PATCH', `issues/${own.number}`, { state: 'closed' });
  } else if (own === undefined) {
    await github.send('POST', 'issues', { title, body: `${mark}\n${text}` });
  } else {
    await github.send('PATCH', `issues/${own.number}`, { title, body: `${mark}\n${text}` });
  }
}
