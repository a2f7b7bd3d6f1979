import { type Colours, joined, shown, type ShownText, type Value } from '../cli/escaped-text';

/** How an answer is shown. */
export interface FormatOptions {
  readonly colours: Colours;
  /** Account numbers, requests and releases as they are, not shortened. */
  readonly full: boolean;
  /** Characters in a line of the output, which tables fit into. */
  readonly width: number;
}

/** What a command found out or did. */
export interface Answer {
  /** For scripts; undefined when all is said already. */
  readonly json: unknown;
  /** For a person; undefined when all is said already. */
  readonly text: ShownText | undefined;
  /** The process's. */
  readonly exitCode: number;
}

const MOST_DIGITS = 4;

/** An account's end: enough to tell some apart, never more than a third of it. */
export function shownAccount(account: string, { full }: Pick<FormatOptions, 'full'>): string {
  if (full) return account;
  const digits = Math.min(MOST_DIGITS, Math.floor(account.length / 3));
  return `…${account.slice(account.length - digits)}`;
}

/** The beginning of a request's or release's id, which logs can be searched by. */
export function shownId(id: string, { full }: Pick<FormatOptions, 'full'>): string {
  return full ? id : id.slice(0, 8);
}

/** Names and values, one a line. */
export function keyValueList(
  rows: readonly (readonly [name: string, value: Value])[],
  { colours }: FormatOptions,
): ShownText {
  const width = Math.max(...rows.map(([name]) => name.length));
  return joined(rows.map(([name, value]) => shown`${colours.bold(name.padEnd(width))}  ${value}`));
}
