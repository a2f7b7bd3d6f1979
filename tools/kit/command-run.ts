import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { runCommand, type Command } from '../../src/cli/command';
import { newDirectory } from './new-directory';

export async function run(command: Command, ...args: string[]) {
  const [stdout, stderr] = [new Capture(), new Capture()];
  const code = await runCommand(command, args, { stdout, stderr });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

/** @returns its path, for a variable such as TERRAFORM_BINARY */
export function fakeProgram(shell: string): string {
  const file = join(newDirectory(), 'program');
  writeFileSync(file, `#!/bin/sh\n${shell}\n`);
  chmodSync(file, 0o755);
  return file;
}

export class Capture extends PassThrough {
  text = '';

  override write(chunk: unknown): boolean {
    this.text += String(chunk);
    return true;
  }
}
