import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const KEPT = join(__dirname, '../../.runs');

/**
 * Leaves a file of a run for whoever wants to look; the one of the command's next run takes its place.
 * @returns where it is
 */
export function keepArtifact(command: 'demo' | 'chaos', file: string): string {
  const directory = join(KEPT, command);
  mkdirSync(directory, { recursive: true });
  const kept = join(directory, basename(file));
  copyFileSync(file, kept);
  return kept;
}
