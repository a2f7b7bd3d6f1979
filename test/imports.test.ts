import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');

const FILES = ['src', 'tools', 'projenrc']
  .flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((name) => join(room, name)),
  )
  .filter((name) => name.endsWith('.ts'));

/** Imports of types count too: a circle of types couples its files as much. */
function importsOf(file: string): string[] {
  const source = readFileSync(join(ROOT, file), 'utf8');
  return [...source.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].map(([, path]) => {
    const imported = join(dirname(file), path!);
    return FILES.find((name) => [`${imported}.ts`, join(imported, 'index.ts')].includes(name)) ?? imported;
  });
}

test('no file imports itself by way of others', () => {
  const left = new Map(FILES.map((file) => [file, importsOf(file)]));
  for (let size = Infinity; left.size < size;) {
    size = left.size;
    const imported = new Set([...left.values()].flat());
    for (const [file, imports] of left)
      if (!imported.has(file) || !imports.some((name) => left.has(name))) left.delete(file);
  }
  expect(
    [...left].map(([file, imports]) => `${file} imports ${imports.filter((name) => left.has(name)).join(', ')}`),
  ).toEqual([]);
});
