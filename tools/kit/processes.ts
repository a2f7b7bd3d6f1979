import type { ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Outcome, outcomeOf, type ProgramRun, startProgram } from './program';

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

  /** Runs a program until it has ended by itself. A run that fails is an outcome like any other. */
  run(binary: string, args: readonly string[], options: LoggedRun): Promise<Outcome> {
    return outcomeOf(this.start(binary, args, options), binary, options.echo);
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
