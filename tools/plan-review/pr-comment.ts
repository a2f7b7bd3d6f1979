import * as v from 'valibot';
import type { GitHub } from './github';
import { mask } from './mask';
import { changesNothing, digestOf, type PlanSummary, type SavedPlan } from './plan-summary';
import type { Comparison } from './reviewed-plan';

/** Characters. GitHub refuses a longer comment, and a step's summary of more than 1 MiB. */
export const MAX_LENGTH = { comment: 65_000, summary: 900_000 } as const;
const MAX_ROWS = 60;
/** Characters: an error of Terraform may quote a whole policy. */
const MAX_ERROR_LENGTH = 20_000;
/** Lines. */
const MAX_ERROR_LINES = 40;
const MAX_DIFFERENCES = 200;

/** Begins the comment, so that the next run finds it. */
export const PLAN_MARK = '<!-- plan of the payment pipeline -->';

/** Begins the issue, likewise. */
export const DRIFT_MARK = '<!-- drift of the payment pipeline -->';
export const DRIFT_TITLE = 'AWS is not as main says';

const comments = v.array(
  v.object({ id: v.number(), body: v.nullish(v.string()), user: v.nullish(v.object({ type: v.string() })) }),
);
const issues = v.array(
  v.object({ number: v.number(), body: v.nullish(v.string()), pull_request: v.optional(v.unknown()) }),
);

type Comment = v.InferOutput<typeof comments>[number];

/** The planned commit, and the location of the whole plan. */
export interface RunLink {
  readonly commit: string;
  /** The workflow run's page. */
  readonly url: string;
}

