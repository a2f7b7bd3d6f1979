import { isNativeError } from 'node:util/types';
import { escapedLines } from './escaped-text';

/**
 * What a script can tell from a command: 2 says that nothing was judged, 3 that nothing can be on this machine. Behind
 * `npx projen` every failure is 1.
 */
export const EXIT = { success: 0, failed: 1, usageError: 2, unavailable: 3, interrupted: 130 } as const;

export interface Terminal {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

/** Colours are for a person at a terminal. */
export function isColoured(stream: NodeJS.WritableStream & { isTTY?: boolean }): boolean {
  return stream.isTTY === true && process.env.NO_COLOR === undefined;
}

/** The command as its help tells it, and what it does. */
export interface Command {
  readonly help: string;
  /** @returns the exit code; throwing says that nothing could be judged */
  readonly run: (args: string[], terminal: Terminal) => Promise<number>;
}

/** Answers `--help` before any work, and turns what is thrown into one sentence and an exit code. */
export async function runCommand(command: Command, args: readonly string[], terminal: Terminal): Promise<number> {
  const own = ownArguments(args);
  if (own.includes('--help') || own.includes('-h')) {
    terminal.stdout.write(command.help);
    return EXIT.success;
  }
  try {
    return await command.run(own, terminal);
  } catch (error) {
    terminal.stderr.write(`${escapedLines(said(error))}\n`);
    return EXIT.usageError;
  }
}

/** Of bad options Node says what is wrong, not where to look. */
function said(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  const isOfOptions = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  return isOfOptions ? `${error.message.replace(/\.?$/, '.')} Try --help.` : error.message;
}

/** A leading `--` is what parts them from projen's. */
export function ownArguments(args: readonly string[]): string[] {
  return args[0] === '--' ? args.slice(1) : [...args];
}

/** Runs the command as this process. @param args its own, without those that chose the command */
export function runAsProcess(command: Command, args: readonly string[] = process.argv.slice(2)): void {
  void exitCodeOf(() => runCommand(command, args, process)).then((code) => {
    process.exitCode = code;
  });
}

/**
 * The exit code of this process's work, which goes on when its output cannot be written. A reader of the answer that left,
 * as `head` does, has read enough: the code is the work's. An answer that is lost otherwise, as on a full disk, is `EXIT.unusable`.
 */
export async function exitCodeOf(work: () => Promise<number>): Promise<number> {
  const { stdout, stderr } = process;
  let lost: string | undefined;
  stdout.on('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => {
    lost ??= code;
  });
  stderr.on('error', () => undefined);
  const code = await work();
  await written(stdout);
  if (lost === undefined || lost === 'EPIPE') return code;
  stderr.write(`The answer cannot be written (${lost}): what was done is done.\n`);
  await written(stderr);
  return EXIT.usageError;
}

/** All that was written before, or has failed. */
async function written(stream: NodeJS.WritableStream): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.write('', () => {
      setImmediate(resolve);
    });
  });
}
