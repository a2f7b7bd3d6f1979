import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { CommandError, messageOf } from '../../src/cli/command-error';
import { type LocalEntry, localDirectory, localFile } from '../../src/ops/local';

/** Makes the local pipeline known to the operator's tool of this user. @throws CommandError when the file cannot be written */
export function register(entry: LocalEntry): void {
  const file = localFile(entry.port);
  try {
    mkdirSync(localDirectory(), { recursive: true, mode: 0o700 });
    const written = `${file}.${process.pid}`; // renamed whole: the operator's tool removes a file that it can't read
    writeFileSync(written, `${JSON.stringify(entry)}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(written, file); // over that of one that had the port before, and was killed
  } catch (error) {
    throw new CommandError(`${file} cannot be written, by which ops --local finds the pipeline: ${messageOf(error)}`);
  }
}

export function unregister({ port }: Pick<LocalEntry, 'port'>): void {
  rmSync(localFile(port), { force: true });
}