/** Writes the pull request's one comment with this mark, over the earlier text. @throws CommandError */
export async function writeComment(github: GitHub, pull: number, mark: string, text: string): Promise<void> {
  const body = `${mark}\n${text}`;
  const own = await findComment(github, pull, mark);
  if (own === undefined)
    await github.create(
      `issues/${pull}/comments`,
      { body },
      async () => (await findComment(github, pull, mark)) !== undefined,
    );
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
 * @throws CommandError
 */
export async function writeIssue(github: GitHub, mark: string, title: string, text: string | undefined): Promise<void> {
  const own = await findIssue(github, mark);
  if (text === undefined) {
    if (own !== undefined) await github.update(`issues/${own}`, { state: 'closed' });
    return;
  }
  const issue = { title, body: `${mark}\n${text}` };
  if (own === undefined)
    await github.create('issues', issue, async () => (await findIssue(github, mark)) !== undefined);
  else await github.update(`issues/${own}`, issue);
}

/** GitHub lists pull requests as issues, too. */
async function findIssue(github: GitHub, mark: string): Promise<number | undefined> {
  const path = `issues?state=open&creator=${encodeURIComponent('github-actions[bot]')}&per_page=100`;
  return (
    await github.find(
      path,
      issues,
      ({ body, pull_request: pull }) => pull === undefined && body?.startsWith(mark) === true,
    )
  )?.number;
}

/** Renders a plan for its reviewers: a table of the changes, Terraform's text in a collapsed block, and a link to the run. */
export function renderPlan(
  { summary, text }: SavedPlan,
  { commit, url }: RunLink,
  maxLength: number = MAX_LENGTH.comment,
): string {
  const head = [
    `### Plan for ${commit.slice(0, 7)}: ${countActions(summary)}`,
    '',
    ...table(summary),
    `Digest of what it does: \`${digestOf(summary)}\`.`,
    '',
  ].join('\n');
  return head + details(text, url, maxLength - head.length);
}

/** Renders why there is no plan. @param error masked */
export function renderFailure(error: string, { commit, url }: RunLink): string {
  const cut = error.length > MAX_ERROR_LENGTH ? `${error.slice(0, MAX_ERROR_LENGTH)}…` : error;
  return `### No plan for ${commit.slice(0, 7)}: it failed\n\n${fenced(cut)}\nAll that was said is in [the run](${url}).\n`;
}

/** Counts as Terraform does, such as `2 to create, 1 to change`; but a replacement counts once. */
export function countActions(summary: PlanSummary): string {
  if (changesNothing(summary)) return 'nothing to change';
  const verbs = Object.values(summary.changes)
    .map(({ actions }) => verbOf(actions))
    .filter((verb) => verb !== 'read');
  const counts = [...new Set(verbs)].sort().map((verb) => `${verbs.filter((one) => one === verb).length} to ${verb}`);
  return counts.length > 0 ? counts.join(', ') : `${Object.keys(summary.outputs).length} outputs to change`;
}

/** Finds Terraform's error in a log, and the advice that follows it; without an error, the last lines. Masks them. */
export function errorIn(log: string): string {
  const lines = mask(plainText(log)).trimEnd().split('\n');
  const error = lines.findIndex((line) => line.includes('Error: '));
  return (error === -1 ? lines.slice(-MAX_ERROR_LINES) : lines.slice(error, error + MAX_ERROR_LINES)).join('\n');
}

/** Renders the issue about drift. @returns undefined when there is no drift */
export function renderDrift(plan: SavedPlan, link: RunLink): string | undefined {
  if (changesNothing(plan.summary)) return undefined;
  const head = [
    'A plan of main would change something: it was changed without a pull request, or a merge was not applied.',
    'If main is right, run the workflow `apply` again. If AWS is, make a pull request that says so. This issue closes itself then.',
    '',
    '',
  ].join('\n');
  return head + renderPlan(plan, link, MAX_LENGTH.comment - head.length);
}

/** Renders the comparison with the reviewed plan, for the person who approves. */
export function renderComparison({ equal, sentence, differences }: Comparison, plan: SavedPlan, link: RunLink): string {
  const listed = differences.slice(0, MAX_DIFFERENCES).map((line) => `- ${literal(line)}`);
  const more = differences.length > MAX_DIFFERENCES ? [`- and ${differences.length - MAX_DIFFERENCES} more`] : [];
  const approval = equal
    ? []
    : ['', 'The plan below is applied, exactly as it is, when the deployment to `production-review` is approved.'];
  const head = [sentence, '', ...listed, ...more, ...approval, '', ''].join('\n');
  return head + renderPlan(plan, link, MAX_LENGTH.summary - head.length);
}

function table(summary: PlanSummary): string[] {
  const rows = Object.entries(summary.changes)
    .map(([address, { actions }]) => ({ address, verb: verbOf(actions) }))
    .filter(({ verb }) => verb !== 'read')
    .sort((a, b) => order(a.verb) - order(b.verb));
  if (rows.length === 0) return [];
  const more = rows.length > MAX_ROWS ? [`| … | and ${rows.length - MAX_ROWS} more |`] : [];
  return [
    '| | |',
    '|---|---|',
    ...rows.slice(0, MAX_ROWS).map(({ address, verb }) => `| ${verb} | ${cell(address)} |`),
    ...more,
    '',
  ];
}

/** Quotes an address, in which a key of for_each may be any text. */
function cell(address: string): string {
  return `\`${mask(address).replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

/** Sorts the actions that may lose data first. */
function order(verb: string): number {
  return ['destroy', 'replace', 'forget', 'change', 'move', 'create'].indexOf(verb);
}

function verbOf(actions: readonly string[]): string {
  if (actions.includes('create') && actions.includes('delete')) return 'replace';
  const [action = ''] = actions;
  return { delete: 'destroy', update: 'change', 'no-op': 'move' }[action] ?? action;
}

function details(text: string, url: string, maxLength: number): string {
  const whole = collapsed(fenced(text), `The whole plan is in [the run](${url}).`);
  if (whole.length <= maxLength) return whole;
  const cut = (kept: string) =>
    collapsed(
      fenced(kept),
      `**Cut, as it is too long for a comment**: the whole plan is in [the run](${url}), and in its artifact.`,
    );
  return cut(text.slice(0, maxLength - cut('').length - backticksFor(text).length * 2));
}

function collapsed(block: string, after: string): string {
  return `<details><summary>What Terraform says</summary>\n\n${block}\n</details>\n\n${after}\n`;
}

/** Uses more backticks than the text has, so that the text cannot end its block. */
function fenced(text: string): string {
  const backticks = backticksFor(text);
  return `${backticks}\n${text}\n${backticks}\n`;
}

function backticksFor(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(longest + 1);
}

function plainText(log: string): string {
  return log.replace(/\u001b\[[\d;]*m/g, '').replace(/^[╷╵│|] ?/gm, '');
}

/** Quotes a line, so that no value in it is read as Markdown. */
function literal(line: string): string {
  return `\`\` ${line.replaceAll('`', "'")} \`\``;
}
