import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { REQUIRED_PROVIDERS } from '../../src/app/settings';
import { filesIn } from '../terraform/fingerprint';
import { readStack, STACK_FILE } from '../terraform/stack-file';

/** A stack would do more than be planned. */
export class UnvettedStackError extends Error {
  override readonly name = 'UnvettedStackError';
}

const PROVIDERS = Object.keys(REQUIRED_PROVIDERS);
const SOURCES = Object.values(REQUIRED_PROVIDERS).map(({ source }) => source);

/** A profile or a file of settings, for one, may name a program that makes the credentials. */
const SETTINGS = {
  block: ['//', 'terraform', 'provider', 'variable', 'locals', 'data', 'resource', 'output'],
  terraform: ['backend', 'required_providers', 'required_version'],
  backend: ['path', 'bucket', 'key', 'region', 'encrypt', 'use_lockfile'],
  provider: ['alias', 'region', 'default_tags'],
} as const;

/** All of Terraform's that read a file are called so, and the one that reads what a variable says. Space and comments may follow a name. */
const READS_FILES = /\b(\w*(?:file|templatestring)\w*)(?:\s|\/\*[^]*?\*\/|(?:#|\/\/).*\n)*\(/;

/** Where the construct puts a function's code, and its zip: no expression, and no way out. */
const CODE = /^assets\/[\w./-]+$/;

const blocks = v.optional(v.record(v.string(), v.unknown()), {});
const settings = v.record(v.string(), v.unknown());
const schema = v.looseObject({
  terraform: v.looseObject({
    backend: v.optional(v.record(v.string(), settings), {}),
    required_providers: v.record(v.string(), v.object({ source: v.string() })),
  }),
  provider: v.optional(v.record(v.string(), v.array(settings)), {}),
  data: blocks,
  resource: blocks,
});

/**
 * Planning runs what a stack names: providers, modules, programs that make credentials; and it reads files. One that
 * somebody else has synthesized may name none but those that the project itself does.
 * @throws UnvettedStackError with all that is wrong
 */
export function vetStack(directory: string): void {
  if (!existsSync(join(directory, STACK_FILE))) throw new UnvettedStackError(`There is no stack in ${directory}.`);
  const { success, output: stack } = v.safeParse(schema, readStack(directory));
  const faults = success ? [...faultsIn(stack), ...strangers(directory)] : ['it is not as "npx projen synth" writes it'];
  if (faults.length === 0) return;
  throw new UnvettedStackError(`The stack is not planned with credentials: ${faults.join('; ')}. What main does not know yet is reviewed and merged first, without a plan.`);
}

function faultsIn(stack: v.InferOutput<typeof schema>): string[] {
  const types = [...Object.keys(stack.data), ...Object.keys(stack.resource)];
  const sources = Object.values(stack.terraform.required_providers).map(({ source }) => source);
  return [
    ...unknown('block', 'the block', Object.keys(stack)),
    ...unknown('terraform', 'the setting', Object.keys(stack.terraform)),
    ...unknown('backend', 'the setting of the backend', Object.values(stack.terraform.backend).flatMap((one) => Object.keys(one))),
    ...unknown('provider', 'the setting of a provider', Object.values(stack.provider).flat().flatMap((one) => Object.keys(one))),
    ...sources.filter((source) => !SOURCES.some((known) => known === source)).map((source) => `it takes the provider ${source}`),
    ...types.filter((type) => !PROVIDERS.includes(type.split('_', 1)[0]!)).map((type) => `it has the type ${type}`),
    ...filesRead(stack),
  ];
}

function unknown(kind: keyof typeof SETTINGS, what: string, names: readonly string[]): string[] {
  const known: readonly string[] = SETTINGS[kind];
  return names.filter((name) => !known.includes(name)).map((name) => `it has ${what} "${name}"`);
}

/** By a function, or into a zip from elsewhere than the bundles; or written over others. */
function filesRead(stack: v.InferOutput<typeof schema>): string[] {
  const [, functionCall] = READS_FILES.exec(JSON.stringify(stack).replace(/\\[nrt]/g, '\n')) ?? [];
  const archives = Object.values((stack.data.archive_file ?? {}) as Record<string, Record<string, unknown>>);
  const foreign = archives.filter(({ source_dir: from, output_path: to }) => ![from, to].map(String).every((path) => CODE.test(path) && !path.includes('..')));
  return [...(functionCall === undefined ? [] : [`it calls ${functionCall}()`]), ...(foreign.length > 0 ? ['it packs files that are not in assets/'] : [])];
}

function strangers(directory: string): string[] {
  return filesIn(directory).filter((file) => file !== STACK_FILE && !file.startsWith('assets/')).map((file) => `it brings the file ${file}`);
}
