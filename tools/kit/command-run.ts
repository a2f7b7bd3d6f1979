import { EventEmitter } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Program } from '../../src/cli/program';
import { newDirectory } from './new-directory';

/** The result of a program that ran in this process. */
export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program in this process. Its input is empty. */
export function run(program: Program, ...args: string[]): Promise<ProgramResult> {
  return runWith(new EventEmitter(), program, ...args);
}

/** @param signals emits the interrupts */
export async function runWith(signals: EventEmitter, program: Program, ...args: string[]): Promise<ProgramResult> {
  const terminal = { stdin: new PassThrough().end(), stdout: new Capture(), stderr: new Capture(), signals };
  const code = await program.run(args, terminal);
  return { code, stdout: terminal.stdout.text, stderr: terminal.stderr.text };
}

/** @returns its path, for a variable such as TERRAFORM_BINARY */
export function fakeProgram(shell: string): string {
  const file = join(newDirectory(), 'program');
  writeFileSync(file, `#!/bin/sh\n${shell}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A stream that keeps what is written to it. */
export class Capture extends PassThrough {
  text = '';

  override write(chunk: unknown): boolean {
    this.text += String(chunk);
    return true;
  }
}
