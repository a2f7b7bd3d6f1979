import { setImmediate as everythingIsStill } from 'node:timers/promises';

/** Some day or other; only differences matter. */
const BEGINNING = Date.parse('2026-01-05T08:00:00Z');

interface Happening {
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
  private readonly happenings: Happening[] = [];

  /** Milliseconds since the epoch. */
  now(): number {
    return this.time;
  }

  /** Milliseconds since the run began. */
  get elapsed(): number {
    return this.time - BEGINNING;
  }

  /** @returns takes it back */
  after(milliseconds: number, happens: () => void): () => void {
    const happening = { at: this.time + Math.max(0, milliseconds), order: ++this.planned, happens };
    this.happenings.splice(this.placeOf(happening), 0, happening);
    return () => {
      const index = this.happenings.indexOf(happening);
      if (index >= 0) this.happenings.splice(index, 1);
    };
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(milliseconds, resolve);
    });
  }

  /** Lets happen what is planned, and what follows from it, until the condition holds or nothing is left. */
  async runUntil(isOver: () => boolean): Promise<void> {
    await everythingIsStill();
    while (!isOver()) {
      const next = this.happenings.pop();
      if (next === undefined) return;
      this.time = next.at;
      next.happens();
      await everythingIsStill();
    }
  }

  private placeOf({ at }: Happening): number {
    let low = 0;
    let high = this.happenings.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.happenings[middle]!.at > at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
