import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CommandError } from '../../../src/cli/command-error';
import { nextMessage } from '../processes';

/** Asks the function's process for one invocation. */
interface InvocationMessage {
  readonly event: unknown;
  readonly requestId: string;
  readonly functionName: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** The process's answer: its handler is loaded, or an invocation has ended. An error's text stays in the function's process. */
type RuntimeMessage = { readonly ready: true } | { readonly result: unknown } | { readonly failed: true };

export interface FunctionOptions {
  /** Its path, which a process reads when it starts. */
  readonly bundle: string | (() => string);
  readonly functionName: string;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Each line that the function writes: logs and EMF on stdout, the runtime's own on stderr. */
  readonly onLine: (line: string) => void;
}

/** The function's process ended, ran into its timeout, or its handler threw. */
export class FunctionError extends CommandError {}

/** The bundle cannot be loaded, or refuses its environment: no invocation will ever succeed. */
export class FunctionStartError extends CommandError {}

export interface InvocationOptions {
  /** Time after which the process is killed. @default the function's own timeout */
  readonly remainingMs?: number | undefined;
  /** Lambda's, new each time unless said otherwise. */
  readonly requestId?: string;
}

/** One execution environment: a process of its own, so that a timeout ends it as Lambda would. */
export class FunctionProcess {
  private child: ChildProcess | undefined;
  private starting: Promise<ChildProcess> | undefined;
  private closed: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: FunctionOptions) {}

  /** Starts the process, so that the first invocation needn't. @throws FunctionStartError */
  async warmUp(): Promise<void> {
    await this.started();
  }

  /** @throws FunctionError, after which the next call starts a new process if this one is gone; FunctionStartError */
  async invoke(event: unknown, options: InvocationOptions = {}): Promise<unknown> {
    const child = await this.started();
    const answer = nextMessage<RuntimeMessage>(child, processEnded);
    const { functionName } = this.options;
    const { remainingMs = this.options.timeoutMs, requestId = randomUUID() } = options;
    const deadline = Date.now() + remainingMs;
    const timeout = setTimeout(() => child.kill('SIGKILL'), remainingMs);
    try {
      // A process that is gone does not take it; its exit tells so.
      child.send({ event, requestId, functionName, deadline } satisfies InvocationMessage, () => undefined);
      const message = await answer;
      if ('result' in message) return message.result;
      throw new FunctionError('The handler threw an error.');
    } finally {
      clearTimeout(timeout);
    }
  }

  /**
   * Kills the process at once, as a crash would; the next call starts another.
   * @returns false when there is none
   */
  kill(): boolean {
    const child = this.child;
    this.child = undefined;
    return child?.kill('SIGKILL') ?? false;
  }

  /** Ends the process, once it has started, and waits until its last line is read, and those of its predecessors. */
  async close(): Promise<void> {
    await this.starting?.catch(() => undefined); // the call that started it gets the error
    if (this.child?.connected) this.child.disconnect();
    await this.closed;
  }

  private async started(): Promise<ChildProcess> {
    if (this.child !== undefined) return this.child;
    this.starting ??= this.start().finally(() => {
      this.starting = undefined;
    });
    return this.starting;
  }

  private async start(): Promise<ChildProcess> {
    const { bundle } = this.options;
    const path = typeof bundle === 'string' ? bundle : bundle();
    const child = fork(join(__dirname, 'lambda-runtime.mjs'), [path], {
      execArgv: [], // not the parent's TypeScript loader
      env: { ...this.options.environment, PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.once('exit', () => {
      if (this.child === child) this.child = undefined;
    });
    const errors: string[] = [];
    const output = createInterface({ input: child.stdout! }).on('line', this.options.onLine);
    const errorOutput = createInterface({ input: child.stderr! }).on('line', (line) => {
      errors.push(line);
      this.options.onLine(line);
    });
    // Not the process's own 'close' event: after `disconnect` it never comes.
    this.closed = Promise.all([this.closed, once(child, 'exit'), once(output, 'close'), once(errorOutput, 'close')]);
    try {
      await nextMessage<RuntimeMessage>(child, processEnded);
    } catch {
      await this.closed;
      throw new FunctionStartError(`The function does not start: ${errors.at(-1) ?? 'no message'}`);
    }
    return (this.child = child);
  }
}

const processEnded = () => new FunctionError("The function's process ended: a timeout, or a crash.");
