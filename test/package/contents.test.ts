import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newDirectory } from '../support/new-directory';
import { checkContents } from './contents';
import type { Packed } from './packed';

const CODE = ['index', 'contract/index', 'infrastructure/names', 'producer/index', 'requirements/peers'];
const COMMAND = ['cli/command', 'ops/main', 'runtime/aws-call'];

/** A package that is complete but for what is changed. */
function packed(changes: Readonly<Record<string, string | undefined>> = {}): Packed {
  const map = (path: string) => JSON.stringify({ sources: [`${'../'.repeat(path.split('/').length)}src/${path}.ts`] });
  const files: Record<string, string | undefined> = {
    ...Object.fromEntries(['README.md', 'CHANGELOG.md', 'LICENSE', 'package.json', 'assets/THIRD-PARTY-LICENSES.txt', 'docs/operations.md', 'docs/producer.md'].map((file) => [file, ''])),
    ...Object.fromEntries(['payment', 'dlq'].flatMap((handler) => [
      [`assets/${handler}-processor/index.mjs`, ''],
      [`assets/${handler}-processor/index.mjs.map`, JSON.stringify({ sources: ['../../src/handler.ts'], sourcesContent: [''] })],
    ])),
    ...Object.fromEntries([...CODE, ...COMMAND].flatMap((path) => [[`lib/${path}.js`, ''], [`lib/${path}.js.map`, map(path)], [`src/${path}.ts`, '']])),
    ...Object.fromEntries(CODE.flatMap((path) => [[`lib/${path}.d.ts`, ''], [`lib/${path}.d.ts.map`, map(path)]])),
    'package.json': JSON.stringify({ dependencies: { valibot: '1.0.0' }, peerDependencies: { '@cdktf/provider-aws': '^20.1.0' } }),
    'lib/index.js': "require('node:fs'); require('@cdktf/provider-aws/lib/vpc');",
    'lib/contract/index.d.ts': "import * as v from 'valibot';",
    'lib/ops/main.js': "#!/usr/bin/env node\nrequire('../cli/command');",
    ...changes,
  };
  const directory = newDirectory();
  const present = Object.entries(files).filter((file): file is [string, string] => file[1] !== undefined);
  for (const [file, text] of present) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  }
  return { tarball: '', directory, files: present.map(([file]) => file) };
}

test('a complete package passes, and tells what was looked at', () => {
  expect(checkContents(packed())).toBe('45 files, 15 maps with their sources, 3 imports that lead somewhere');
});

test.each<[what: string, changes: Parameters<typeof packed>[0], sentence: RegExp]>([
  ['a file that is not to be published', { 'lib/local/main.js': '' }, /packed, and not meant to be/],
  ['a folder that is not there', { 'lib/runtime/aws-call.js': undefined, 'lib/runtime/aws-call.js.map': undefined }, /meant to be packed/],
  ['the runbook that is not there', { 'docs/operations.md': undefined }, /named outside, and not packed/],
  ['a map to a source that is not there', { 'src/infrastructure/names.ts': undefined, 'src/infrastructure/more.ts': '' }, /lib\/infrastructure\/names\.js\.map leads to what is not there/],
  ['an import of what is not there', { 'lib/producer/index.js': "require('../local/demo')" }, /imported, and neither packed nor a dependency/],
  ['a type from what is not there', { 'lib/index.d.ts': "export type { Queue } from './app/queue';" }, /imported, and neither packed nor a dependency/],
  ['an import of a package that is not brought', { 'lib/producer/index.js': "require('valibots')" }, /imported, and neither/],
  ['a type of a package that is not brought', { 'lib/index.d.ts': "import type { Handler } from 'aws-lambda';" }, /imported, and neither/],
  ['a command that no shell can start', { 'lib/ops/main.js': "require('../cli/command');" }, /#!/],
])('%s is told', (_what, changes, sentence) => {
  expect(() => checkContents(packed(changes))).toThrow(sentence);
});
