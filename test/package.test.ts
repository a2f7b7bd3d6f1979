import { join } from 'node:path';
import { build } from 'esbuild';
import { dependencies, peerDependencies } from '../package.json';

/** What a user's program, or the package's command, loads of the package. */
const ENTRIES = ['index.ts', 'contract/index.ts', 'producer/index.ts', 'ops/main.ts'] as const;
type Entry = (typeof ENTRIES)[number];

const packagesOf = {} as Record<Entry, string[]>;

beforeAll(async () => {
  for (const entry of ENTRIES) packagesOf[entry] = await packagesLoadedBy(entry);
});

/** Imports of types alone are gone, as in the compiled code. */
async function packagesLoadedBy(entry: Entry): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(__dirname, '../src', entry)],
    bundle: true,
    platform: 'node',
    packages: 'external',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const imported = Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path));
  const names = imported.filter((path) => !path.startsWith('node:')).map((path) => path.split('/').slice(0, path.startsWith('@') ? 2 : 1).join('/'));
  return [...new Set(names)].sort();
}

test('what the package loads is what it brings or asks for, and nothing else is', () => {
  const loaded = new Set(Object.values(packagesOf).flat());
  expect([...loaded].sort()).toEqual([...Object.keys(dependencies), ...Object.keys(peerDependencies)].sort());
});

test('the construct builds upon all peers', () => {
  expect(packagesOf['index.ts']).toEqual(expect.arrayContaining(Object.keys(peerDependencies)));
});

test.each(['contract/index.ts', 'producer/index.ts', 'ops/main.ts'] as const)('%s does without the peers', (entry) => {
  expect(packagesOf[entry]).toContain('valibot');
  expect(packagesOf[entry].filter((name) => name in peerDependencies)).toEqual([]);
});

test('versions of what is brought are exact, of what is asked for are ranges', () => {
  expect(Object.values(dependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  expect(Object.values(peerDependencies).filter((range) => !/^\^\d+\.\d+\.\d+$/.test(range))).toEqual([]);
});
