import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const KEPT = join(__dirname, '../../.runs');

/**
 * Keeps a copy of a run's file for later inspection. The command's next run replaces it.
 * @returns the path of the copy
 */
export function keepArtifact(command: 'demo' | 'chaos', file: string): string {
  const directory = join(KEPT, command);
  mkdirSync(directory, { recursive: true });
  const kept = join(directory, basename(file));
  copyFileSync(file, kept);
  return kept;
}
