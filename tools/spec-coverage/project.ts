import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** Paths are from the project's root. */
export function hasFile(path: string): boolean {
  return existsSync(join(ROOT, path));
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function readJson(path: string): unknown {
  return JSON.parse(readText(path));
}

/** The tasks of `npx projen`. */
export function tasks(): Record<string, unknown> {
  return (readJson('.projen/tasks.json') as { tasks: Record<string, unknown> }).tasks;
}
