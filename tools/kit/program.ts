import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { CommandError } from '../../src/cli/command-error';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramRun {
  readonly directory: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Sees all output as it comes. */
  readonly echo?: NodeJS.WritableStream | undefined;
}

/** The program is not on this machine, or cannot be executed. */
export class MissingProgramError extends CommandError {}

/**
 * Runs a program without a shell, until it has ended by itself. A relative path is one from here, not from where it runs.
 * @throws MissingProgramError
 */
export async function runProgram(binary: string, args: readonly string[], run: ProgramRun): Promise<Outcome> {
  return outcomeOf(startProgram(binary, args, run), binary, run.echo);
}

/** Starts a program without a shell and without input. @param detached makes it the leader of a process group */
export function startProgram(
  binary: string,
  args: readonly string[],
  { directory, environment }: ProgramRun,
  detached = false,
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(binary.includes(sep) ? resolve(binary) : binary, args, {
    cwd: directory,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
  });
}

/** Waits for the program's own end. @throws MissingProgramError */
export async function outcomeOf(
  child: ReturnType<typeof startProgram>,
  binary: string,
  echo?: NodeJS.WritableStream,
): Promise<Outcome> {
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      echo?.write(text);
    });
  }
  const [code, signal] = (await once(child, 'close').catch((error: unknown) => {
    throw isMissing(error) ? new MissingProgramError(`${binary} cannot be run.`) : error;
  })) as [number | null, NodeJS.Signals | null];
  if (code === null) throw new Error(`${binary} was ended by ${String(signal)}.\n${output.stderr}`);
  return { code, ...output };
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'EACCES';
}
