import { createInterface } from 'node:readline/promises';
import { CommandError, EXIT } from './command-error';
import { shown, type ShownText } from './escaped-text';

/** The streams of a command, and its interrupts. */
export interface Terminal {
  readonly stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  /** Takes the answer. Rows and columns are those of a window. */
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean; rows?: number; columns?: number };
  /** Takes progress, questions and errors. */
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean };
  /** Emits SIGINT and SIGTERM: the process. */
  readonly signals: Pick<NodeJS.EventEmitter, 'once' | 'off'>;
}

export interface InterruptibleTerminal extends Terminal {
  /** Ctrl-C aborts it. */
  readonly signal: AbortSignal;
}

/** Ctrl-C came before the answer. The message says what was certainly done. */
export class InterruptedError extends CommandError {
  constructor(message = 'Interrupted. No payment was changed.') {
    super(message, { exitCode: EXIT.interrupted });
  }
}

/** The signals of a terminal's Ctrl-C, and of a container or script. */
const INTERRUPTIONS = ['SIGINT', 'SIGTERM'] as const;

/** Whether to colour the output: a person reads it at a terminal, and NO_COLOR is not set (https://no-color.org). */
export function isColoured(stream: NodeJS.WritableStream & { isTTY?: boolean }): boolean {
  return stream.isTTY === true && process.env.NO_COLOR === undefined;
}

/** Whether a person can be asked. */
export function isInteractive({ stdin, stderr }: Terminal): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** Asks on stderr. Anything but yes is no, and so is the end of the input. @throws InterruptedError */
export async function confirm(question: ShownText, { stdin, stderr, signal }: InterruptibleTerminal): Promise<boolean> {
  const prompt = createInterface({ input: stdin, output: stderr });
  const left = new Promise<string>((resolve, reject) => {
    prompt.once('SIGINT', () => {
      reject(new InterruptedError());
    }); // the terminal is in raw mode, so that Ctrl-C is typed
    prompt.once('close', () => {
      resolve('');
    });
  });
  try {
    const answer = await unlessInterrupted(
      signal,
      Promise.race([prompt.question(String(shown`${question} [y/N] `)), left]),
    );
    return /^y(es)?$/i.test(answer.trim());
  } catch (error) {
    stderr.write('\n');
    throw error;
  } finally {
    prompt.close();
  }
}

/**
 * Does work that Ctrl-C ends by the terminal's signal. It has to end at once: behind projen, which dies of the same
 * Ctrl-C, the shell asks for the next command already. The second Ctrl-C ends the process.
 */
export async function interruptible<T>(
  terminal: Terminal,
  work: (terminal: InterruptibleTerminal) => Promise<T>,
  interruptions: readonly (typeof INTERRUPTIONS)[number][] = INTERRUPTIONS,
): Promise<T> {
  const interrupt = new AbortController();
  const onInterrupt = () => {
    interrupt.abort();
  };
  for (const name of interruptions) terminal.signals.once(name, onInterrupt);
  try {
    return await work({ ...terminal, signal: interrupt.signal });
  } finally {
    for (const name of interruptions) terminal.signals.off(name, onInterrupt);
  }
}

/** Waits for the promise. @throws InterruptedError at once when the signal is aborted */
export async function unlessInterrupted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined); // nobody handles it after the interruption
  let onAbort: () => void = () => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(new InterruptedError());
    };
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
  });
  try {
    return await Promise.race([interrupted, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
