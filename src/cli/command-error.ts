/** Exit codes of every command. Behind `npx projen` every failure is 1. */
export const EXIT = {
  success: 0,
  /** The command did its work, and the answer is no. */
  failed: 1,
  /** Nothing was judged: bad usage, or the work could not be done. */
  usageError: 2,
  /** This machine lacks something that the work needs. */
  unavailable: 3,
  /** Ctrl-C, as shells report SIGINT. */
  interrupted: 130,
} as const;

interface CommandErrorOptions extends ErrorOptions {
  readonly exitCode?: number;
  /** A sentence on what to do. It is printed after the message. */
  readonly advice?: string;
}

/** Ends a command. The message is printed without a stack trace. Only an error that a caller handles differently has its own class. */
export class CommandError extends Error {
  override readonly name: string;
  readonly exitCode: number;
  readonly advice: string | undefined;

  constructor(message: string, { exitCode = EXIT.usageError, advice, ...options }: CommandErrorOptions = {}) {
    super(message, options);
    this.name = new.target.name;
    this.exitCode = exitCode;
    this.advice = advice;
  }
}

/** The command line does not say what to do. */
export class UsageError extends CommandError {}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
