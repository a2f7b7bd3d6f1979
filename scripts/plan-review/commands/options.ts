import { UsageError } from '../../../src/cli/usage-error';

/** @throws UsageError */
export function needed(option: string, value: string | undefined): string {
  if (value) return value;
  throw new UsageError(`${option} has no value: it is needed.`);
}

/** @throws UsageError unless there is exactly one */
export function onlyOne(what: string, positionals: readonly string[]): string {
  const [one, ...more] = positionals;
  if (one !== undefined && more.length === 0) return one;
  throw new UsageError(`Name one ${what}, not ${positionals.length === 0 ? 'none' : positionals.join(' ')}.`);
}
