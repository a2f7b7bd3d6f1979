import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CommandError } from '../../src/cli/command-error';
import { mask } from './mask';
import { ErroredPlanError, fromUser } from './plan-file';
import { changesNothing, digestOf, readSavedPlan, type PlanSummary, type SavedPlan } from './plan-summary';

/** Characters. GitHub refuses a longer comment, and a step's summary of more than 1 MiB. */
export const MAX_LENGTH = { comment: 65_000, summary: 900_000 } as const;
const MAX_ROWS = 60;
/** Characters: an error of Terraform may quote a whole policy. */
const MAX_ERROR_LENGTH = 20_000;
/** Lines. */
const MAX_ERROR_LINES = 40;

/** The planned commit, and the location of the whole plan. */
export interface RunLink {
  readonly commit: string;
  /** GitHub's environment, if there are several. */
  readonly environment?: string;
  /** The workflow run's page. */
  readonly url: string;
}

/** Help for the argument of commands that read the plans of several environments. */
export const PLANS = 'the saved plan of each environment: dev.tfplan, with dev.log of what was said';

/** What was planned for an environment. */
export interface Planned {
  readonly environment: string;
  /** Terraform's error, if there is no plan. */
  readonly plan: SavedPlan | string;
  readonly link: RunLink;
}

/** GitHub's environment of a saved plan, which its file is named after. */
export function environmentOf(file: string): string {
  return basename(file, '.tfplan');
}

/** Reads saved plans, each of the environment that its file is named after. @throws CommandError */
export async function readPlans(files: readonly string[], run: RunLink): Promise<Planned[]> {
  const planned: Planned[] = [];
  for (const file of files) {
    const environment = environmentOf(file);
    const link = files.length === 1 ? run : { ...run, environment };
    planned.push({ environment, plan: await readPlanOrError(file, join(dirname(file), `${environment}.log`)), link });
  }
  return planned;
}

/** Reads a saved plan. If there is none, or half a plan, returns Terraform's error in the log. @throws CommandError */
async function readPlanOrError(file: string, log: string): Promise<SavedPlan | string> {
  try {
    if (existsSync(fromUser(file))) return await readSavedPlan(file);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    // Without the providers, as when the next environment's could not be installed.
    if (!(error instanceof ErroredPlanError)) return mask(error.message);
  }
  return errorIn(existsSync(fromUser(log)) ? readFileSync(fromUser(log), 'utf8') : 'The job failed before it planned.');
}

/** Renders a plan for its reviewers: a table of the changes, Terraform's text in a collapsed block, and a link to the run. */
export function renderPlan(
  { summary, text }: SavedPlan,
  link: RunLink,
  maxLength: number = MAX_LENGTH.comment,
): string {
  const head = [
    `### Plan for ${link.commit.slice(0, 7)}${placeOf(link)}: ${countActions(summary)}`,
    '',
    ...table(summary),
    `Digest of what it does: \`${digestOf(summary)}\`.`,
    '',
  ].join('\n');
  return head + details(text, link.url, maxLength - head.length);
}

/** Renders why there is no plan. @param error masked */
export function renderFailure(error: string, link: RunLink): string {
  const cut = error.length > MAX_ERROR_LENGTH ? `${error.slice(0, MAX_ERROR_LENGTH)}…` : error;
  return `### No plan for ${link.commit.slice(0, 7)}${placeOf(link)}: it failed\n\n${fenced(cut)}\nAll that was said is in [the run](${link.url}).\n`;
}

/** ` in dev`, where there are several environments. */
export function placeOf({ environment }: RunLink): string {
  return environment === undefined ? '' : ` in ${environment}`;
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
    collapsed(fenced(kept), `**Cut, as it is too long for a comment**: the whole plan is in [the run](${url}).`);
  return cut(text.slice(0, maxLength - cut('').length - backticksFor(text).length * 2));
}

function collapsed(block: string, after: string): string {
  return `<details><summary>What Terraform says</summary>\n\n${block}\n</details>\n\n${after}\n`;
}

/** Uses more backticks than the text has, so that the text cannot end its block. */
export function fenced(text: string): string {
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
export function literal(line: string): string {
  return `\`\` ${line.replaceAll('`', "'")} \`\``;
}
