import { Token } from 'cdktf';
import { inspect } from 'node:util';
import type { Rule } from './prop-rules';

/** A prop's name, its value, and what it should have been. */
export interface PropError {
  readonly prop: string;
  readonly value: unknown;
  /** Completes "must". */
  readonly must: string;
}

/** Faults of the values that their rules do not allow; what Terraform alone will know is passed over. */
export function badValues(
  values: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, Rule>>,
): PropError[] {
  return Object.entries(values).flatMap(([prop, value]) => {
    const rule = rules[prop];
    if (rule === undefined || Token.isUnresolved(value) || rule.allows(value)) return [];
    return [{ prop, value, must: `be ${rule.wanted}` }];
  });
}

/** One line a fault, each on a line of its own. */
export function listed(faults: readonly PropError[]): string {
  return faults.map(({ prop, value, must }) => `\n- ${prop} is ${inspect(value)}, but must ${must}`).join('');
}
