import { createInterface } from 'node:readline/promises';
import { shown, type ShownText } from '../cli/escaped-text';

export interface OpsTerminal {
  readonly stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  /** Rows and columns are a window's. */
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean; rows?: number; columns?: number };
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean };
  /** Tells of Ctrl-C: the process. */
  readonly signals: Pick<NodeJS.EventEmitter, 'once' | 'off'>;
}

export interface InterruptibleTerminal extends OpsTerminal {
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Ctrl-C came before the answer; the message says what is certain. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';

  constructor(message = 'Interrupted. No payment was changed.') {
    super(message);
  }
}

/** A terminal's Ctrl-C, and a container's or script's. */
const INTERRUPTIONS = ['SIGINT', 'SIGTERM'] as const;

/** Whether a person can be asked. */
export function isInteractive({ stdin, stderr }: OpsTerminal): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** Asks beside the answer's own stream. Anything but yes is no, and so is the input's end. @throws InterruptedError */
export async function confirm(question: ShownText, { stdin, stderr, signal }: InterruptibleTerminal): Promise<boolean> {
  const prompt = createInterface({ input: stdin, output: stderr });
  const left = new Promise<string>((resolve, reject) => {
    prompt.once('SIGINT', () => {
      reject(new InterruptedError());
    }); // typed: the terminal is in raw mode
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
  terminal: OpsTerminal,
  work: (terminal: InterruptibleTerminal) => Promise<T>,
): Promise<T> {
  const interrupt = new AbortController();
  const onInterrupt = () => {
    interrupt.abort();
  };
  for (const name of INTERRUPTIONS) terminal.signals.once(name, onInterrupt);
  try {
    return await work({ ...terminal, signal: interrupt.signal });
  } finally {
    for (const name of INTERRUPTIONS) terminal.signals.off(name, onInterrupt);
  }
}

/** The promise, as long as it is waited for. @throws InterruptedError at once when the signal is aborted */
export async function unlessInterrupted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined); // nobody hears it after the interruption
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
