import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprintDirectory } from '../../../tools/terraform/fingerprint';
import { newDirectory } from '../../../tools/kit/new-directory';

function fingerprint(files: Record<string, string>, excludes: string[] = []): string {
  const stack = newDirectory();
  mkdirSync(join(stack, 'code', 'deep'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(stack, 'code', name), text);
  const archive = { id: 'x', sourceDirectory: 'code', outputPath: 'code.zip', excludes };
  return fingerprintDirectory(stack)(archive).base64sha256;
}

test('the same files have the same hash, in any order and without excluded ones', () => {
  const files = { 'a.mjs': '1', 'deep/b.mjs': '2' };

  expect(fingerprint(files)).toMatch(/^[\w+/]{43}=$/);
  expect(fingerprint(files)).toBe(fingerprint({ 'deep/b.mjs': '2', 'a.mjs': '1' }));
  expect(fingerprint({ ...files, 'a.map': '3' }, ['a.map'])).toBe(fingerprint(files));
});

test('other names, contents or files have another one', () => {
  const hashes = [{ a: '1' }, { a: '2' }, { b: '1' }, { a: '1', b: '' }, { 'deep/a': '1' }, {}].map((files) =>
    fingerprint(files as Record<string, string>),
  );

  expect(new Set(hashes).size).toBe(hashes.length);
});
