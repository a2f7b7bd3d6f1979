import type { Block } from './template';

type Blocks = Record<string, Record<string, Block>>;

/** A stack as it stands in its file. */
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

/** Addresses of all that a stack has. */
export function addressesOf({ resource, data = {}, variable = {} }: StackJson): Set<string> {
  const within = (blocks: Blocks, prefix = '') =>
    Object.entries(blocks).flatMap(([type, byId]) => Object.keys(byId).map((id) => `${prefix}${type}.${id}`));
  return new Set([
    ...within(resource),
    ...within(data, 'data.'),
    ...Object.keys(variable).map((name) => `var.${name}`),
  ]);
}

/** What a stack refers to and does not have; and what a resource waits for that is no whole resource. */
export function danglingReferences(stack: StackJson): string[] {
  const addresses = addressesOf(stack);
  const awaited = Object.values(stack.resource).flatMap((byId) =>
    Object.values(byId).flatMap(({ depends_on }) => (depends_on ?? []) as string[]),
  );
  return [...referencesOf(stack), ...awaited].filter((reference) => !addresses.has(reference));
}
