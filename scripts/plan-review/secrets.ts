import type { PlanFile } from './plan-file';
import { recordOf } from './stated';

/** Shorter ones, such as `true`, would be found in every other word. */
const SHORTEST = 6;

/** The texts that a plan marks as sensitive in a resource or a variable, the longest first. */
export function secretsIn(plan: PlanFile): string[] {
  const { variables } = plan.configuration.root_module;
  const given = Object.entries(plan.variables).filter(([name]) => variables[name]?.sensitive).map(([, { value }]) => value);
  const changed = plan.resource_changes.flatMap(({ change }) => [
    ...textsAt(change.before, change.before_sensitive),
    ...textsAt(change.after, change.after_sensitive),
  ]);
  const all = [...given.flatMap((value) => textsAt(value, true)), ...changed];
  return [...new Set(all)].filter((text) => text.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

function textsAt(value: unknown, sensitive: unknown): string[] {
  if (typeof value === 'string') return sensitive === true ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => textsAt(one, sensitive === true || placeIn(sensitive, name)));
}

function placeIn(sensitive: unknown, name: string): unknown {
  return Array.isArray(sensitive) ? sensitive[Number(name)] : recordOf(sensitive)[name];
}
