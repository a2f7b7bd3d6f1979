import { mask } from './mask';
import { changesNothing, digestOf, type Meaning } from './meaning';

/** In characters: GitHub refuses a longer comment, and a summary of more than 1 MiB. */
export const LONGEST = { comment: 65_000, summary: 900_000 } as const;
const MOST_ROWS = 60;
/** In characters: a line of Terraform's may quote a whole policy. */
const MOST_OF_FAILURE = 20_000;

/** By which the comment is found again, so that a pull request has one. */
export const PLAN_MARK = '<!-- plan of the payment pipeline -->';

export interface Plan {
  readonly meaning: Meaning;
  /** As Terraform shows it to people, masked. */
  readonly text: string;
}

export interface Place {
  readonly commit: string;
  /** Of the run, where the whole of it is. */
  readonly url: string;
}

/** The plan for whoever reviews it: what it does at a glance, all of it behind a click, and where the rest is. */
export function renderPlan({ meaning, text }: Plan, { commit, url }: Place, longest: number = LONGEST.comment): string {
  const head = [
    `### Plan for ${commit.slice(0, 7)}: ${counts(meaning)}`,
    '',
    ...table(meaning),
    `Digest of what it does: \`${digestOf(meaning)}\`.`,
    '',
  ].join('\n');
  return head + details(text, url, longest - head.length);
}

/** @param said what went wrong, masked */
export function renderFailure(said: string, { commit, url }: Place): string {
  const cut = said.length > MOST_OF_FAILURE ? `${said.slice(0, MOST_OF_FAILURE)}…` : said;
  return `### No plan for ${commit.slice(0, 7)}: it failed\n\n${fenced(cut)}\nAll that was said is in [the run](${url}).\n`;
}

/** `2 to create, 1 to change`: as Terraform counts, but a replacement counts once. */
export function counts(meaning: Meaning): string {
  if (changesNothing(meaning)) return 'nothing to change';
  const verbs = Object.values(meaning.changes).map(({ actions }) => verbOf(actions)).filter((verb) => verb !== 'read');
  const said = [...new Set(verbs)].sort().map((verb) => `${verbs.filter((one) => one === verb).length} to ${verb}`);
  return said.length > 0 ? said.join(', ') : `${Object.keys(meaning.outputs).length} outputs to change`;
}

function table(meaning: Meaning): string[] {
  const rows = Object.entries(meaning.changes)
    .map(([address, { actions }]) => ({ address, verb: verbOf(actions) }))
    .filter(({ verb }) => verb !== 'read')
    .sort((a, b) => order(a.verb) - order(b.verb));
  if (rows.length === 0) return [];
  const more = rows.length > MOST_ROWS ? [`| … | and ${rows.length - MOST_ROWS} more |`] : [];
  return ['| | |', '|---|---|', ...rows.slice(0, MOST_ROWS).map(({ address, verb }) => `| ${verb} | ${cell(address)} |`), ...more, ''];
}

/** A key of for_each may be any text. */
function cell(address: string): string {
  return `\`${mask(address).replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

/** What may lose something comes first. */
function order(verb: string): number {
  return ['destroy', 'replace', 'forget', 'change', 'move', 'create'].indexOf(verb);
}

function verbOf(actions: readonly string[]): string {
  if (actions.includes('create') && actions.includes('delete')) return 'replace';
  const [action = ''] = actions;
  return { delete: 'destroy', update: 'change', 'no-op': 'move' }[action] ?? action;
}

function details(text: string, url: string, room: number): string {
  const whole = collapsed(fenced(text), `The whole plan is in [the run](${url}).`);
  if (whole.length <= room) return whole;
  const cut = (kept: string) => collapsed(fenced(kept), `**Cut, as it is too long for a comment**: the whole plan is in [the run](${url}), and in its artifact.`);
  return cut(text.slice(0, room - cut('').length - backticksFor(text).length * 2));
}

function collapsed(block: string, after: string): string {
  return `<details><summary>What Terraform says</summary>\n\n${block}\n</details>\n\n${after}\n`;
}

/** A text cannot end the block that it stands in. */
function fenced(text: string): string {
  const backticks = backticksFor(text);
  return `${backticks}\n${text}\n${backticks}\n`;
}

function backticksFor(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(longest + 1);
}
