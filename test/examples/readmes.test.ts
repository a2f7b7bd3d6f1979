import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { codeBlocks, pageText, ROOT } from '../../tools/kit/documents';

const names = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test('the index lists every example', () => {
  const listed = [...pageText('examples/README.md').matchAll(/^\| \[([\w-]+)\]\(([\w-]+)\/README\.md\)/gm)];
  expect(listed.map(([, label]) => label).sort()).toEqual(names);
  expect(listed.filter(([, label, folder]) => label !== folder)).toEqual([]);
});

describe.each(names)('%s', (name) => {
  const page = pageText(`examples/${name}/README.md`);
  const commands = codeBlocks(page, 'sh').join('\n');

  test('has a program of at most a hundred lines', () => {
    const lines = pageText(`examples/${name}/main.ts`).split('\n').length - 1;
    expect(lines).toBeGreaterThanOrEqual(10);
    expect(lines).toBeLessThanOrEqual(100);
  });

  test('says when to use it, how to run it, and what to change', () => {
    const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(expect.arrayContaining(['When to use it', 'Run it', 'What to change']));
  });

  test('its commands name its own files and stack', () => {
    const files = commands.match(/examples\/[\w./-]+/g) ?? [];
    expect(files).toContain(`examples/${name}/main.ts`);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    const stacks = [...commands.matchAll(/cdktf\.out\/stacks\/([\w-]+)/g)].map(([, stack]) => stack);
    expect(stacks.filter((stack) => stack !== name)).toEqual([]);
  });
});
