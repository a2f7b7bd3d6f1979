import type { Command } from 'commander';
import { UsageError } from './usage-error';

const LIKE_AN_OPTION = /^(--?[A-Za-z]|--$)/;
const PLAIN_WORD = /^[\w./:=@%+-]+$/;

/**
 * Commander takes whatever follows an option as its value, even an option.
 * @param args as the command is to parse them
 * @throws UsageError naming the form `--option=value`, which takes any value
 */
export function refuseOptionsAsValues({ options }: Command, args: readonly string[]): void {
  for (let at = 0; at < args.length && args[at] !== '--'; at++) {
    const flag = args[at]!;
    if (!options.some(({ long, short, required }) => required && (flag === long || flag === short))) continue;
    const value = args[++at];
    if (value !== undefined && LIKE_AN_OPTION.test(value)) {
      throw new UsageError(`${flag} has no value, as ${value} looks like an option: if it is the value, write ${shellWord(`${flag}=${value}`)}.`);
    }
  }
}

/** The text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return PLAIN_WORD.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
