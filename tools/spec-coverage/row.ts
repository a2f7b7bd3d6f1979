import type { Stack } from './stack';

/** A section of docs/spec/deviations.md. */
export type DeviationId = `D${number}`;

/** A test elsewhere that shows what the stack alone cannot. */
export interface TestReference {
  /** Path relative to the project's root. */
  readonly file: string;
  /** The title as it stands in the file. */
  readonly test: string;
}

interface Demand {
  /** One demand, short enough to be a test's name. */
  readonly demand: string;
  /** How it is met, or why it is not met to the letter. */
  readonly met: string;
  readonly deviation?: DeviationId;
  /** The part of the demand that is not met yet. */
  readonly missing?: string;
  /** Addresses in the synthesized stack. */
  readonly resources: readonly string[];
}

interface ShownByStack {
  /** Expects what was asked for of the stack. Runs within a jest test. */
  readonly shows: (stack: Stack) => void;
}

interface ShownElsewhere {
  readonly shownBy: readonly TestReference[];
}

export type Row = Demand & ((ShownByStack & Partial<ShownElsewhere>) | (ShownElsewhere & Partial<ShownByStack>));

export interface Section {
  readonly title: string;
  /** Each with the file in `rows/` that holds it. */
  readonly parts: readonly (readonly [file: string, rows: readonly Row[]])[];
}
