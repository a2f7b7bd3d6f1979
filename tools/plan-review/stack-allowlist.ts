import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { REQUIRED_PROVIDERS } from '../../src/app/settings';
import { filesIn } from '../terraform/fingerprint';
import { readStack, STACK_FILE } from '../terraform/stack-file';
import { CommandError } from '../../src/cli/command-error';

const PROVIDERS = Object.keys(REQUIRED_PROVIDERS);
const SOURCES = Object.values(REQUIRED_PROVIDERS).map(({ source }) => source);

/** The allowed names. A profile or a settings file, for example, may name a program that creates credentials. */
const ALLOWED = {
  block: ['//', 'terraform', 'provider', 'variable', 'locals', 'data', 'resource', 'output'],
  terraform: ['backend', 'required_providers', 'required_version'],
  backend: ['path', 'bucket', 'key', 'region', 'encrypt', 'use_lockfile'],
  provider: ['alias', 'region', 'default_tags'],
} as const;

/** Calls of Terraform's functions that read a file or a variable's text as a template. Space and comments may follow the name. */
const FILE_FUNCTION = /\b(\w*(?:file|templatestring)\w*)(?:\s|\/\*[^]*?\*\/|(?:#|\/\/).*\n)*\(/;

/** The paths of the functions' code and zips. Expressions and `..` are not allowed. */
const CODE_PATH = /^assets\/[\w./-]+$/;

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
 * Refuses a stack that names more than the project's own. Planning runs what a stack names (providers, modules, programs
 * that create credentials), and reads files.
 * @throws CommandError that lists everything wrong
 */
export function checkStack(directory: string): void {
  if (!existsSync(join(directory, STACK_FILE))) throw new CommandError(`There is no stack in ${directory}.`);
  const { success, output: stack } = v.safeParse(schema, readStack(directory));
  const faults = success
    ? [...faultsIn(stack), ...otherFiles(directory)]
    : ['it is not as "npx projen synth" writes it'];
  if (faults.length === 0) return;
  throw new CommandError(
    `The stack is not planned with credentials: ${faults.join('; ')}. What main does not know yet is reviewed and merged first, without a plan.`,
  );
}

function faultsIn(stack: v.InferOutput<typeof schema>): string[] {
  const { backend, required_providers: required } = stack.terraform;
  const namesIn = (all: readonly object[]) => all.flatMap((one) => Object.keys(one));
  return [
    ...disallowed('block', 'the block', Object.keys(stack)),
    ...disallowed('terraform', 'the setting', Object.keys(stack.terraform)),
    ...disallowed('backend', 'the setting of the backend', namesIn(Object.values(backend))),
    ...disallowed('provider', 'the setting of a provider', namesIn(Object.values(stack.provider).flat())),
    ...Object.values(required)
      .filter(({ source }) => !SOURCES.some((known) => known === source))
      .map(({ source }) => `it takes the provider ${source}`),
    ...namesIn([stack.data, stack.resource])
      .filter((type) => !PROVIDERS.includes(type.split('_', 1)[0]!))
      .map((type) => `it has the type ${type}`),
    ...fileAccess(stack),
  ];
}

function disallowed(kind: keyof typeof ALLOWED, what: string, names: readonly string[]): string[] {
  const allowed: readonly string[] = ALLOWED[kind];
  return names.filter((name) => !allowed.includes(name)).map((name) => `it has ${what} "${name}"`);
}

/** Finds a function that reads files, and zips that read or write outside `assets/`. */
function fileAccess(stack: v.InferOutput<typeof schema>): string[] {
  const [, functionCall] = FILE_FUNCTION.exec(JSON.stringify(stack).replace(/\\[nrt]/g, '\n')) ?? [];
  const archives = Object.values((stack.data.archive_file ?? {}) as Record<string, Record<string, unknown>>);
  const foreign = archives.filter(
    ({ source_dir: from, output_path: to }) =>
      ![from, to].map(String).every((path) => CODE_PATH.test(path) && !path.includes('..')),
  );
  return [
    ...(functionCall === undefined ? [] : [`it calls ${functionCall}()`]),
    ...(foreign.length > 0 ? ['it packs files that are not in assets/'] : []),
  ];
}

function otherFiles(directory: string): string[] {
  return filesIn(directory)
    .filter((file) => file !== STACK_FILE && !file.startsWith('assets/'))
    .map((file) => `it brings the file ${file}`);
}
