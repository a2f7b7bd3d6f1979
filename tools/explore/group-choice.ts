import type { SeededRandom } from '../kit/random';

/** Makes the queue model deliver the chosen groups: stands in for the random numbers that the model draws to choose a batch. */
export class GroupChoice implements SeededRandom {
  private wanted: readonly boolean[] = [];
  private asked = 0;
  private count = 0;

  choose(free: readonly string[], groups: readonly string[]): void {
    this.wanted = free.map((group) => groups.includes(group));
    this.asked = 0;
    this.count = groups.length;
  }

  next(): number {
    return this.wanted[this.asked++] === true ? 0 : 0.5;
  }

  between(): number {
    return this.count;
  }
}
