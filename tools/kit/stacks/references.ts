import type { Block } from './template';

type Blocks = Record<string, Record<string, Block>>;

/** A stack as Terraform JSON. */
export interface StackJson {
  readonly resource: Blocks;
  readonly data?: Blocks;
  readonly output?: Record<string, Block>;
  readonly variable?: Record<string, Block>;
}

const REFERENCE = /(?<![\w.])(?:var\.\w+|(?:data\.)?(?:aws|archive|random|terraform)_\w+\.\w+)/g;

/** Addresses that a value refers to, at any depth. */
export function referencesOf(value: unknown): string[] {
  if (typeof value === 'string') return value.match(REFERENCE) ?? [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === '//' ? [] : referencesOf(item)));
}

/** The addresses of a stack's resources, data sources and variables. */
export function addressesOf({ resource, data = {}, variable = {} }: StackJson): Set<string> {
  const within = (blocks: Blocks, prefix = '') =>
    Object.entries(blocks).flatMap(([type, byId]) => Object.keys(byId).map((id) => `${prefix}${type}.${id}`));
  return new Set([
    ...within(resource),
    ...within(data, 'data.'),
    ...Object.keys(variable).map((name) => `var.${name}`),
  ]);
}

/** References to addresses that the stack does not have, and entries of `depends_on` that are no such address. */
export function danglingReferences(stack: StackJson): string[] {
  const addresses = addressesOf(stack);
  const awaited = Object.values(stack.resource).flatMap((byId) =>
    Object.values(byId).flatMap(({ depends_on }) => (depends_on ?? []) as string[]),
  );
  return [...referencesOf(stack), ...awaited].filter((reference) => !addresses.has(reference));
}
