import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { dependencies, devDependencies, peerDependencies } from '../package.json';
import { LAMBDA_FLAGS } from '../tools/package-check/runtimes';

const ROOT = join(__dirname, '..');

/** The package's files that a user's program, or the package's command, loads. */
const ENTRIES = ['index.ts', 'contract/index.ts', 'producer/index.ts', 'ops/main.ts'] as const;
type Entry = (typeof ENTRIES)[number];

const importsOf = {} as Record<Entry, string[]>;

beforeAll(async () => {
  for (const entry of ENTRIES) importsOf[entry] = await importsFrom(entry);
});

/** Imports of types alone are gone, as in the compiled code. */
async function importsFrom(entry: Entry, external: string[] = []): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(ROOT, 'src', entry)],
    bundle: true,
    platform: 'node',
    packages: 'external',
    external,
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const imported = Object.values(metafile.inputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );
  return [...new Set(imported)].filter((path) => !path.startsWith('node:')).sort();
}

function packagesOf(...entries: readonly Entry[]): string[] {
  const names = entries
    .flatMap((entry) => importsOf[entry])
    .map((path) =>
      path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return [...new Set(names)].sort();
}

test('what the package loads is what it brings or asks for, and nothing else is', () => {
  expect(packagesOf(...ENTRIES)).toEqual([...Object.keys(dependencies), ...Object.keys(peerDependencies)].sort());
});

test('the construct builds upon all peers', () => {
  expect(packagesOf('index.ts')).toEqual(expect.arrayContaining(Object.keys(peerDependencies)));
});

test.each(['contract/index.ts', 'producer/index.ts', 'ops/main.ts'] as const)('%s does without the peers', (entry) => {
  expect(packagesOf(entry)).toContain('valibot');
  expect(packagesOf(entry).filter((name) => name in peerDependencies)).toEqual([]);
});

test('only verify and audit load the clients that they alone need', async () => {
  const others = await importsFrom('ops/main.ts', ['./verify/deployment', './payment-log']);
  const clients = (imports: readonly string[]) => imports.filter((name) => name.startsWith('@aws-sdk/client-'));
  // STS's is loaded on demand, too.
  expect(clients(others)).toEqual(
    ['cloudwatch', 'dynamodb', 'lambda', 'sqs', 'sts'].map((name) => `@aws-sdk/client-${name}`),
  );
  expect(clients(importsOf['ops/main.ts']).length).toBeGreaterThan(4);
});

/** Requires each path in a Node whose `require` refuses ES modules. @returns the paths that do not load, each with its error's code */
async function refusedByRequire(paths: readonly string[]): Promise<[path: string, code: string][]> {
  const program = `const refused = [];
    for (const path of ${JSON.stringify(paths)}) try { require(path); } catch (error) { refused.push([path, error.code ?? error.message]); }
    console.log(JSON.stringify(refused));`;
  const { stdout } = await promisify(execFile)(process.execPath, [...LAMBDA_FLAGS, '-e', program], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return JSON.parse(stdout) as [string, string][];
}

test.each(ENTRIES)("%s imports nothing that Lambda's Node does not load by require", async (entry) => {
  expect(await refusedByRequire(importsOf[entry])).toEqual([]);
});

test('an ES module, as p-limit is, would be found', async () => {
  expect(await refusedByRequire(['p-limit'])).toEqual([['p-limit', 'ERR_REQUIRE_ESM']]);
});

const { packages: locked } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { version: string }>;
};

/** A user's own copy of the SDK is shared, and the tests run with the lowest version that a range admits. */
test.each(Object.entries(dependencies))(
  '%s is published as a caret range, and the lockfile has its lower end',
  (name, range) => {
    expect(range).toMatch(/^\^\d+\.\d+\.\d+$/);
    expect(`^${locked[`node_modules/${name}`]!.version}`).toBe(range);
  },
);

test("peer dependencies begin with the tests' version and end, development dependencies are exact", () => {
  for (const [peer, range] of Object.entries(peerDependencies)) {
    expect(range).toMatch(/^>=\S+ <\d+(\.\d+)?$/);
    expect(range).toContain(`>=${devDependencies[peer as keyof typeof peerDependencies]} `);
  }
  expect(Object.values(devDependencies).filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});
