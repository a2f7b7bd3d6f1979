import type { Deployed } from './assertion';
import type { AskedResource, Values } from './asked-stack';

/** What the emulator says of a resource, under the names of its arguments in Terraform. */
export type Reader = (asked: AskedResource, deployed: Deployed) => Promise<Values>;

/** A value that the emulator leaves out of its answer, and AWS does not. */
export class Gap {
  constructor(readonly reason: string) {}
}

export function orGap<T>(value: T | undefined, reason: string): T | Gap {
  return value ?? new Gap(reason);
}

/** A text that the synthesized stack has for an argument. */
export function textOf({ arguments: asked }: AskedResource, argument: string): string {
  return String(asked[argument]);
}

/** What the state has, such as an id. */
export function recorded({ state }: AskedResource, attribute = 'id'): string {
  return String(state[attribute]);
}
