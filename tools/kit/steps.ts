import { CommandError, EXIT, messageOf } from '../../src/cli/command-error';
import { everySoOften, stopwatch } from '../../src/cli/progress';

/** Adds a line to what the running step has to say. */
export type Say = (line: string) => void;

/** A step did not hold, for its `cause`; the steps after it did not run. */
export class StepError extends CommandError {
  constructor(message: string, { cause }: { readonly cause: unknown }) {
    const isUnavailable = cause instanceof CommandError && cause.exitCode === EXIT.unavailable;
    super(message, { cause, exitCode: isUnavailable ? EXIT.unavailable : EXIT.failed });
  }
}

/** Takes the steps of a run, and says how it ended. @returns the exit code */
export async function takeSteps(stream: NodeJS.WritableStream, take: (steps: Steps) => Promise<void>): Promise<number> {
  const began = Date.now();
  try {
    await take(new Steps(stream));
    stream.write(`All steps hold. ${((Date.now() - began) / 60_000).toFixed(1)} minutes.\n`);
    return EXIT.success;
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    stream.write(`${error.message}\n`);
    return error.exitCode;
  }
}

/** Prints each step's name, what it found, and how long it took. */
export class Steps {
  private doom = new Promise<never>(() => undefined);

  constructor(private readonly stream: NodeJS.WritableStream) {}

  /** @param doom by which every step fails as soon as it rejects: nothing can succeed from then on */
  failOn(doom: Promise<never>): void {
    this.doom = doom;
    doom.catch(() => undefined); // between two steps: the next one says so
  }

  /** @param log where all of it stands, named when the step fails; undefined when its error says all */
  async take<T>(name: string, log: string | undefined, work: (say: Say) => Promise<T>): Promise<T> {
    const seconds = stopwatch();
    this.stream.write(`▸ ${name}\n`);
    const stop = everySoOften(10_000, () => this.stream.write(`    … ${seconds()}\n`));
    try {
      const result = await Promise.race([this.doom, work((line) => this.stream.write(`    ${line}\n`))]);
      this.stream.write(`✔ ${name}  (${seconds()})\n`);
      return result;
    } catch (error) {
      this.stream.write(`✘ ${name}  (${seconds()})\n`);
      throw new StepError(`${messageOf(error)}${log === undefined ? '' : `\nThe step's log: ${log}`}`, {
        cause: error,
      });
    } finally {
      stop();
    }
  }
}
