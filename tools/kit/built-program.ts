import { buildSync } from 'esbuild';
import { join } from 'node:path';
import { newDirectory } from './new-directory';

const ROOT = join(__dirname, '../..');

/**
 * Builds a program of a suite as one file, which starts in a fifth of the CPU time that its sources take.
 * @param source TypeScript; its imports are relative to the project's root
 * @returns the file's path
 */
export function builtProgram(source: string): string {
  const outfile = join(newDirectory(), 'program.cjs');
  buildSync({
    stdin: { contents: source, resolveDir: ROOT, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return outfile;
}
