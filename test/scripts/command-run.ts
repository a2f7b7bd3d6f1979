import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { runCommand, type Command } from '../../src/cli/command';

export async function run(command: Command, ...args: string[]) {
  const [stdout, stderr] = [new Capture(), new Capture()];
  const code = await runCommand(command, args, { stdout, stderr });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

export function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'scripts-test-'));
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
