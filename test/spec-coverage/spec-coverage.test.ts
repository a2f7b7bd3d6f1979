import { readTemplate } from '../../tools/kit/stacks/stacks';
import { hasFile, readText } from '../../tools/spec-coverage/project';
import { renderCoverage, WRITE_COMMAND } from '../../tools/spec-coverage/render';
import type { Row, TestReference } from '../../tools/spec-coverage/row';
import { SECTIONS } from '../../tools/spec-coverage/sections';
import { Stack, type StackJson } from '../../tools/spec-coverage/stack';

const json = readTemplate('deployed').json as unknown as StackJson;
const stack = new Stack(json);
const rows = SECTIONS.flatMap(({ parts }) => parts.flatMap(([, partRows]) => partRows));

describe.each(SECTIONS)('$title', ({ parts }) => {
  test.each(parts.flatMap(([, partRows]) => partRows))('$demand', ({ resources, shows, shownBy = [] }) => {
    expect(resources.filter((address) => !stack.has(address))).toEqual([]);
    shows?.(stack);
    expect(shownBy.filter((reference) => !exists(reference))).toEqual([]);
  });
});

test('everything in the stack has a row that explains it', () => {
  const explained = new Set(rows.flatMap(({ resources }) => resources));
  expect(stack.addresses.filter((address) => !explained.has(address))).toEqual([]);
});

/** Descriptions, labels, names of statements and Terraform's errors say nothing to AWS. Conditions of variables are run by test/app/variables.test.ts. */
const NOT_EXPECTED =
  /\.(alarm_description|description|error_message|label|sid)$|^var\.\w+\.validation\.|_archive\.source_dir$/;

test('each value in the stack is expected by a row', () => {
  const { resource, data, variable, provider, terraform } = json;
  const values = [
    ...[
      ...Object.entries(resource),
      ...Object.entries(data).map(([type, of]) => [`data.${type}`, of] as const),
    ].flatMap(([type, byId]) => valuesWithin(byId, type)),
    ...valuesWithin(variable, 'var'),
    ...valuesWithin(provider, 'provider'),
    ...valuesWithin(terraform, 'terraform'),
  ];
  const bySize = [...rows].sort((one, other) => one.resources.length - other.resources.length);
  const unexpected = values.filter(({ path, holder, key }) => {
    if (NOT_EXPECTED.test(path)) return false;
    const value = holder[key];
    holder[key] = otherThan(value);
    const changed = new Stack(json);
    const naming = bySize.filter(({ resources }) => resources.some((address) => `${path}.`.startsWith(`${address}.`)));
    const noticed = naming.some((row) => !holds(row, changed));
    holder[key] = value;
    return !noticed;
  });
  expect(values.length).toBeGreaterThan(1_000);
  expect(unexpected.map(({ path }) => path)).toEqual([]);
});

test('no two rows of a section make the same demand', () => {
  for (const { parts } of SECTIONS) {
    const demands = parts.flatMap(([, partRows]) => partRows.map(({ demand }) => demand));
    expect(demands.filter((demand, index) => demands.indexOf(demand) !== index)).toEqual([]);
  }
});

describe('docs/spec/deviations.md', () => {
  const [, ...pairs] = readText('docs/spec/deviations.md').split(/^## (D\d+)\n/m);
  const deviations = new Map(pairs.flatMap((id, index) => (index % 2 === 0 ? [[id, pairs[index + 1]!] as const] : [])));

  test('has every deviation that a row names', () => {
    expect(rows.flatMap(({ deviation = [] }) => deviation).filter((id) => !deviations.has(id))).toEqual([]);
  });

  test('has none that no row names, unless it says that the stack does not show it', () => {
    const named = new Set<string | undefined>(rows.map(({ deviation }) => deviation));
    const unnamed = [...deviations].filter(([id, text]) => !named.has(id) && !text.includes('Not in the stack:'));
    expect(unnamed.map(([id]) => id)).toEqual([]);
  });

  test('numbers them from D1 to D29', () => {
    expect([...deviations.keys()]).toEqual(Array.from({ length: 29 }, (_, index) => `D${index + 1}`));
  });
});

test(`docs/spec/coverage.md is what the rows say; if it is not, "${WRITE_COMMAND}" writes it`, () => {
  expect(readText('docs/spec/coverage.md')).toBe(renderCoverage(SECTIONS));
});

interface Value {
  readonly path: string;
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** Each text, number and truth value, with where it stands. */
function valuesWithin(holder: object, path: string): Value[] {
  return Object.entries(holder).flatMap(([key, value]: [string, unknown]) => {
    if (key === '//') return [];
    if (typeof value === 'object' && value !== null) return valuesWithin(value, `${path}.${key}`);
    return [{ path: `${path}.${key}`, holder: holder as Record<string, unknown>, key }];
  });
}

function otherThan(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  return typeof value === 'boolean' ? !value : `${String(value)}x`;
}

function holds({ shows }: Row, changed: Stack): boolean {
  try {
    shows?.(changed);
    return true;
  } catch {
    return false;
  }
}

/** Whether a file has a test of this title, which is not skipped. */
function exists({ file, test: title }: TestReference): boolean {
  if (!hasFile(file)) return false;
  const text = readText(file);
  const quoted = ["'", '"', '`'].map((quote) => `${quote}${title}${quote},`);
  const runs = !/\b(test|it|describe)(\.\w+)*\.(skip|only|todo|failing)\b|\bx(test|it|describe)\b/.test(text);
  return (
    runs && quoted.some((literal) => new RegExp(`\\(\\s*${literal.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`).test(text))
  );
}
