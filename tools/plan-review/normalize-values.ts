import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { CommandError } from '../../src/cli/command-error';

/** A plan doesn't show the values of these references. */
const HIDDEN_REFERENCE = /^(local|module)\./;

/** Replaces a value that Terraform knows only after the apply. */
export const UNKNOWN = { $unknown: true } as const;

/** Replaces a sensitive value: its hash can be compared, and shows nothing. */
export interface Hidden {
  readonly $sensitive: string;
}

export function isUnknown(value: unknown): boolean {
  return isRecord(value) && value.$unknown === true;
}

export function isHidden(value: unknown): boolean {
  return isRecord(value) && typeof value.$sensitive === 'string';
}

export function hide(value: unknown): Hidden {
  return { $sensitive: sha256(canonical(value)) };
}

/**
 * Merges a value with Terraform's two lists beside it: which parts of it are unknown, and which are sensitive.
 * Leaves null out, as null means "not set".
 * @param unknown `true`, or an object or list of the value's shape with `true` at the unknown places
 * @param sensitive likewise
 */
export function normalize(value: unknown, unknown: unknown, sensitive: unknown): unknown {
  if (unknown === true) return UNKNOWN;
  if (sensitive === true)
    return isNothing(value) && !isStructure(unknown) ? undefined : hide(normalize(value, unknown, false));
  if (Array.isArray(value) || Array.isArray(unknown)) return normalizeList(value, unknown, sensitive);
  if (isRecord(value) || isRecord(unknown)) return normalizeRecord(value, unknown, sensitive);
  return isNothing(value) ? undefined : value;
}

function normalizeList(value: unknown, unknown: unknown, sensitive: unknown): unknown[] {
  const length = Math.max(listOf(value).length, listOf(unknown).length);
  return Array.from(
    { length },
    (_, index) => normalize(listOf(value)[index], listOf(unknown)[index], listOf(sensitive)[index]) ?? null,
  );
}

function normalizeRecord(value: unknown, unknown: unknown, sensitive: unknown): Record<string, unknown> {
  const names = [...new Set([...Object.keys(recordOf(value)), ...Object.keys(recordOf(unknown))])].sort();
  const entries = names.map(
    (name) => [name, normalize(recordOf(value)[name], recordOf(unknown)[name], recordOf(sensitive)[name])] as const,
  );
  return Object.fromEntries(entries.filter(([, one]) => one !== undefined));
}

/**
 * Lists the configured expressions of the arguments whose value is unknown. An argument that AWS alone decides has none.
 * @param expressions by argument, from the plan's configuration
 * @param provisioners run when Terraform creates or destroys the resource; a plan shows no value of theirs
 * @throws CommandError when an expression refers to something that the plan does not show
 */
export function unknownExpressions(
  subject: string,
  expressions: Readonly<Record<string, unknown>> | undefined,
  unknown: unknown,
  sensitive: unknown,
  provisioners?: unknown,
): { configured?: Record<string, unknown> } {
  const names = Object.entries(recordOf(unknown))
    .filter(([, where]) => hasTrue(where))
    .map(([name]) => name);
  if (names.length > 0 && expressions === undefined) {
    throw new CommandError(
      `What the plan will make of ${subject} cannot be compared: its configuration is not in the plan, as that of a module is not.`,
    );
  }
  const texts = names.flatMap((name) => {
    const expression = expressions?.[name];
    if (expression === undefined) return [];
    const text = expressionText(expression, subject);
    return [[name, hasTrue(recordOf(sensitive)[name]) ? hide(text) : text] as const];
  });
  const all = { ...Object.fromEntries(texts), ...(provisioners !== undefined && { provisioners }) };
  return Object.keys(all).length > 0 ? { configured: all } : {};
}

/** The text of an expression. For a stack in JSON, Terraform reports it as a constant value, references included. */
function expressionText(expression: unknown, subject: string): unknown {
  if (Array.isArray(expression)) return expression.map((one) => expressionText(one, subject));
  if (!isRecord(expression)) return expression;
  const { references, constant_value: text } = expression;
  for (const reference of Array.isArray(references) ? (references as string[]) : []) {
    if (HIDDEN_REFERENCE.test(reference))
      throw new CommandError(
        `What the plan will make of ${subject} cannot be compared: it depends on ${reference}, whose value a plan does not show.`,
      );
  }
  if (text !== undefined) return text;
  if (references !== undefined) return [...new Set(references as string[])].sort();
  return Object.fromEntries(Object.entries(expression).map(([name, one]) => [name, expressionText(one, subject)]));
}

function hasTrue(where: unknown): boolean {
  if (where === true) return true;
  return typeof where === 'object' && where !== null && Object.values(where).some(hasTrue);
}

/** Serializes a value; the order of its keys doesn't matter (RFC 8785). */
export function canonical(value: unknown): string {
  return canonicalize(value) ?? 'undefined';
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isStructure(value: unknown): boolean {
  return isRecord(value) || Array.isArray(value);
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}
