import { cpSync, existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The artifacts that runs pass to each other, as GitHub stores them. */
export class Artifacts {
  constructor(private readonly directory: string) {}

  placeOf(run: number, name: string): string {
    return join(this.directory, String(run), name);
  }

  /** @throws Error when there is nothing to keep, or something else by that name */
  keep(run: number, from: string, options: Readonly<Record<string, string>>): string {
    const { name = '', overwrite, 'include-hidden-files': hidden } = options;
    const place = this.placeOf(run, name);
    if (!existsSync(from)) throw new Error(`No files were found at ${from}.`);
    if (existsSync(place) && overwrite !== 'true') throw new Error(`There is an artifact ${name} already.`);
    rmSync(place, { recursive: true, force: true });
    cpSync(from, place, { recursive: true, filter: (file) => hidden === 'true' || !basename(file).startsWith('.') });
    return name;
  }

  /** @throws Error when there is none */
  fetch(run: number, name: string, to: string): void {
    const place = this.placeOf(run, name);
    if (!existsSync(place)) throw new Error(`There is no artifact ${name}.`);
    cpSync(place, to, { recursive: true });
  }
}
