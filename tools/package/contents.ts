import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { CommandError, EXIT } from '../../src/cli/command-error';
import { KEY_CHANGES_RUNBOOK } from '../../src/infrastructure/key-change-alerts';
import { runbookPath } from '../../src/infrastructure/monitoring/alarm';
import { ALARMS } from '../../src/infrastructure/monitoring/monitoring';
import { OUTAGE_ALARM } from '../../src/infrastructure/monitoring/outage-alarm';
import type { Packed } from './package-file';

/** The package's files: each matches a pattern, and each pattern matches a file. */
const CONTENTS: readonly RegExp[] = [
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^package\.json$/,
  /^docs\/((?!spec\/)[\w-]+\/)*[\w-]+\.(md|svg|png)$/,
  /^assets\/(payment|dlq)-processor\/index\.mjs(\.map)?$/,
  /^assets\/payment-processor\/sns-outcome-topic\.mjs$/,
  /^assets\/THIRD-PARTY-LICENSES\.txt$/,
  /^lib\/index\.(js|d\.ts)(\.map)?$/,
  /^lib\/(contract|infrastructure|producer|preflight)\/[\w/-]+\.(js|d\.ts)(\.map)?$/,
  /^lib\/cli\/[\w-]+\.js(\.map)?$/,
  /^lib\/ops\/[\w/-]+\.js(\.map)?$/,
  /^lib\/runtime\/aws-call\.js(\.map)?$/,
  /^src\/index\.ts$/,
  /^src\/(contract|infrastructure|producer|preflight|cli|ops)\/[\w/-]+\.ts$/,
  /^src\/runtime\/aws-call\.ts$/,
];

/** Files that alarms, messages and the construct name. */
const NAMED = [
  ...[...ALARMS, OUTAGE_ALARM].map(runbookPath),
  KEY_CHANGES_RUNBOOK,
  'docs/how-to/send-payments.md',
  ...['payment', 'dlq'].flatMap((handler) => [
    `assets/${handler}-processor/index.mjs`,
    `assets/${handler}-processor/index.mjs.map`,
  ]),
  'assets/payment-processor/sns-outcome-topic.mjs',
];

/** The fields of package.json that name files. */
interface Manifest {
  readonly main?: string;
  readonly types?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly exports?: unknown;
  readonly typesVersions?: unknown;
  readonly dependencies?: object;
  readonly peerDependencies?: object;
}

const IMPORT = /(?:require\(|import\(|from )["']([\w.@][^"':]*)["']/g;

/**
 * Compares the package's files with package.json, with the imports of its code, and with the patterns above.
 * @returns a summary of what was compared
 * @throws CommandError when it lacks a file, or has one that it must not have
 */
export function checkContents(packed: Packed): string {
  const { files } = packed;
  const manifest = JSON.parse(read(packed, 'package.json')) as Manifest;
  refuse(
    'promised by package.json, and not packed',
    promisesOf(manifest).filter((promise) => !isKept(promise, files)),
  );
  refuse(
    'packed, and not meant to be',
    files.filter((file) => !CONTENTS.some((pattern) => pattern.test(file))),
  );
  refuse(
    'meant to be packed, and not there',
    CONTENTS.filter((pattern) => !files.some((file) => pattern.test(file))),
  );
  refuse(
    'named outside, and not packed',
    NAMED.filter((file) => !files.includes(file)),
  );
  refuse(
    'commands without the line "#!/usr/bin/env node"',
    Object.values(manifest.bin ?? {}).filter((file) => !read(packed, file).startsWith('#!/usr/bin/env node\n')),
  );
  const maps = checkMaps(packed);
  const imports = checkImports(packed, manifest);
  return `${files.length} files, ${maps} maps with their sources, ${imports} imports that lead somewhere`;
}

function refuse(fault: string, files: readonly (string | RegExp)[]): void {
  if (files.length > 0)
    throw new CommandError(
      `The package cannot be published: ${fault}: ${files.join(', ')}. projenrc/package.ts says what is packed.`,
      { exitCode: EXIT.failed },
    );
}

/** Files, or patterns of files, that package.json names for programs, npm and TypeScript. */
function promisesOf({ main, types, bin, files, exports, typesVersions }: Manifest): string[] {
  const promises = textsOf([main, types, bin, files, exports, typesVersions]).map((path) => posix.normalize(path));
  return [...new Set(promises)].filter((path) => path !== '.' && !path.startsWith('!'));
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** Needed because npm accepts a pattern in `files` that matches no file. */
function isKept(promise: string, files: readonly string[]): boolean {
  const pattern = promise
    .replace(/\/$/, '')
    .replace(/[.+]/g, '\\$&')
    .replace(/\*\*\//g, '(?:.+/)?')
    .replace(/\*/g, '[^/]*');
  const matching = new RegExp(`^${pattern}(?:/|$)`);
  return files.some((file) => matching.test(file));
}

/** The source of each map must be in the package, or in the map itself. */
function checkMaps(packed: Packed): number {
  const maps = packed.files.filter((file) => file.endsWith('.map'));
  for (const file of maps) {
    const { sources, sourcesContent } = JSON.parse(read(packed, file)) as {
      sources: string[];
      sourcesContent?: string[];
    };
    const dangling = sources.filter(
      (source, index) =>
        sourcesContent?.[index] === undefined && !packed.files.includes(posix.join(posix.dirname(file), source)),
    );
    refuse(`${file} refers to a missing file`, sources.length > 0 ? dangling : [file]);
  }
  return maps.length;
}

/** Includes type imports: a missing one silently makes its types `any`. */
function checkImports(packed: Packed, { dependencies, peerDependencies }: Manifest): number {
  const installed = Object.keys({ ...dependencies, ...peerDependencies });
  const isThere = (file: string, path: string) =>
    path.startsWith('.')
      ? isPacked(packed, file, path)
      : installed.some((name) => path === name || path.startsWith(`${name}/`));
  const code = packed.files.filter((file) => /^lib\/.*\.(js|d\.ts)$/.test(file));
  const imports = code.flatMap((file) =>
    [...read(packed, file).matchAll(IMPORT)].map(([, path = '']) => ({ file, path })),
  );
  refuse(
    'imported, and neither packed nor a dependency',
    imports.filter(({ file, path }) => !isThere(file, path)).map(({ file, path }) => `${path} by ${file}`),
  );
  return imports.length;
}

function isPacked({ files }: Packed, file: string, path: string): boolean {
  const target = posix.join(posix.dirname(file), path);
  const extension = file.endsWith('.d.ts') ? '.d.ts' : '.js';
  return [`${target}${extension}`, `${target}/index${extension}`].some((candidate) => files.includes(candidate));
}

function read({ directory }: Packed, file: string): string {
  return readFileSync(join(directory, file), 'utf8');
}
