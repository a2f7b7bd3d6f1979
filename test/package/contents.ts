import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Packed } from './packed';

/** All that is packed is one of these, and each of these is packed. */
const CONTENTS: readonly RegExp[] = [
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^package\.json$/,
  /^docs\/(adr\/)?[\w-]+\.(md|svg)$/,
  /^assets\/(payment|dlq)-processor\/index\.mjs(\.map)?$/,
  /^assets\/THIRD-PARTY-LICENSES\.txt$/,
  /^lib\/index\.(js|d\.ts)(\.map)?$/,
  /^lib\/(contract|infrastructure|producer|requirements)\/[\w/-]+\.(js|d\.ts)(\.map)?$/,
  /^lib\/(cli|ops)\/[\w-]+\.js(\.map)?$/,
  /^lib\/runtime\/aws-call\.js(\.map)?$/,
  /^src\/index\.ts$/,
  /^src\/(contract|infrastructure|producer|requirements|cli|ops)\/[\w/-]+\.ts$/,
  /^src\/runtime\/aws-call\.ts$/,
];

/** What somebody outside names. */
const NAMED = [
  'LICENSE', 'README.md', 'CHANGELOG.md', 'docs/operations.md', 'docs/producer.md',
  ...['payment', 'dlq'].flatMap((handler) => [`assets/${handler}-processor/index.mjs`, `assets/${handler}-processor/index.mjs.map`]),
  ...['index', 'contract/index', 'producer/index'].flatMap((entry) => [`lib/${entry}.js`, `lib/${entry}.js.map`, `lib/${entry}.d.ts`, `lib/${entry}.d.ts.map`]),
  'lib/ops/main.js',
];

const IMPORT = /(?:require\(|import\(|from )["']([\w.@][^"':]*)["']/g;

/** @returns what it looked at */
export function checkContents(packed: Packed): string {
  const { files } = packed;
  assert.deepEqual(files.filter((file) => !CONTENTS.some((pattern) => pattern.test(file))), [], 'packed, and not meant to be');
  assert.deepEqual(CONTENTS.filter((pattern) => !files.some((file) => pattern.test(file))), [], 'meant to be packed');
  assert.deepEqual(NAMED.filter((file) => !files.includes(file)), [], 'named outside, and not packed');
  const maps = checkMaps(packed);
  const imports = checkImports(packed);
  assert.match(read(packed, 'lib/ops/main.js'), /^#!\/usr\/bin\/env node\n/);
  return `${files.length} files, ${maps} maps with their sources, ${imports} imports that lead somewhere`;
}

/** A map leads to a source that is in the package, or in the map itself. */
function checkMaps(packed: Packed): number {
  const maps = packed.files.filter((file) => file.endsWith('.map'));
  for (const file of maps) {
    const { sources, sourcesContent } = JSON.parse(read(packed, file)) as { sources: string[]; sourcesContent?: string[] };
    const dangling = sources.filter((source, index) => sourcesContent?.[index] === undefined && !packed.files.includes(posix.join(posix.dirname(file), source)));
    assert.deepEqual(dangling, [], `${file} leads to what is not there`);
    assert.notEqual(sources.length, 0, `${file} is empty`);
  }
  return maps.length;
}

/** Of types too: what is missing there makes everything `any`, without a word. */
function checkImports(packed: Packed): number {
  const { dependencies, peerDependencies } = JSON.parse(read(packed, 'package.json')) as Record<string, object>;
  const installed = Object.keys({ ...dependencies, ...peerDependencies });
  const isThere = (file: string, path: string) => (path.startsWith('.') ? isPacked(packed, file, path) : installed.some((name) => path === name || path.startsWith(`${name}/`)));
  const code = packed.files.filter((file) => /^lib\/.*\.(js|d\.ts)$/.test(file));
  const imports = code.flatMap((file) => [...read(packed, file).matchAll(IMPORT)].map(([, path = '']) => ({ file, path })));
  assert.deepEqual(imports.filter(({ file, path }) => !isThere(file, path)), [], 'imported, and neither packed nor a dependency');
  assert.notEqual(imports.length, 0);
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
