import { InvalidArgumentError } from 'commander';

/** Reads a commander option's value as a whole number within the bounds, both of which are allowed. */
export function wholeNumberOption(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}
