import { PaymentStack } from '../../src/app/payment-stack';
import { Template, testApp } from '../../tools/kit/stacks/terraform';
import { hasFile, readText } from '../../tools/spec-coverage/project';
import { renderCoverage, WRITE_COMMAND } from '../../tools/spec-coverage/render';
import type { TestReference } from '../../tools/spec-coverage/row';
import { SECTIONS } from '../../tools/spec-coverage/sections';
import { Stack, type StackJson } from '../../tools/spec-coverage/stack';

const stack = new Stack(new Template(new PaymentStack(testApp())).json as unknown as StackJson);
/** Alarms on the handlers' own metrics, and their outputs: the contract and the walks explain them. */
const OF_A_PAYMENT_METRIC = /^(aws_cloudwatch_metric_alarm|output)\.payments_alarm_payments_/;
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
  expect(stack.addresses.filter((address) => !explained.has(address) && !OF_A_PAYMENT_METRIC.test(address))).toEqual(
    [],
  );
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
