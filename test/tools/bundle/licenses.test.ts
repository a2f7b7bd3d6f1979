import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { licensesOf } from '../../../tools/bundle/licenses';
import { newDirectory } from '../../../tools/kit/new-directory';

function aPackage(root: string, folder: string, license: string, files: Readonly<Record<string, string>> = {}): void {
  mkdirSync(join(root, folder), { recursive: true });
  const name = folder.replace(/^.*node_modules\//, '');
  writeFileSync(join(root, folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', license }));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, folder, file), text);
}

function bundleOf(bytes: Readonly<Record<string, number>>): Metafile {
  const inputs = Object.fromEntries(Object.entries(bytes).map(([file, bytesInOutput]) => [file, { bytesInOutput }]));
  return { inputs: {}, outputs: { 'index.mjs': { bytes: 1, imports: [], exports: [], inputs } } };
}

test('each package of which code is bundled is named, with its license; the same text stands once', () => {
  const root = newDirectory();
  aPackage(root, 'node_modules/one', 'MIT', { LICENSE: 'MIT, by One\n' });
  aPackage(root, 'node_modules/@scope/two', 'Apache-2.0', { LICENSE: 'Apache', NOTICE: 'Notice of Two' });
  aPackage(root, 'node_modules/one/node_modules/three', 'MIT', { 'license.md': 'MIT, by One' });
  aPackage(root, 'node_modules/four', 'ISC');
  aPackage(root, 'node_modules/unused', 'MIT', { LICENSE: 'unused' });

  const text = licensesOf(root, [
    bundleOf({
      'src/handler.ts': 9,
      'node_modules/one/a.js': 9,
      'node_modules/one/b.js': 9,
      'node_modules/unused/index.js': 0,
    }),
    bundleOf({
      'node_modules/one/a.js': 9,
      'node_modules/@scope/two/lib/a.js': 9,
      'node_modules/one/node_modules/three/a.js': 9,
      'node_modules/four/a.js': 9,
    }),
  ]);

  expect(text.split(/\n\n-{80}\n\n/).slice(1)).toEqual([
    '@scope/two 1.0.0 (Apache-2.0)\n\nApache\n\nNotice of Two',
    'four 1.0.0 (ISC)\n\nIts package has no text of its license, ISC.',
    'one 1.0.0 (MIT)\nthree 1.0.0 (MIT)\n\nMIT, by One\n',
  ]);
});
