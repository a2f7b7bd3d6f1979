import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportsOf } from '../../../tools/documents/reference/declarations';
import { ROOT } from '../../../tools/kit/documents';

const ENTRIES = ['index.ts', 'contract/index.ts', 'producer/index.ts'];

/** Classes of errors in texts. */
const errorsIn = (texts: readonly string[]) => texts.flatMap((text) => text.match(/\b[A-Z]\w*Error\b/g) ?? []);

test.each(ENTRIES)('%s exports the class of each error that its docstrings say is thrown', (entry) => {
  const exported = exportsOf(entry);
  const docs = exported.flatMap(({ doc, creation, members }) => [
    doc,
    ...(creation === undefined ? [] : [creation.doc]),
    ...members.map((member) => member.doc),
  ]);
  const thrown = errorsIn(docs.flatMap(({ details }) => details.filter((detail) => detail.startsWith('Throws '))));
  const names = [...exported.map(({ name }) => name), ...Object.getOwnPropertyNames(globalThis)];
  expect(thrown).not.toEqual([]);
  expect(thrown.filter((name) => !names.includes(name))).toEqual([]);
});

test('an entry exports each class of errors of construct, contract and producer', () => {
  const files = ['infrastructure', 'contract', 'producer'].flatMap((folder) =>
    readdirSync(join(ROOT, 'src', folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(ROOT, 'src', folder, name), 'utf8')),
  );
  const declared = errorsIn(files.flatMap((text) => text.match(/^export class \w+Error\b/gm) ?? []));
  const names = ENTRIES.flatMap((entry) => exportsOf(entry).map(({ name }) => name));
  expect(declared).toContain('OutcomeSubscriptionError');
  expect(declared.filter((name) => !names.includes(name))).toEqual([]);
});
