import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** A file that the command is to write cannot be written. */
export class UnwritableFileError extends Error {
  override readonly name = 'UnwritableFileError';
}

/**
 * Asked before the work, so that its result is not lost in the end.
 * @throws UnwritableFileError
 */
export function mustBeWritable(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
    throw new UnwritableFileError(`${file} cannot be written: it is a directory.`);
  try {
    accessSync(dirname(resolve(file)), constants.W_OK);
  } catch {
    throw new UnwritableFileError(`${file} cannot be written: its directory is missing or read-only.`);
  }
}
