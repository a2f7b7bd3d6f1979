import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KEY_CHANGES_RUNBOOK } from '../../../src/infrastructure/key-change-alerts';
import { runbookPath } from '../../../src/infrastructure/monitoring/alarm';
import { ALARMS as METRIC_ALARMS } from '../../../src/infrastructure/monitoring/monitoring';
import { OUTAGE_ALARM } from '../../../src/infrastructure/monitoring/outage-alarm';
import { checkContents } from '../../../tools/package/contents';
import type { Packed } from '../../../tools/package/package-file';
import { newDirectory } from '../../../tools/kit/new-directory';

const ALARMS = [...METRIC_ALARMS, OUTAGE_ALARM];
const CODE = ['index', 'contract/index', 'infrastructure/resource-names', 'producer/index', 'preflight/peers'];
const COMMAND = ['cli/program', 'ops/main', 'runtime/aws-call'];

/** A package that is complete but for what is changed. */
function packed(changes: Readonly<Record<string, string | undefined>> = {}, manifest: object = {}): Packed {
  const map = (path: string) => JSON.stringify({ sources: [`${'../'.repeat(path.split('/').length)}src/${path}.ts`] });
  const files: Record<string, string | undefined> = {
    ...Object.fromEntries(
      [
        'README.md',
        'CHANGELOG.md',
        'LICENSE',
        'package.json',
        'assets/THIRD-PARTY-LICENSES.txt',
        'assets/payment-processor/sns-outcome-topic.mjs',
        ...ALARMS.map(runbookPath),
        KEY_CHANGES_RUNBOOK,
        'docs/how-to/send-payments.md',
      ].map((file) => [file, '']),
    ),
    ...Object.fromEntries(
      ['payment', 'dlq'].flatMap((handler) => [
        [`assets/${handler}-processor/index.mjs`, ''],
        [
          `assets/${handler}-processor/index.mjs.map`,
          JSON.stringify({ sources: ['../../src/handler.ts'], sourcesContent: [''] }),
        ],
      ]),
    ),
    ...Object.fromEntries(
      [...CODE, ...COMMAND].flatMap((path) => [
        [`lib/${path}.js`, ''],
        [`lib/${path}.js.map`, map(path)],
        [`src/${path}.ts`, ''],
      ]),
    ),
    ...Object.fromEntries(
      CODE.flatMap((path) => [
        [`lib/${path}.d.ts`, ''],
        [`lib/${path}.d.ts.map`, map(path)],
      ]),
    ),
    'package.json': JSON.stringify({
      main: 'lib/index.js',
      types: 'lib/index.d.ts',
      bin: { 'payment-pipeline': 'lib/ops/main.js' },
      files: [
        'lib/index.*',
        'lib/contract/**/*.*',
        'lib/ops/*.js',
        'src/producer/**/*.ts',
        'assets/',
        '!docs/spec/',
        'CHANGELOG.md',
      ],
      exports: {
        '.': { types: './lib/index.d.ts', default: './lib/index.js' },
        './producer': { types: './lib/producer/index.d.ts', default: './lib/producer/index.js' },
        './package.json': './package.json',
      },
      typesVersions: { '*': { contract: ['./lib/contract/index.d.ts'] } },
      dependencies: { valibot: '1.0.0' },
      peerDependencies: { '@cdktf/provider-aws': '^20.1.0' },
      ...manifest,
    }),
    'lib/index.js': "require('node:fs'); require('@cdktf/provider-aws/lib/vpc');",
    'lib/contract/index.d.ts': "import * as v from 'valibot';",
    'lib/ops/main.js': "#!/usr/bin/env node\nrequire('../cli/program');",
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

test('a complete package passes, and the output says what was checked', () => {
  expect(checkContents(packed())).toBe(
    `${46 + ALARMS.length} files, 15 maps with their sources, 3 imports that lead somewhere`,
  );
});

test.each<[what: string, changes: Parameters<typeof packed>[0], sentence: RegExp]>([
  [
    'a file that is not to be published',
    { 'lib/local/main.js': '' },
    /packed, and not meant to be: lib\/local\/main\.js/,
  ],
  [
    'a page about the specification',
    { 'docs/spec/coverage.md': '' },
    /packed, and not meant to be: docs\/spec\/coverage\.md/,
  ],
  [
    'a folder that is not there',
    { 'lib/runtime/aws-call.js': undefined, 'lib/runtime/aws-call.js.map': undefined },
    /meant to be packed, and not there: .*runtime/,
  ],
  [
    "an alarm's runbook that is not there",
    { 'docs/runbooks/alarm-payments-failed.md': undefined },
    /named outside, and not packed: docs\/runbooks\/alarm-payments-failed\.md/,
  ],
  [
    'a map to a source that is not there',
    { 'src/infrastructure/resource-names.ts': undefined, 'src/infrastructure/more.ts': '' },
    /lib\/infrastructure\/resource-names\.js\.map refers to a missing file/,
  ],
  [
    'an import of a missing file',
    { 'lib/producer/index.js': "require('../local/demo')" },
    /imported, and neither packed nor a dependency/,
  ],
  [
    'a type from a missing file',
    { 'lib/index.d.ts': "export type { Queue } from './app/queue';" },
    /imported, and neither packed nor a dependency/,
  ],
  [
    'an import of a package that is not brought',
    { 'lib/producer/index.js': "require('valibots')" },
    /imported, and neither/,
  ],
  [
    'a type of a package that is not brought',
    { 'lib/index.d.ts': "import type { Handler } from 'aws-lambda';" },
    /imported, and neither/,
  ],
  ['a command that no shell can start', { 'lib/ops/main.js': "require('../cli/program');" }, /#!/],
])('%s is told', (_what, changes, sentence) => {
  expect(() => checkContents(packed(changes))).toThrow(sentence);
});

test.each<[what: string, manifest: object, missing: string]>([
  ['main', { main: 'lib/main.js' }, 'lib/main.js'],
  ['types', { types: './lib/types.d.ts' }, 'lib/types.d.ts'],
  ['a command', { bin: { 'payment-pipeline': 'lib/ops/tool.js' } }, 'lib/ops/tool.js'],
  ["an entry's code", { exports: { '.': { types: './lib/index.d.ts', default: './lib/index.mjs' } } }, 'lib/index.mjs'],
  [
    "an entry's types, by a condition",
    { exports: { './ops': { import: { types: './lib/ops/main.d.ts' } } } },
    'lib/ops/main.d.ts',
  ],
  [
    'types for older resolutions',
    { typesVersions: { '*': { producer: ['./lib/producer.d.ts'] } } },
    'lib/producer.d.ts',
  ],
  ['a file', { files: ['SECURITY.md'] }, 'SECURITY.md'],
  ['a folder', { files: ['examples/'] }, 'examples/'],
  ['a pattern', { files: ['lib/*.cjs'] }, 'lib/*.cjs'],
  ['a pattern of a whole tree', { files: ['lib/examples/**/*.*'] }, 'lib/examples/**/*.*'],
])('%s that package.json promises, and that is not packed, is told', (_what, manifest, missing) => {
  expect(() => checkContents(packed({}, manifest))).toThrow(`promised by package.json, and not packed: ${missing}`);
});
