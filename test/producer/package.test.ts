import { join } from 'node:path';
import { build } from 'esbuild';
import { dependencies } from '../../package.json';

test('what the producer loads is what the package brings, and no cdktf', async () => {
  const { metafile } = await build({
    entryPoints: [join(__dirname, '../../src/producer/index.ts')],
    bundle: true,
    platform: 'node',
    packages: 'external',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const imported = Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path));
  const packages = new Set(imported.filter((path) => !path.startsWith('node:')).map((path) => path.split('/').slice(0, path.startsWith('@') ? 2 : 1).join('/')));

  expect([...packages].filter((name) => !(name in dependencies))).toEqual([]);
  expect([...packages]).toEqual(expect.arrayContaining(['@aws-sdk/client-sqs', 'cockatiel', 'valibot']));
  expect([...packages].filter((name) => /cdktf|constructs/.test(name))).toEqual([]);
});
