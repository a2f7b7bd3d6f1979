import type { javascript } from 'projen';

/** The entry points of the package, and their files. */
const ENTRIES = { '.': 'index', './contract': 'contract/index', './producer': 'producer/index' };

/**
 * Compiled code with its types and maps, and the sources that the maps point to; the functions' bundles with their maps, for
 * readers of a stack trace; the pages in docs, which alarms name. Left out: the project's own stack, its demo, its tests, and the
 * pages about its specification.
 */
const FILES = [
  ...['index', 'contract/**/*', 'infrastructure/**/*', 'producer/**/*', 'preflight/**/*'].flatMap((path) => [
    `lib/${path}.*`,
    `src/${path}.ts`,
  ]),
  // The operator's command: nobody imports its types.
  ...['cli/*', 'ops/**/*', 'runtime/aws-call'].flatMap((path) => [
    `lib/${path}.js`,
    `lib/${path}.js.map`,
    `src/${path}.ts`,
  ]),
  'assets/',
  'docs/',
  '!docs/spec/',
  'CHANGELOG.md',
];

/** The AWS SDK's minimum. The package check runs the package on the lowest version, too. */
const NODE = '>=20.0.0';

/** The files that npm packs, and how they are imported. */
export function describePackage({ package: manifest }: javascript.NodeProject, peers: readonly string[]): void {
  manifest.addEngine('node', NODE);
  manifest.addBin({ 'payment-pipeline': 'lib/ops/main.js' });
  manifest.addField('type', 'commonjs');
  manifest.addField('files', FILES);
  manifest.addField('exports', {
    ...Object.fromEntries(
      Object.entries(ENTRIES).map(([path, file]) => [
        path,
        { types: `./lib/${file}.d.ts`, default: `./lib/${file}.js` },
      ]),
    ),
    './package.json': './package.json',
  });
  // For TypeScript's older resolution, which does not read "exports"; it is what "cdktf init" sets.
  manifest.addField('typesVersions', {
    '*': { contract: ['./lib/contract/index.d.ts'], producer: ['./lib/producer/index.d.ts'] },
  });
  // Who only sends payments, or operates a pipeline, is spared cdktf and 360 MB of the provider's bindings.
  manifest.addField(
    'peerDependenciesMeta',
    Object.fromEntries(peers.map((peer) => [peer.slice(0, peer.lastIndexOf('@')), { optional: true }])),
  );
}
