import { setImmediate as everythingIsStill } from 'node:timers/promises';

/** An arbitrary day; only differences matter. */
const BEGINNING = Date.parse('2026-01-05T08:00:00Z');

interface ScheduledEvent {
  readonly at: number;
  /** Of two at the same time, the one that was planned first happens first. */
  readonly order: number;
  readonly happens: () => void;
}

/** A clock that jumps from one event to the next, identically in every run. */
export class VirtualTime {
  private time = BEGINNING;
  private planned = 0;
  /** Latest first, so that the next one is taken off the end. */
  private readonly events: ScheduledEvent[] = [];

  /** Milliseconds since the epoch. */
  now(): number {
    return this.time;
  }

  /** Milliseconds since the run began. */
  get elapsed(): number {
    return this.time - BEGINNING;
  }

  /** @returns a function that cancels it */
  after(milliseconds: number, happens: () => void): () => void {
    const event = { at: this.time + Math.max(0, milliseconds), order: ++this.planned, happens };
    this.events.splice(this.placeOf(event), 0, event);
    return () => {
      const index = this.events.indexOf(event);
      if (index >= 0) this.events.splice(index, 1);
    };
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(milliseconds, resolve);
    });
  }

  /** Runs the planned events, and those that they plan, until the condition holds or none is left. */
  async runUntil(isOver: () => boolean): Promise<void> {
    await everythingIsStill();
    while (!isOver()) {
      const next = this.events.pop();
      if (next === undefined) return;
      this.time = next.at;
      next.happens();
      await everythingIsStill();
    }
  }

  private placeOf({ at }: ScheduledEvent): number {
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.events[middle]!.at > at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
