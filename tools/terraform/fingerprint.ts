import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { PackageDirectory } from './offline-stack';

/**
 * Replaces a zip that is never opened. Its hash is computed from the files that the zip would contain, and changes with
 * them, but no zip is written.
 */
export function fingerprintDirectory(stack: string): PackageDirectory {
  return ({ sourceDirectory, outputPath, excludes }) => {
    const source = join(stack, sourceDirectory);
    const hash = createHash('sha256');
    for (const file of filesIn(source).filter((name) => !excludes.includes(name))) {
      hash.update(`${file}\0`).update(readFileSync(join(source, file)));
    }
    return { path: outputPath, base64sha256: hash.digest('base64') };
  };
}

/** Their paths relative to the directory, in an order that is the same everywhere. */
export function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(directory, join(parentPath, name)))
    .sort();
}
