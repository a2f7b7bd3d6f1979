import type { Metric, Statistic } from '../../../src/infrastructure/monitoring/metric';
import { Summary } from './summary';

/** A value of a metric. */
export interface Datum extends Metric {
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A period's value. */
export interface DataPoint {
  /** When the period begins: milliseconds since the epoch. */
  readonly at: number;
  readonly value: number;
}

/** A stretch of time, from its beginning up to its end: milliseconds since the epoch. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

interface Resolution {
  readonly periodMs: number;
  /** Age from which the data points are summed up in those of the next resolution, if there is one. */
  readonly keptMs: number;
}

export const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * CloudWatch's resolutions. It keeps them for 15, 63 and 455 days; fewer bound the memory of a pipeline that stays up:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention
 */
const RESOLUTIONS: readonly Resolution[] = [
  { periodMs: MINUTE_MS, keptMs: 12 * HOUR_MS },
  { periodMs: 5 * MINUTE_MS, keptMs: 3 * DAY_MS },
  { periodMs: HOUR_MS, keptMs: 60 * DAY_MS },
];

/** The data points of one metric, by resolution and by the beginning of their period. */
class MetricData {
  private readonly points = RESOLUTIONS.map(() => new Map<number, Summary>());
  private latest = -Infinity;

  add(value: number, at: number): void {
    const start = floor(at, MINUTE_MS);
    const index = RESOLUTIONS.findIndex(({ keptMs }) => this.latest - start < keptMs);
    this.merge(index, start, Summary.of(value));
    if (start <= this.latest) return;
    this.latest = start;
    this.rollUp();
  }

  /** All data points of a range, those of a coarser resolution than the period left out. */
  *within({ from, to }: TimeRange, longestMs: number): Iterable<readonly [number, Summary]> {
    for (const [index, { periodMs }] of RESOLUTIONS.entries()) {
      const points = this.points[index]!;
      if (periodMs > longestMs || points.size === 0) continue;
      if ((to - from) / periodMs > points.size) {
        for (const point of points) if (point[0] >= from && point[0] < to) yield point;
      } else {
        for (let start = Math.ceil(from / periodMs) * periodMs; start < to; start += periodMs) {
          const point = points.get(start);
          if (point !== undefined) yield [start, point];
        }
      }
    }
  }

  /** Without a resolution of that index, the data point is too old to be kept. */
  private merge(index: number, at: number, added: Summary): void {
    const resolution = RESOLUTIONS[index];
    if (resolution === undefined) return;
    const start = floor(at, resolution.periodMs);
    const points = this.points[index]!;
    let point = points.get(start);
    if (point === undefined) points.set(start, (point = new Summary()));
    point.merge(added);
  }

  private rollUp(): void {
    for (const [index, { keptMs }] of RESOLUTIONS.entries()) {
      const points = this.points[index]!;
      for (const [start, point] of points) {
        if (this.latest - start < keptMs) break; // the rest is younger
        this.merge(index + 1, start, point);
        points.delete(start);
      }
    }
  }
}

/**
 * The metrics of an embedded CloudWatch. Data points are of a minute for twelve hours, of five minutes for three days, and of
 * an hour for sixty.
 */
export class MetricStore {
  private readonly metrics = new Map<string, MetricData>();

  put({ value, at, ...metric }: Datum): void {
    const key = keyOf(metric);
    let data = this.metrics.get(key);
    if (data === undefined) this.metrics.set(key, (data = new MetricData()));
    data.add(value, at);
  }

  /** Whether the metric has ever had a value. */
  has(metric: Metric): boolean {
    return this.metrics.has(keyOf(metric));
  }

  /**
   * The values of the periods that have data, in their order. The first period begins with the range.
   * @param period seconds
   */
  points(statistic: Statistic, period: number, range: TimeRange): DataPoint[] {
    const periodMs = period * 1_000;
    const periods = new Map<number, Summary[]>();
    for (const [start, point] of this.metrics.get(keyOf(statistic))?.within(range, periodMs) ?? []) {
      const at = range.from + floor(start - range.from, periodMs);
      const others = periods.get(at);
      if (others === undefined) periods.set(at, [point]);
      else others.push(point);
    }
    return [...periods]
      .sort(([one], [other]) => one - other)
      .map(([at, points]) => ({ at, value: merged(points).statistic(statistic.statistic) }));
  }

  /** The statistic of all data points in a range. @default all that are kept. @returns undefined without data */
  value(statistic: Statistic, range: TimeRange = { from: -Infinity, to: Infinity }): number | undefined {
    const points = this.metrics.get(keyOf(statistic))?.within(range, Infinity) ?? [];
    const summary = merged([...points].map(([, point]) => point));
    return summary.count === 0 ? undefined : summary.statistic(statistic.statistic);
  }
}

/** @returns one that is in the store, if it is the only one */
function merged(points: readonly Summary[]): Summary {
  if (points.length === 1) return points[0]!;
  const summary = new Summary();
  for (const point of points) summary.merge(point);
  return summary;
}

/** The shortest period, in seconds, of which data points of an age are kept. */
export function shortestPeriod(ageMs: number): number {
  return (RESOLUTIONS.find(({ keptMs }) => ageMs < keptMs) ?? RESOLUTIONS.at(-1)!).periodMs / 1_000;
}

/** The last beginning of a period at or before a time. */
export function floor(at: number, periodMs: number): number {
  return Math.floor(at / periodMs) * periodMs;
}

/** The same for each order of the dimensions. */
function keyOf({ namespace, metricName, dimensions }: Metric): string {
  return JSON.stringify([namespace, metricName, ...Object.entries(dimensions).sort()]);
}
