import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** Stands for what will only be known when it is applied. */
export const UNKNOWN = { $unknown: true } as const;

/** Stands for what must not be shown, and can still be compared. */
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
 * A value as a plan states it, in one piece: Terraform lists beside it what of it is unknown, and what is sensitive.
 * Null is left out, as it means "not set".
 * @param unknown `true`, or the places that are, in the value's own shape
 * @param sensitive likewise
 */
export function stated(value: unknown, unknown: unknown, sensitive: unknown): unknown {
  if (unknown === true) return UNKNOWN;
  if (sensitive === true) return isNothing(value) && !isStructure(unknown) ? undefined : hide(stated(value, unknown, false));
  if (Array.isArray(value) || Array.isArray(unknown)) return statedList(value, unknown, sensitive);
  if (isRecord(value) || isRecord(unknown)) return statedRecord(value, unknown, sensitive);
  return isNothing(value) ? undefined : value;
}

function statedList(value: unknown, unknown: unknown, sensitive: unknown): unknown[] {
  const length = Math.max(listOf(value).length, listOf(unknown).length);
  return Array.from({ length }, (_, index) => stated(listOf(value)[index], listOf(unknown)[index], listOf(sensitive)[index]) ?? null);
}

function statedRecord(value: unknown, unknown: unknown, sensitive: unknown): Record<string, unknown> {
  const names = [...new Set([...Object.keys(recordOf(value)), ...Object.keys(recordOf(unknown))])].sort();
  const entries = names.map((name) => [name, stated(recordOf(value)[name], recordOf(unknown)[name], recordOf(sensitive)[name])] as const);
  return Object.fromEntries(entries.filter(([, one]) => one !== undefined));
}

/** The same text for the same value, whatever the order of its keys. */
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
