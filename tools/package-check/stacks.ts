import assert from 'node:assert/strict';
import { join } from 'node:path';
import { thisProject } from '../kit/project';
import { readStack } from '../terraform/stack-file';
import { STACK } from '../../src/app/settings';
import type { StackJson } from '../kit/stacks/references';

/** Blocks by their addresses, each as JSON. */
type Blocks = ReadonlyMap<string, string>;

/** cdktf's own ids end with a hash of the path, which the project's stack leaves out. */
const HASH = /\b(\w+?)_[0-9A-F]{8}\b/g;

export function readStackOf(outdir: string, id: string): StackJson {
  return readStack(join(outdir, 'stacks', id)) as unknown as StackJson;
}

/** The stack that the project itself deploys. */
export async function ownStack(outdir: string): Promise<StackJson> {
  await thisProject.synthesize('dev', { CDKTF_OUTDIR: outdir });
  return readStackOf(outdir, STACK);
}

/** A text of the project's own stack that is another text in a user's. */
export interface Difference {
  readonly own: string;
  readonly users: string;
  readonly because: string;
}

/**
 * The user's stack has the blocks of the project's own, all of them and no other, argument by argument; but what the own one
 * computes with a variable at deployment is compared by its address alone.
 * @param given values of variables that have no default
 * @param differences each of which occurs
 * @returns how many were compared
 */
export function assertSameStack(
  user: StackJson,
  own: StackJson,
  given: Readonly<Record<string, unknown>>,
  differences: readonly Difference[] = [],
): string {
  const defaults = Object.entries(own.variable ?? {}).map(([name, variable]) => [name, variable.default] as const);
  const values = { ...Object.fromEntries(defaults), ...given };
  const expected = blocksOf(own, (json) => withDifferences(withValues(json, values), differences));
  for (const { own: text } of differences)
    assert.ok(JSON.stringify(own).includes(text), `the own stack has no ${text}`);
  const actual = blocksOf(user, (json) => json.replace(HASH, '$1'));
  assert.deepEqual([...actual.keys()].sort(), [...expected.keys()].sort());
  const computed = [...expected].filter(([, json]) => json.includes('var.')).map(([address]) => address);
  for (const [address, json] of expected) {
    if (!computed.includes(address)) assert.deepEqual(JSON.parse(actual.get(address)!), JSON.parse(json), address);
  }
  assert.ok(
    computed.length < expected.size / 10,
    `${computed.length} of ${expected.size} blocks could not be compared: ${computed.join(', ')}`,
  );
  return `${expected.size} blocks as in the project's own stack, ${expected.size - computed.length} of them argument by argument`;
}

function blocksOf({ resource, data = {}, output = {} }: StackJson, normalized: (json: string) => string): Blocks {
  const kinds = { ...resource, ...prefixed('data.', data), output };
  const blocks = Object.entries(kinds).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, block]) => [`${type}.${id}`, block] as const),
  );
  return new Map(
    blocks.map(([address, { '//': _metadata, ...block }]) => [normalized(address), normalized(JSON.stringify(block))]),
  );
}

function prefixed<T>(prefix: string, record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [`${prefix}${key}`, value]));
}

function withDifferences(json: string, differences: readonly Difference[]): string {
  return differences.reduce((text, { own, users }) => text.replaceAll(own, users), json);
}

/** Replaces variables by their values, alone or within a text. */
function withValues(json: string, values: Readonly<Record<string, unknown>>): string {
  return json
    .replace(/"\$\{var\.(\w+)\}"/g, (whole, name: string) => (name in values ? JSON.stringify(values[name]) : whole))
    .replace(/\$\{var\.(\w+)\}/g, (whole, name: string) => (typeof values[name] === 'string' ? values[name] : whole));
}
