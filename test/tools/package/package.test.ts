import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../../package.json';
import { checkContents } from '../../../tools/package/contents';
import { pack } from '../../../tools/package/package-file';
import { newDirectory } from '../../../tools/kit/new-directory';

const ROOT = join(__dirname, '../../..');

/** npm packs it, and exits with 0: https://docs.npmjs.com/cli/v11/configuring-npm/package-json#files says nothing of files that are missing. */
test('a clone that was never compiled packs, and is refused by the files that are missing', async () => {
  const clone = newDirectory();
  writeFileSync(join(clone, 'package.json'), JSON.stringify(manifest));
  for (const path of ['src', 'docs', 'README.md', 'CHANGELOG.md', 'LICENSE'])
    cpSync(join(ROOT, path), join(clone, path), { recursive: true });

  const packed = await pack(clone, newDirectory());

  expect(packed.files).toContain('src/index.ts');
  expect(() => checkContents(packed)).toThrow(
    /promised by package\.json, and not packed: lib\/index\.js, lib\/index\.d\.ts, lib\/ops\/main\.js, .*lib\/contract\/\*\*\/\*\.\*, .*assets\//,
  );
});
