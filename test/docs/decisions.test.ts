import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../tools/kit/documents';

const FOLDER = join(ROOT, 'docs/decisions');
const MAX_WORDS = 250;

const index = readFileSync(join(FOLDER, 'README.md'), 'utf8');
const decisions = readdirSync(FOLDER)
  .filter((file) => file !== 'README.md')
  .sort()
  .map((file) => ({ file, text: readFileSync(join(FOLDER, file), 'utf8') }));

test('the numbers have no gap, and the index lists each decision with its title', () => {
  const listed = [...index.matchAll(/^- \[(ADR-\d{3})\]\((\S+)\): (.+)$/gm)].map(([, id, file, title]) => ({
    file,
    heading: `# ${id}: ${title}`,
  }));
  expect(listed).toEqual(decisions.map(({ file, text }) => ({ file, heading: text.split('\n', 1)[0] })));
  expect(decisions.map(({ file }) => file.slice(0, 4))).toEqual(
    decisions.map((_, at) => `${String(at + 1).padStart(3, '0')}-`),
  );
});

test.each(decisions)('$file says status, context, decision and consequences, and is short', ({ file, text }) => {
  expect(text).toMatch(/^# ADR-\d{3}: .+\n\nStatus: (accepted|superseded by .+)\n/);
  expect(text.slice(6, 9)).toBe(file.slice(0, 3));
  expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
    'Context',
    'Decision',
    'Consequences',
  ]);
  expect(text.split(/\s+/).length).toBeLessThanOrEqual(MAX_WORDS);
});
