import { UsageError } from './usage-error';

/** An option's value, or its default, as a whole number. @throws UsageError outside the bounds, both of which are allowed */
export function wholeNumber(option: string, text: string | undefined, fallback: number, min: number, max: number): number {
  const value = Number(text ?? fallback);
  if (/^\d+$/.test(text ?? String(fallback)) && value >= min && value <= max) return value;
  throw new UsageError(`${option} ${text ?? ''}: it must be a whole number from ${min} to ${max}.`);
}
