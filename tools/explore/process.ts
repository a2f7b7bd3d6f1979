import { inspect } from 'node:util';

/** A core's call of a port. @template World what the call reads or changes */
export interface Call<World> {
  /** Unique in its process: what it is, and which such call of the process. */
  readonly id: string;
  /** The description in the printed steps. */
  readonly what: string;
  /** A write changes the world; a read doesn't; a check asks the fraud API, which nothing in the world depends on. */
  readonly kind: 'write' | 'read' | 'check';
  /** Applies the call to the world, and returns the answer. */
  readonly effect: (world: World) => unknown;
  /** The error that the caller gets instead of an answer. */
  readonly failure: () => Error;
  /** The transaction id or the account that it is about. */
  readonly about?: string;
  /** The transaction id of a check. */
  readonly payment?: string;
}

/** The log entries of a process that invariants check. */
export interface Told {
  readonly event: string;
  readonly transactionId: string | undefined;
  readonly account: string | undefined;
}

/** The end of a process. */
export type Result = { readonly value: unknown } | { readonly error: unknown };

/** The functions with which a process makes its calls and reports its steps. */
export interface Outside<World> {
  readonly call: <T>(call: Omit<Call<World>, 'id' | 'effect'> & { readonly effect: (world: World) => T }) => Promise<T>;
  readonly tell: (told: Told) => void;
}

/** Starts the core. The same start with the same answers makes the same calls. */
export type Start<World> = (outside: Outside<World>) => Promise<unknown>;

type Answer = Result;

/** The core at work, until it waits for answers of its calls. */
class LiveProcess<World> {
  readonly pending = new Map<string, { readonly call: Call<World>; readonly answer: (answer: Answer) => void }>();
  readonly told: Told[] = [];
  result: Result | undefined;
  private readonly numbers = new Map<string, number>();

  constructor(start: Start<World>) {
    const outside: Outside<World> = {
      call: <T>(call: Omit<Call<World>, 'id'>) =>
        new Promise<T>((resolve, reject) => {
          const number = (this.numbers.get(call.what) ?? 0) + 1;
          this.numbers.set(call.what, number);
          const id = `${call.what} #${number}`;
          const answer = (given: Answer) => {
            if ('value' in given) resolve(given.value as T);
            else reject(given.error instanceof Error ? given.error : new Error(inspect(given.error)));
          };
          this.pending.set(id, { call: { ...call, id }, answer });
        }),
      tell: (told) => this.told.push(told),
    };
    start(outside).then(
      (value) => {
        this.result = { value };
      },
      (error: unknown) => {
        this.result = { error };
      },
    );
  }

  answer(id: string, answer: Answer): Promise<void> {
    const { answer: give } = this.pending.get(id)!;
    this.pending.delete(id);
    give(answer);
    return settled();
  }
}

/** All that can happen without an answer has happened: microtasks run before the next immediate. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

interface Step {
  readonly id: string;
  readonly answer: Answer;
  /** Call and answer as text. */
  readonly key: string;
}

/**
 * Where a process stands after some answers: what it calls next, or how it ended. Known from running the core once, from
 * its start, with these answers; then kept, as the same answers always lead here.
 */
export class ProcessState<World> {
  private readonly next = new Map<string, ProcessState<World>>();
  private live: LiveProcess<World> | undefined;
  /** Equal for equal states. What comes of a process that has ended depends on what it says, not on how it came to it. */
  readonly key: string;
  readonly pending: readonly Call<World>[];
  readonly told: readonly Told[];
  readonly result: Result | undefined;

  private constructor(
    key: string,
    private readonly family: ProcessFamily<World>,
    private readonly steps: readonly Step[],
    live: LiveProcess<World>,
  ) {
    this.live = live;
    this.pending = [...live.pending.values()].map(({ call }) => call);
    this.told = [...live.told];
    this.result = live.result;
    if (this.result !== undefined) this.live = undefined;
    this.key = this.result === undefined ? key : family.keyOfEnd(this.result, this.told);
  }

  /** Whether it has no answer yet. */
  get isFirst(): boolean {
    return this.steps.length === 0;
  }

  static async begin<World>(family: ProcessFamily<World>): Promise<ProcessState<World>> {
    const live = new LiveProcess(family.start);
    await settled();
    return new ProcessState(family.key, family, [], live);
  }

  /** @param answerKey equal for equal answers */
  after(call: Call<World>, answer: Answer, answerKey: string): ProcessState<World> | Promise<ProcessState<World>> {
    const step: Step = { id: call.id, answer, key: `${call.id} ${answerKey}` };
    return this.next.get(step.key) ?? this.run(step);
  }

  private async run(step: Step): Promise<ProcessState<World>> {
    const steps = [...this.steps, step];
    const key = this.family.keyOf(steps.map((one) => one.key));
    let state = this.family.states.get(key);
    if (state === undefined) {
      const live = this.live ?? (await this.repeated());
      this.live = undefined;
      await live.answer(step.id, step.answer);
      state = new ProcessState(key, this.family, steps, live);
      this.family.states.set(key, state);
    }
    this.next.set(step.key, state);
    return state;
  }

  private async repeated(): Promise<LiveProcess<World>> {
    const live = new LiveProcess(this.family.start);
    await settled();
    for (const { id, answer } of this.steps) await live.answer(id, answer);
    return live;
  }
}

/** All states of processes that start alike. */
export class ProcessFamily<World> {
  readonly states = new Map<string, ProcessState<World>>();
  private first: Promise<ProcessState<World>> | undefined;

  /**
   * @param key equal for equal starts
   * @param inOrder whether the order of answers matters; else a process that has had the same answers to the same calls is
   * in the same state, as its accounts don't know of each other
   */
  constructor(
    readonly key: string,
    readonly start: Start<World>,
    private readonly inOrder: boolean,
    private readonly intern: (text: string) => number,
  ) {}

  begin(): Promise<ProcessState<World>> {
    return (this.first ??= ProcessState.begin(this));
  }

  keyOfEnd(result: Result, told: readonly Told[]): string {
    const end = 'error' in result ? String(result.error) : JSON.stringify(result.value);
    return String(this.intern([this.key, 'ended', end, JSON.stringify(told)].join('\n')));
  }

  keyOf(steps: readonly string[]): string {
    return String(this.intern([this.key, ...(this.inOrder ? steps : [...steps].sort())].join('\n')));
  }
}
