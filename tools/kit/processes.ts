import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { CommandError } from '../../src/cli/command-error';

/** Lines of a log that a failure quotes. */
const QUOTED_LINES = 25;

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramRun {
  readonly directory: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Receives all output as the program writes it. */
  readonly echo?: NodeJS.WritableStream | undefined;
}

/** Thrown when the program isn't on this machine or can't be executed. */
export class MissingProgramError extends CommandError {}

/**
 * Runs a program without a shell and waits until it exits. A relative path is relative to this process's directory, not to `run.directory`.
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

/** Waits until the program exits. @throws MissingProgramError */
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

export interface LoggedRun extends ProgramRun {
  /** The file that the program's output is appended to. */
  readonly log: string;
}

/** The programs that a test starts. Each leads its own process group, so that the test can end it with its children. */
export class Processes {
  private readonly running = new Set<ChildProcess>();

  /** Starts a program that runs until the test ends. */
  start(binary: string, args: readonly string[], run: LoggedRun): ReturnType<typeof startProgram> {
    const child = startProgram(binary, args, run, true);
    this.running.add(child);
    for (const end of ['close', 'error']) child.once(end, () => this.running.delete(child));
    appendFileSync(run.log, `\n> ${binary} ${args.join(' ')}\n`);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer | string) => {
        appendFileSync(run.log, text);
      });
    return child;
  }

  /** Runs a program and waits until it exits. A failed run is an outcome, not an error. */
  run(binary: string, args: readonly string[], options: LoggedRun): Promise<Outcome> {
    return outcomeOf(this.start(binary, args, options), binary, options.echo);
  }

  /** Kills all programs and their children. */
  endAll(): void {
    for (const { pid } of this.running) {
      if (pid !== undefined) endGroup(pid);
    }
    this.running.clear();
  }
}

/** Returns the last lines of a log for an error message. */
export async function endOf(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '(no log)');
  return text.trimEnd().split('\n').slice(-QUOTED_LINES).join('\n');
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has already ended.
  }
}

/**
 * The next message of a forked process.
 * @param ended what to throw when the process ends before
 */
export function nextMessage<T>(child: ChildProcess, ended: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = () => {
      reject(ended());
    };
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as T);
    });
  });
}
