import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { STACK_FILE } from '../terraform/stack-file';

/** Part of every IAM policy that is written as text: as JSON, or as what `jsonencode` is given. */
const POLICY_TEXT = '"Statement"';

/** How cdktf's file begins a kind of blocks, a type and a block: each two spaces deeper. */
const HEAD = /^((?: {2}){1,3})"([^"]+)": \{$/;

const blocks = v.optional(v.record(v.string(), v.record(v.string(), v.unknown())), {});
const stackFile = v.object({ resource: blocks, data: blocks });

/** Makes up for what checkov leaves out when it reads a stack as JSON. */
export class ScannedStack {
  private readonly stack: v.InferOutput<typeof stackFile>;
  private readonly addresses: ReadonlyMap<number, string>;

  /** @param text as cdktf wrote it */
  constructor(text: string) {
    this.stack = v.parse(stackFile, JSON.parse(text));
    this.addresses = addressesByLine(text);
  }

  static read(directory: string): ScannedStack {
    return new ScannedStack(readFileSync(join(directory, STACK_FILE), 'utf8'));
  }

  get resources(): number {
    return Object.values(this.stack.resource).flatMap((byName) => Object.keys(byName)).length;
  }

  /** Address of the resource or data source that begins in this line; checkov itself may leave out its type. */
  addressAt(line: number): string | undefined {
    return this.addresses.get(line);
  }

  /** The types of blocks in which a policy stands as text: checkov does not look into it. */
  unreadPolicies(): string[] {
    const types = [...Object.entries(this.stack.resource), ...Object.entries(this.stack.data)];
    return types.filter(([, byName]) => texts(byName).some((text) => text.includes(POLICY_TEXT))).map(([type]) => type);
  }
}

function addressesByLine(text: string): Map<number, string> {
  const addresses = new Map<number, string>();
  let path: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const [, indent, name] = HEAD.exec(line) ?? [];
    if (indent === undefined || name === undefined) continue;
    path = [...path.slice(0, indent.length / 2 - 1), name];
    const address = addressOf(path);
    if (address !== undefined) addresses.set(index + 1, address);
  }
  return addresses;
}

function addressOf([kind, type, name]: readonly string[]): string | undefined {
  if (type === undefined || name === undefined) return undefined;
  if (kind === 'resource') return `${type}.${name}`;
  return kind === 'data' ? `data.${type}.${name}` : undefined;
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : [];
}
