import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MUTANTS } from '../tools/simulate/mutants';
import { INVARIANTS } from '../tools/simulate/run-log';

const ROOT = join(__dirname, '..');
const PAGE = readFileSync(join(ROOT, 'docs/explanation/guarantees.md'), 'utf8');
const HELD_BY = [...PAGE.matchAll(/^ {2}- (test\/\S+\.ts): "(.+)"$/gm)].map(
  ([, file, title]) => [file!, title!] as const,
);

test.each(HELD_BY)('%s has a test that says: %s', (file, title) => {
  const source = existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8').replaceAll(/\(\s+/g, '(') : '';
  expect([...'\'"`'].filter((quote) => source.includes(`(${quote}${title}${quote}`))).toHaveLength(1);
});

test('every guarantee names the test that holds it', () => {
  const guarantees = PAGE.split(/^## /m).slice(1);
  expect(guarantees.filter((one) => !/^ {2}- test\//m.test(one)).map((one) => one.split('\n', 1)[0])).toEqual([]);
  expect(guarantees.length).toBeGreaterThan(8);
});

/** Invariants without a guarantee of their own: they say how the other ones are kept. */
const PART_OF_OTHERS = ['retry delays within limits', 'comes to an end'];

test('the page names each invariant of the simulation, and each is broken by a mutant', () => {
  const named = INVARIANTS.filter((invariant) => PAGE.includes(`*${invariant}*`));
  expect(named).toEqual(INVARIANTS.filter((invariant) => !PART_OF_OTHERS.includes(invariant)));
  const broken = new Set(Object.values(MUTANTS).flatMap(({ breaks }) => breaks));
  expect(INVARIANTS.filter((invariant) => !broken.has(invariant))).toEqual(['comes to an end']);
});

test('the page gives the numbers of seeds that the build runs', () => {
  const build = readFileSync(join(ROOT, '.ci/run'), 'utf8');
  const run = [...build.matchAll(/projen simulate .*--seeds (\d+)/g)].map(([, seeds]) =>
    Number(seeds).toLocaleString('en-US'),
  );
  const told = /`\.ci\/run` runs ([\d,]+) seeds, and ([\d,]+) with `hold`/.exec(PAGE)!.slice(1);
  expect(told).toEqual(run);
});
