import { createInterface } from 'node:readline/promises';

export interface OpsTerminal {
  readonly stdin: NodeJS.ReadableStream & { isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream & { isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream & { isTTY?: boolean };
  /** Tells of Ctrl-C: the process. */
  readonly signals: Pick<NodeJS.EventEmitter, 'once' | 'off'>;
}

/** Whether a person can be asked. */
export function isInteractive({ stdin, stderr }: OpsTerminal): boolean {
  return stdin.isTTY === true && stderr.isTTY === true;
}

/** Asks beside the answer's own stream. Anything but yes is no, and so are Ctrl-C and the input's end. */
export async function confirm(question: string, { stdin, stderr }: OpsTerminal): Promise<boolean> {
  const prompt = createInterface({ input: stdin, output: stderr });
  const left = new Promise<string>((resolve) => prompt.once('close', () => { resolve(''); }));
  const answer = await Promise.race([prompt.question(`${question} [y/N] `), left]);
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Does work that the first Ctrl-C ends by its signal, as soon as it can; the second ends the process. */
export async function interruptible<T>({ signals, stderr }: OpsTerminal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const onInterrupt = () => {
    stderr.write('The call under way is let finish; Ctrl-C again ends at once.\n');
    interrupt.abort();
  };
  signals.once('SIGINT', onInterrupt);
  try {
    return await work(interrupt.signal);
  } finally {
    signals.off('SIGINT', onInterrupt);
  }
}
