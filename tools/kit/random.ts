import { createHash } from 'node:crypto';
import { uniformIntDistribution, xoroshiro128plus } from 'pure-rand';

/** A source of numbers that is the same for the same seed. */
export interface SeededRandom {
  /** A number from 0 up to, not including, 1. */
  next(): number;
  /** A whole number, both ends included. */
  between(low: number, high: number): number;
}

export function seededRandom(seed: number): SeededRandom {
  let generator = xoroshiro128plus(seed).jump!(); // its first numbers are nearly the same for all seeds
  const between = (low: number, high: number) => {
    const [value, next] = uniformIntDistribution(low, high, generator);
    generator = next;
    return value;
  };
  return { between, next: () => between(0, 2 ** 31 - 1) / 2 ** 31 };
}

/** A number from 0 up to, not including, 1; always the same for the same text. */
export function fractionOf(...text: (string | number)[]): number {
  return createHash('sha256').update(text.join('\n')).digest().readUInt32BE(0) / 2 ** 32;
}
