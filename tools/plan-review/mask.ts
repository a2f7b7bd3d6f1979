import type { PlanFile } from './plan-file';

/** Values that must not appear in a comment, and their replacements. */
const MASKED: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '(email)'],
  [/(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])/g, '(account)'],
  [/(?<![0-9A-Za-z])(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Za-z])/g, '(access key)'],
];

/** Characters: a shorter one, such as `true`, may be part of any word. */
const MIN_SECRET_LENGTH = 6;

/** Replaces email addresses, AWS account ids, access key ids and the given secrets. */
export function mask(text: string, secrets: readonly string[] = []): string {
  const withoutSecrets = secrets.reduce((rest, secret) => rest.replaceAll(secret, '(sensitive)'), text);
  return MASKED.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), withoutSecrets);
}

/** Lists the texts that a plan marks as sensitive in a resource or a variable, the longest first. */
export function secretsIn(plan: PlanFile): string[] {
  const { variables } = plan.configuration.root_module;
  const given = Object.entries(plan.variables)
    .filter(([name]) => variables[name]?.sensitive)
    .map(([, { value }]) => value);
  const changed = plan.resource_changes.flatMap(({ change }) => [
    ...textsAt(change.before, change.before_sensitive),
    ...textsAt(change.after, change.after_sensitive),
  ]);
  const all = [...given.flatMap((value) => textsAt(value, true)), ...changed];
  return [...new Set(all)].filter((text) => text.length >= MIN_SECRET_LENGTH).sort((a, b) => b.length - a.length);
}

function textsAt(value: unknown, sensitive: unknown): string[] {
  if (typeof value === 'string') return sensitive === true ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  const parts = (sensitive ?? {}) as Record<string, unknown>;
  return Object.entries(value).flatMap(([name, one]) => textsAt(one, sensitive === true || parts[name]));
}
