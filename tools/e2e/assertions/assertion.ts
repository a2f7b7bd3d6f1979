import type { Clients } from '../support/clients';
import { CommandError } from '../../../src/cli/command-error';

/** The stack as it stands in the emulator. */
export interface Deployed {
  readonly aws: Clients;
  readonly account: string;
  readonly region: string;
  /** As `terraform output` says. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Something that was asked for, and a look at whether it is so. */
export interface Assertion {
  /** Of the Terraform resource, or `output`. */
  readonly type: string;
  readonly what: string;
  /** Throws when it is not so; EmulatorGapError when the emulator does not say. */
  readonly check: (deployed: Deployed) => Promise<void>;
}

/** The emulator has no answer to a question that AWS answers: neither right nor wrong. */
export class EmulatorGapError extends CommandError {}

/** The value, which the emulator is known to leave out. */
export function unlessMissing<T>(value: T | undefined, gap: string): T {
  if (value === undefined) throw new EmulatorGapError(gap);
  return value;
}

/** The one element of a list that has to have one. */
export function only<T>(list: readonly T[] | undefined, what: string): T {
  if (list?.length === 1) return list[0]!;
  throw new Error(`There should be one ${what}, but there are ${list?.length ?? 0}.`);
}
