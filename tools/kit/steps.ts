const FIRST_WORD_MS = 2_000;
const SAY_EVERY_MS = 10_000;

/** Adds a line to what the running step has to say. */
export type Say = (line: string) => void;

/** A step did not hold, for its `cause`; the ones after it were not tried. */
export class StepError extends Error {
  override readonly name = 'StepError';
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
    const began = Date.now();
    const seconds = () => `${((Date.now() - began) / 1_000).toFixed(1)} s`;
    this.stream.write(`▸ ${name}\n`);
    const timers = sayingOnAndOn(() => this.stream.write(`    … ${seconds()}\n`));
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
      timers.stop();
    }
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** After two seconds for the first time, so that nobody waits without a word; then seldom enough to be read. */
function sayingOnAndOn(say: () => void): { stop: () => void } {
  let next = setTimeout(function again() {
    say();
    next = setTimeout(again, SAY_EVERY_MS);
  }, FIRST_WORD_MS);
  return {
    stop: () => {
      clearTimeout(next);
    },
  };
}
