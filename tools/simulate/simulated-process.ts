import { onAbort } from '../kit/virtual-globals';
import type { World } from './world';

const LATENCY_MS = { low: 1, high: 25 };
const NEVER = new Promise<never>(() => undefined);

export type Crash = 'crash before' | 'crash after';

/** One call to a service. */
export interface Call<T> {
  readonly what: string;
  readonly signal: AbortSignal;
  readonly takesEffect: () => T;
  /** The error of a call that its own signal ended. */
  readonly givenUp: () => Error;
  /** One way. */
  readonly latencyMs?: number;
  readonly crash?: Crash | undefined;
}

/**
 * One process of a function on the simulated network. A crash or a timeout ends it; calls that have left by then take
 * effect all the same. While it reads an expensive body, it does nothing else: its calls leave later, and answers wait.
 */
export abstract class SimulatedProcess {
  protected isAlive = true;
  private busyUntil = 0;

  constructor(
    protected readonly world: World,
    readonly name: string,
  ) {}

  get canRun(): boolean {
    return this.isAlive;
  }

  protected abstract crash(): void;
  /** Services were so slow that what it did may have cost a receive for nothing. */
  protected abstract onSlow(): void;

  /** Milliseconds since the epoch, as far as the process has got. */
  now(): number {
    return Math.max(this.world.time.now(), this.busyUntil);
  }

  /** A message whose body costs time when it is read, by this process. */
  readable<M extends { readonly body: string }>(message: M): M {
    const { world } = this;
    const { body } = message;
    const reads = () => {
      world.reader = this;
    };
    return Object.defineProperty({ ...message }, 'body', {
      enumerable: true,
      get: () => {
        reads();
        return body;
      },
    });
  }

  spendTime(milliseconds: number): void {
    this.busyUntil = this.now() + milliseconds;
  }

  /** Calls a service. As in a real network, the process may end before the request leaves, or after it took effect. */
  call<T>({ what, signal, takesEffect, givenUp, latencyMs = this.latency(), crash }: Call<T>): Promise<T> {
    const { time, log } = this.world;
    if (!this.isAlive) return NEVER;
    if (crash === 'crash before') {
      this.crash();
      return NEVER;
    }
    return new Promise((resolve, reject) => {
      let isWaiting = true;
      onAbort(signal, () => {
        if (isWaiting) reject(givenUp());
      });
      time.after(this.busyFor() + latencyMs, () => {
        const answer = outcomeOf(takesEffect, resolve, reject);
        log.event(this.name, `${what}${answer.isError ? ': error' : ''}`);
        if (crash === 'crash after') this.crash();
        this.afterwards(latencyMs, () => {
          isWaiting = false;
          if (this.isAlive) answer.arrives();
        });
      });
    });
  }

  private afterwards(milliseconds: number, happens: () => void): void {
    this.world.time.after(milliseconds, () => {
      const busyFor = this.busyFor();
      if (busyFor === 0) happens();
      else this.afterwards(busyFor, happens);
    });
  }

  private busyFor(): number {
    return this.now() - this.world.time.now();
  }

  private latency(): number {
    const { random, troubles, time } = this.world;
    const slowness = troubles.slowness(time.elapsed);
    if (slowness > 0) this.onSlow();
    return random.between(LATENCY_MS.low, LATENCY_MS.high + slowness);
  }
}

function outcomeOf<T>(
  work: () => T,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): { isError: boolean; arrives: () => void } {
  try {
    const value = work();
    return {
      isError: false,
      arrives: () => {
        resolve(value);
      },
    };
  } catch (error) {
    return {
      isError: true,
      arrives: () => {
        reject(error);
      },
    };
  }
}
