import { CommandError } from '../../../src/cli/command-error';

/** Width of a histogram's bars, so that a percentile is right within one percent. */
const BAR_RATIO = Math.log(1.01);

/** What CloudWatch keeps of the values of a period: all that its statistics need, whatever their number. */
export class Summary {
  count = 0;
  private sum = 0;
  private min = Infinity;
  private max = -Infinity;
  /** Counts of values by their logarithm. Undefined while all values are equal, as those of most metrics are. */
  private bars: Map<number, number> | undefined;

  static of(value: number): Summary {
    const summary = new Summary();
    summary.count = 1;
    summary.sum = summary.min = summary.max = value;
    return summary;
  }

  merge(other: Summary): void {
    const min = Math.min(this.min, other.min);
    const max = Math.max(this.max, other.max);
    if (min !== max) {
      this.bars = this.histogram();
      for (const [bar, count] of other.histogram()) this.bars.set(bar, (this.bars.get(bar) ?? 0) + count);
    }
    Object.assign(this, { min, max, count: this.count + other.count, sum: this.sum + other.sum });
  }

  /**
   * @param name `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or a percentile, such as `p99` or `p99.9`
   * @throws CommandError for any other
   */
  statistic(name: string): number {
    switch (name) {
      case 'Sum':
        return this.sum;
      case 'Average':
        return this.sum / this.count;
      case 'Minimum':
        return this.min;
      case 'Maximum':
        return this.max;
      case 'SampleCount':
        return this.count;
      default: {
        const percent = /^p(\d{1,2}(\.\d+)?)$/.exec(name)?.[1];
        if (percent === undefined)
          throw new CommandError(`The embedded CloudWatch doesn't know the statistic ${name}.`);
        return this.percentile(Number(percent));
      }
    }
  }

  private percentile(percent: number): number {
    let left = Math.max(1, Math.ceil((this.count * percent) / 100));
    for (const [bar, count] of [...this.histogram()].sort(([one], [other]) => one - other)) {
      left -= count;
      if (left <= 0) return Math.min(Math.max(Math.exp(bar * BAR_RATIO), this.min), this.max);
    }
    return this.max;
  }

  private histogram(): Map<number, number> {
    return this.bars ?? new Map(this.count === 0 ? [] : [[barOf(this.min), this.count]]);
  }
}

/** All values up to zero share a bar. */
function barOf(value: number): number {
  return value > 0 ? Math.round(Math.log(value) / BAR_RATIO) : -Infinity;
}
