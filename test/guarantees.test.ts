import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClaimName } from '../tools/demo/verification/claims';
import { MUTANTS } from '../tools/simulate/mutants';
import { INVARIANTS } from '../tools/simulate/run-log';

const ROOT = join(__dirname, '..');
const PAGE = readFileSync(join(ROOT, 'docs/explanation/guarantees.md'), 'utf8');
const ID = /\[(G\d+)\]/g;

const sections = PAGE.split(/^(?=## )/m).slice(1);
const guarantees = sections.flatMap((section) => {
  const [, id] = /^`\[(G\d+)\]` \*\*/m.exec(section) ?? [];
  return id === undefined ? [] : [{ id, section }];
});

/** The ids in the titles of tests: in a text that begins with a quote on the same line. */
const tested = new Set(
  readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => readFileSync(join(ROOT, 'test', file), 'utf8').split('\n'))
    .filter((line) => /['"`].*\[G\d+\]['"`],/.test(line))
    .flatMap((line) => [...line.matchAll(ID)].map(([, id]) => id!)),
);

/** Claims of the demo's report. */
const CLAIMS: Readonly<Record<ClaimName, true>> = {
  nothing_lost: true,
  order_per_account: true,
  decided_once: true,
  dead_letters_exact: true,
  metrics_match_records: true,
  outcomes_published: true,
};

const italics = (text: string) => [...text.matchAll(/(?<!\*)\*([^*\n]+)\*(?!\*)/g)].map(([, name]) => name!);

test('the guarantees are numbered, and each but those of the simulation alone has a test with its id', () => {
  expect(guarantees.map(({ id }) => id)).toEqual(guarantees.map((_, index) => `G${index + 1}`));
  const untested = guarantees.filter(({ id }) => !tested.has(id));
  expect(untested.filter(({ section }) => italics(section).length === 0)).toEqual([]);
  expect([...tested].filter((id) => guarantees.every((guarantee) => guarantee.id !== id))).toEqual([]);
  expect(tested.size).toBeGreaterThan(8);
});

/** Invariants without a guarantee of their own: they say how the other ones are kept. */
const PART_OF_OTHERS = ['retry delays within limits', 'comes to an end'];

test('the page names each invariant of the simulation and each claim of the demo, and nothing else', () => {
  const checks = [...INVARIANTS.filter((invariant) => !PART_OF_OTHERS.includes(invariant)), ...Object.keys(CLAIMS)];
  expect([...new Set(italics(PAGE))].sort()).toEqual(checks.sort());
});

test('each invariant of the simulation is broken by a mutant', () => {
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
