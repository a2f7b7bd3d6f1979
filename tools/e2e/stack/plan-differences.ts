import type { Plan } from './plan';

/** The differences of two plans, one line each: both values, or that one is missing. */
export function planDifferences(plans: Readonly<Record<string, Plan>>): string[] {
  const [[a, first], [b, second]] = Object.entries(plans) as [[string, Plan], [string, Plan]];
  const subjects = [...new Set([...first.keys(), ...second.keys()])];
  return subjects.flatMap((subject) =>
    differences(first.get(subject), second.get(subject)).map(
      ({ path, values }) => `${[subject, ...path].join('.')}: ${shown(values[0])} in ${a}, ${shown(values[1])} in ${b}`,
    ),
  );
}

interface Difference {
  readonly path: readonly string[];
  readonly values: readonly [unknown, unknown];
}

function differences(a: unknown, b: unknown): Difference[] {
  if (a === b) return [];
  if (!isStructured(a) || !isStructured(b)) return [{ path: [], values: [a, b] }];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.flatMap((name) =>
    differences(a[name], b[name]).map(({ path, values }) => ({ path: [name, ...path], values })),
  );
}

function isStructured(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
