import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { inspect } from 'node:util';
import type { Rule } from './prop-rules';

/** The default and the rule of a prop. */
export interface PropRow<Value = unknown> {
  /** The value when the prop is not given; a function gets the given props. */
  readonly default?: Value;
  readonly rule?: Rule;
}

type Table = Readonly<Record<string, PropRow>>;

/** A bad prop: its name, its value, and what it should have been. */
export interface PropError {
  readonly prop: string;
  readonly value: unknown;
  /** Completes "must". */
  readonly must: string;
}

/** The given props and the defaults of the others. A prop that is given as `undefined` counts as not given. */
export function withDefaults(table: Table, props: object): object {
  const given = definedOf(props);
  const defaults = Object.entries(table).map(([prop, { default: value }]): [string, unknown] => [
    prop,
    typeof value === 'function' ? (value as (props: object) => unknown)(given) : value,
  ]);
  return { ...definedOf(Object.fromEntries(defaults)), ...given };
}

/** The values that are not `undefined`. */
export function definedOf(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The values that their rules do not allow. A value that only Terraform knows is not checked. */
export function badValues(table: Table, values: Readonly<Record<string, unknown>>): PropError[] {
  return Object.entries(values).flatMap(([prop, value]) => {
    const rule = table[prop]?.rule;
    const isUnknown = rule?.refusesTokens !== true && Token.isUnresolved(value);
    if (rule === undefined || isUnknown || rule.allows(value)) return [];
    return [{ prop, value, must: `be ${rule.wanted}` }];
  });
}

/** Props that the table does not have. @param why completes "be left out: " */
export function unknownProps(table: Table, props: object, why: (prop: string) => string): PropError[] {
  return (Object.entries(props) as [string, unknown][])
    .filter(([prop]) => !Object.hasOwn(table, prop))
    .map(([prop, value]) => ({ prop, value, must: `be left out: ${why(prop)}` }));
}

/** Each error on a line of its own. */
export function listed(errors: readonly PropError[]): string {
  return errors.map(({ prop, value, must }) => `\n- ${prop} is ${shown(value)}, but must ${must}`).join('');
}

/** Of a construct, its fields would show its whole tree. */
function shown(value: unknown): string {
  return Construct.isConstruct(value) ? `the ${value.constructor.name} "${value.node.path}"` : inspect(value);
}
