import type { PageModel } from './model';

/** The values of the model that change on their own, by a key: what a live page is told when they do. */
export type Parts = Readonly<Record<string, unknown>>;

/** The difference of two models. */
export interface Changes {
  readonly set: Parts;
  readonly removed: readonly string[];
}

/** The lists of the model whose items change one by one, and what identifies an item. */
const KEYS = {
  widgets: ({ x, y }) => `${x},${y}`,
  alarms: ({ name }) => name,
  payments: ({ id }) => id,
  deadLetters: ({ messageId }) => messageId,
  drills: ({ name }) => name,
} satisfies { readonly [List in keyof PageModel]?: (item: Item<List>) => string };

type Item<List extends keyof PageModel> = PageModel[List] extends readonly (infer One)[] ? One : never;
type List = keyof typeof KEYS;

const LISTS = Object.keys(KEYS) as List[];

/** Takes a model apart. Items of a list have the key `list/item`, and the list has its order. */
export function partsOf(model: PageModel): Map<string, unknown> {
  const parts = new Map<string, unknown>();
  for (const [name, value] of Object.entries(model) as [keyof PageModel, unknown][]) {
    if (!isList(name)) {
      parts.set(name, value);
      continue;
    }
    const keyed = (value as readonly never[]).map((item) => [KEYS[name](item), item] as const);
    parts.set(
      name,
      keyed.map(([key]) => key),
    );
    for (const [key, item] of keyed) parts.set(`${name}/${key}`, item);
  }
  return parts;
}

/** Puts a model together again. */
export function modelOf(parts: ReadonlyMap<string, unknown>): PageModel {
  const names = [...parts.keys()].filter((key) => !key.includes('/'));
  return Object.fromEntries(
    names.map((name) => [
      name,
      isList(name) ? (parts.get(name) as string[]).map((key) => parts.get(`${name}/${key}`)) : parts.get(name),
    ]),
  ) as unknown as PageModel;
}

/** The texts of the parts, for comparison. */
export function textsOf(parts: ReadonlyMap<string, unknown>): Map<string, string> {
  return new Map([...parts].map(([key, value]) => [key, JSON.stringify(value)]));
}

/** The parts that differ. @param before texts of the parts that the reader has */
export function changesSince(before: ReadonlyMap<string, string>, parts: ReadonlyMap<string, unknown>): Changes {
  const changed = [...parts].filter(([key, value]) => before.get(key) !== JSON.stringify(value));
  return { set: Object.fromEntries(changed), removed: [...before.keys()].filter((key) => !parts.has(key)) };
}

/** Brings parts up to date. */
export function apply({ set, removed }: Changes, parts: Map<string, unknown>): void {
  for (const key of removed) parts.delete(key);
  for (const [key, value] of Object.entries(set)) parts.set(key, value);
}

function isList(name: string): name is List {
  return LISTS.some((list) => list === name);
}
