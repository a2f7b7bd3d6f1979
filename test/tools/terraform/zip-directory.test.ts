import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { zipDirectory } from '../../../tools/terraform/zip-directory';
import { newDirectory } from '../../../tools/kit/new-directory';

const ARCHIVE = {
  id: 'handler',
  sourceDirectory: 'handler',
  outputPath: 'zips/handler.zip',
  excludes: ['index.mjs.map'],
};

function stackWith(files: Record<string, string>): string {
  const stack = newDirectory();
  for (const [name, content] of Object.entries(files)) {
    const file = join(stack, 'handler', name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content);
  }
  return stack;
}

test('the zip holds the files of the directory, but for the excluded ones', () => {
  const stack = stackWith({ 'index.mjs': 'code', 'lib/more.mjs': 'more', 'index.mjs.map': 'map' });

  const { path, base64sha256 } = zipDirectory(stack)(ARCHIVE);

  const zip = readFileSync(path);
  const files = Object.entries(unzipSync(zip)).map(([name, content]) => [name, strFromU8(content)]);
  expect(Object.fromEntries(files)).toEqual({ 'index.mjs': 'code', 'lib/more.mjs': 'more' });
  expect(base64sha256).toBe(createHash('sha256').update(zip).digest('base64'));
});

test('the zip stands where the stack wants it, by a path that a copy of the stack can use', () => {
  const stack = stackWith({ 'index.mjs': 'code' });

  expect(zipDirectory(stack)(ARCHIVE).path).toBe(join(stack, 'zips/handler.zip'));
});

test('the same files make the same zip, whenever they were written', () => {
  const [one, other] = [stackWith({ 'index.mjs': 'code' }), stackWith({ 'index.mjs': 'code' })];
  utimesSync(join(other!, 'handler/index.mjs'), 1, 1);

  expect(zipDirectory(one!)(ARCHIVE).base64sha256).toBe(zipDirectory(other!)(ARCHIVE).base64sha256);
});

test('another content makes another zip', () => {
  const [one, other] = [stackWith({ 'index.mjs': 'code' }), stackWith({ 'index.mjs': 'other code' })];

  expect(zipDirectory(one!)(ARCHIVE).base64sha256).not.toBe(zipDirectory(other!)(ARCHIVE).base64sha256);
});
