import type { Deployed } from './assertion';
import type { AskedResource, Values } from './asked-stack';

/** Reads a resource from the emulator. Returns its values under the names of Terraform's arguments. */
export type Reader = (asked: AskedResource, deployed: Deployed) => Promise<Values>;

/** Replaces a value that AWS returns and the emulator does not. */
export class Gap {
  constructor(readonly reason: string) {}
}

export function orGap<T>(value: T | undefined, reason: string): T | Gap {
  return value ?? new Gap(reason);
}

/** An argument of the synthesized stack, as text. */
export function textOf({ arguments: asked }: AskedResource, argument: string): string {
  return String(asked[argument]);
}

/** An attribute of Terraform's state, by default the id. */
export function recorded({ state }: AskedResource, attribute = 'id'): string {
  return String(state[attribute]);
}
