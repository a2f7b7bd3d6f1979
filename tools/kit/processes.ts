import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { MissingProgramError, type Outcome, type ProgramRun } from './program';

/** Lines of a log that a failure quotes. */
const QUOTED_LINES = 25;

export interface LoggedRun extends ProgramRun {
  /** All that it writes goes there as well. */
  readonly log: string;
}

/** Every program that the test starts, each in a process group of its own, so that none outlives the test. */
export class Processes {
  private readonly running = new Set<ChildProcess>();

  /** Starts a program that is to run until the test ends. */
  start(binary: string, args: readonly string[], { directory, environment, log }: LoggedRun): ChildProcess {
    const child = spawn(binary.includes(sep) ? resolve(binary) : binary, args, {
      cwd: directory,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.running.add(child);
    for (const end of ['close', 'error']) child.once(end, () => this.running.delete(child));
    appendFileSync(log, `\n> ${binary} ${args.join(' ')}\n`);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer | string) => {
        appendFileSync(log, text);
      });
    return child;
  }

  /** Runs a program until it has ended by itself. A run that fails is an outcome like any other. */
  async run(binary: string, args: readonly string[], options: LoggedRun): Promise<Outcome> {
    const child = this.start(binary, args, options);
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]!.setEncoding('utf8').on('data', (text: string) => {
        output[name] += text;
        options.echo?.write(text);
      });
    }
    const [code, signal] = (await once(child, 'close').catch(() => {
      throw new MissingProgramError(`${binary} cannot be run.`);
    })) as [number | null, string | null];
    if (code === null) throw new Error(`${binary} was ended by ${String(signal)}.`);
    return { code, ...output };
  }

  /** Ends all of them at once, with all that they have started themselves. */
  endAll(): void {
    for (const { pid } of this.running) {
      if (pid !== undefined) endGroup(pid);
    }
    this.running.clear();
  }
}

/** The end of a log, for the message that says what failed. */
export async function endOf(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '(no log)');
  return text.trimEnd().split('\n').slice(-QUOTED_LINES).join('\n');
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}
