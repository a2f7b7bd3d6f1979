import { type Colours, joined, shown, type ShownText, type Value } from '../cli/escaped-text';

/** Options of how an answer is shown. */
export interface FormatOptions {
  readonly colours: Colours;
  /** Whether account numbers, requests and releases are shown in full. */
  readonly full: boolean;
  /** Characters in a line of the output. Tables fit into it. */
  readonly width: number;
}

/** The answer of a command. */
export interface Answer {
  /** The answer for scripts. Undefined when it was written already. */
  readonly json: unknown;
  /** The answer for a person. Undefined when it was written already. */
  readonly text: ShownText | undefined;
  /** Exit code of the process. */
  readonly exitCode: number;
}

const MOST_DIGITS = 4;

/** The last characters of an account, four at most and never more than a third of it. */
export function shownAccount(account: string, { full }: Pick<FormatOptions, 'full'>): string {
  if (full) return account;
  const digits = Math.min(MOST_DIGITS, Math.floor(account.length / 3));
  return `…${account.slice(account.length - digits)}`;
}

/** The first characters of the id of a request or release. Logs can be searched by them. */
export function shownId(id: string, { full }: Pick<FormatOptions, 'full'>): string {
  return full ? id : id.slice(0, 8);
}

/** Names and values, one pair a line. */
export function keyValueList(
  rows: readonly (readonly [name: string, value: Value])[],
  { colours }: Pick<FormatOptions, 'colours'>,
): ShownText {
  const width = Math.max(...rows.map(([name]) => name.length));
  return joined(rows.map(([name, value]) => shown`${colours.bold(name)}${' '.repeat(width - name.length)}  ${value}`));
}
