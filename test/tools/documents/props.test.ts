import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withGenerated } from '../../../tools/documents/generated';
import { propsTable, variablesTable } from '../../../tools/documents/props';

const ROOT = join(__dirname, '../../..');
const SOURCE = readFileSync(join(ROOT, 'src/infrastructure/props.ts'), 'utf8');

test.each([
  ['README.md', 'props', propsTable],
  ['docs/how-to/deploy.md', 'variables', variablesTable],
] as const)('%s has the table of today; `npx projen documents -- %s` writes it', (file, name, table) => {
  const page = readFileSync(join(ROOT, file), 'utf8');
  expect(withGenerated(page, name, table())).toBe(page);
});

test('a docstring that names another default than the prop has is refused', () => {
  expect(() => propsTable(SOURCE.replace('@default 256', '@default 512'))).toThrow(
    'The docstring of lambdaMemory says that its default is 512, but it is 256.',
  );
});

test.each(['<!-- Written by', '<!-- End of'])('a page without its mark "%s" is refused, not overwritten', (mark) => {
  const page = withGenerated(
    '<!-- Written by `npx projen documents -- one`: edit nothing between these marks. --><!-- End of one. -->',
    'one',
    'text',
  );
  expect(page).toContain('-->\ntext\n<!--');
  expect(() => withGenerated(page.replace(mark, ''), 'one', 'text')).toThrow('The page lacks a line that is "<!-- ');
});
