import type { Clock } from '../../../scripts/plan-review/github';

/** A clock whose waits end at once, and that keeps them. */
export class FakeClock implements Clock {
  readonly waits: number[] = [];
  private time = Date.UTC(2026, 0, 1);

  /** One for each of the next calls: a call without an answer has one that is aborted. */
  timeouts: AbortSignal[] = [];

  now(): number {
    return this.time;
  }

  wait(ms: number): Promise<void> {
    this.waits.push(ms);
    this.time += ms;
    return Promise.resolve();
  }

  timeout(): AbortSignal {
    return this.timeouts.shift() ?? new AbortController().signal;
  }
}
