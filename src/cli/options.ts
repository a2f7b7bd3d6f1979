import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from './command-error';

const LIKE_AN_OPTION = /^(--?[A-Za-z]|--$)/;
const PLAIN_WORD = /^[\w./:=@%+-]+$/;

/**
 * Checks the values of options: commander takes the next argument as an option's value, even if it is an option.
 * @param args the arguments that the command will parse
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

/** Reads an option's value as a whole number within the bounds, both of which are allowed. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** Reads a value that must not be empty: a workflow's variable that is not set expands to nothing. */
export function nonEmpty(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('It must not be empty.');
}

/** An option that takes one of some values. */
export function choiceOption(
  flags: string,
  description: string,
  choices: readonly string[],
  fallback?: string,
): Option {
  const option = new Option(flags, description).choices(choices);
  return fallback === undefined ? option : option.default(fallback);
}

/** `--json FILE`, for the program's report. */
export function reportOption(): Option {
  return new Option('--json <file>', 'write the report as JSON').argParser(writableFile);
}

export function writeReport(file: string | undefined, report: unknown): void {
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
}

/** Reads the name of a file to write. Checks it before the work, so that the result is not lost at the end. @throws UsageError */
export function writableFile(file: string): string {
  const present = statSync(file, { throwIfNoEntry: false });
  if (present?.isDirectory() === true || file.endsWith('/'))
    throw new UsageError(`${file} cannot be written: it is a directory.`);
  try {
    accessSync(present === undefined ? dirname(resolve(file)) : file, constants.W_OK);
  } catch {
    throw new UsageError(
      `${file} cannot be written: ${present === undefined ? 'its directory is missing or read-only' : 'it is read-only'}.`,
    );
  }
  return nonEmpty(file);
}
