import { type Command, InvalidArgumentError } from 'commander';

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
      throw new UsageError(
        `${flag} has no value, as ${value} looks like an option: if it is the value, write ${shellWord(`${flag}=${value}`)}.`,
      );
    }
  }
}

/** The text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return PLAIN_WORD.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The command line does not say what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An option's value, or its default, as a whole number. @throws UsageError outside the bounds, both of which are allowed */
export function wholeNumber(
  option: string,
  text: string | undefined,
  fallback: number,
  min: number,
  max: number,
): number {
  const value = Number(text ?? fallback);
  if (/^\d+$/.test(text ?? String(fallback)) && value >= min && value <= max) return value;
  throw new UsageError(`${option} ${text ?? ''}: it must be a whole number from ${min} to ${max}.`);
}

/** Reads a commander option's value as a whole number within the bounds, both of which are allowed. */
export function wholeNumberOption(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
