import type { Clients } from '../support/clients';
import { CommandError } from '../../../src/cli/command-error';

/** The stack as it stands in the emulator. */
export interface Deployed {
  readonly aws: Clients;
  readonly account: string;
  readonly region: string;
  /** The outputs of `terraform output`. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Compares one value of the synthesized stack with the emulator. */
export interface Assertion {
  /** The type of the Terraform resource, or `output`. */
  readonly type: string;
  readonly what: string;
  /** Throws when the values differ, and EmulatorGapError when the emulator does not return the value. */
  readonly check: (deployed: Deployed) => Promise<void>;
}

/** The emulator does not return a value that AWS returns. */
export class EmulatorGapError extends CommandError {}

/** The value, which the emulator is known to leave out. */
export function unlessMissing<T>(value: T | undefined, gap: string): T {
  if (value === undefined) throw new EmulatorGapError(gap);
  return value;
}

/** Returns the element of a list of one. @throws when the list has none, or more */
export function only<T>(list: readonly T[] | undefined, what: string): T {
  if (list?.length === 1) return list[0]!;
  throw new Error(`There should be one ${what}, but there are ${list?.length ?? 0}.`);
}
