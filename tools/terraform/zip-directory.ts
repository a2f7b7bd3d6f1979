import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { zipSync, type Zippable } from 'fflate';
import { filesIn } from './fingerprint';
import type { PackageDirectory } from './offline-stack';

/** The time of every file in the zip, so that the same files make the same zip. The format has no time zone. */
const NO_TIME = new Date(1980, 0, 1);
/** Who made the zip, and a file that all may read: as Unix writes it. */
const UNIX = 3;
const READABLE = 0o100644 * 2 ** 16;

/** Zips as `data.archive_file` does, so that the stack can be applied without the provider archive. */
export function zipDirectory(stack: string): PackageDirectory {
  return ({ sourceDirectory, outputPath, excludes }) => {
    const source = join(stack, sourceDirectory);
    const files: Zippable = {};
    for (const file of filesIn(source).filter((name) => !excludes.includes(name))) {
      files[file] = [readFileSync(join(source, file)), { mtime: NO_TIME, os: UNIX, attrs: READABLE, level: 9 }];
    }
    const zip = zipSync(files);
    const path = join(stack, outputPath); // the stack may be copied afterwards, the zip is not
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, zip);
    return { path, base64sha256: createHash('sha256').update(zip).digest('base64') };
  };
}
