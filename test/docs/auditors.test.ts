import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageText, ROOT } from '../../tools/kit/documents';
import { readGraph } from '../../tools/kit/stacks/stacks';

const PAGE = pageText('docs/explanation/auditors.md');
const graph = readGraph('production');

const tests = [...PAGE.matchAll(/\[([^\]]+)\]\(\.\.\/\.\.\/(test\/\S+\.test\.ts)\)/g)].map(([, title, file]) => ({
  title: title!,
  file: file!,
}));

test.each(tests)('the page names a test that exists: $title', ({ title, file }) => {
  const text = readFileSync(join(ROOT, file), 'utf8').replaceAll(/\s+/g, ' ');
  expect(text).toContain(title);
});

test('each guarantee and each resource that it names exists', () => {
  const guarantees = pageText('docs/explanation/guarantees.md');
  const named = [...PAGE.matchAll(/\[G\d+\]/g)].map(([id]) => id);
  expect(named.filter((id) => !guarantees.includes(`\`${id}\` **`))).toEqual([]);
  const types = [...PAGE.matchAll(/`(aws_\w+)`/g)].map(([, type]) => type!);
  expect(types.filter((type) => graph.find(type).length === 0)).toEqual([]);
  expect(Math.min(named.length, types.length, tests.length)).toBeGreaterThan(4);
});

test('each section of the standards has a row that says who enforces it', () => {
  const controls = [...PAGE.matchAll(/^\| (?:CC)?(\d+)\.\d/gm)].map(([row]) =>
    row.replace(/^\| (CC)?(\d+)\.\d/, '$1$2'),
  );
  expect([...new Set(controls)]).toEqual(['3', '7', '8', '10', 'CC6', 'CC7']);
});

test('the retention is that of the stack', () => {
  const days = (type: string, attribute: string) =>
    new Set(graph.all<Record<string, unknown>>(type).map((resource) => resource[attribute]));
  expect(days('aws_cloudwatch_log_group', 'retention_in_days')).toEqual(new Set([365]));
  const { rule } = graph.only<{ rule: { default_retention: { days: number } } }>(
    'aws_s3_bucket_object_lock_configuration',
  );
  expect(rule.default_retention.days).toBe(400);
  expect(PAGE).toMatch(/log groups[^\n]*\| 365 days \|[^]*audit bucket[^\n]*\| 400 days locked/);
});
