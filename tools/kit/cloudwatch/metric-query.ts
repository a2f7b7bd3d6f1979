import type { Statistic } from '../../../src/infrastructure/monitoring/metric';
import { evaluateMath, type Series } from './metric-math';
import type { DataPoint, MetricStore, TimeRange } from './metric-store';

/** A query of metric data: a statistic, or an expression over the ids of other queries. */
export interface MetricQuery {
  readonly id: string;
  readonly reads: Statistic | { readonly expression: string };
  /** Whether the result is one of the answer's. */
  readonly isReturned: boolean;
}

/** Runs the queries of one alarm, widget or request. @param period seconds @returns the results by id */
export function runQueries(
  metrics: MetricStore,
  queries: readonly MetricQuery[],
  period: number,
  range: TimeRange,
): Map<string, DataPoint[]> {
  const byId = new Map(queries.map((query) => [query.id, query]));
  const known = new Map<string, Series>();
  const seriesOf = (id: string): Series | undefined => {
    const query = byId.get(id);
    if (query === undefined) return undefined;
    let series = known.get(id);
    if (series === undefined) {
      const { reads } = query;
      series =
        'expression' in reads
          ? evaluateMath(reads.expression, { seriesOf, metricIds, period, range })
          : new Map(metrics.points(reads, period, range).map(({ at, value }) => [at, value]));
      known.set(id, series);
    }
    return series;
  };
  const metricIds = queries.flatMap(({ id, reads }) => ('expression' in reads ? [] : [id]));
  return new Map(
    queries
      .filter(({ isReturned }) => isReturned)
      .map(({ id }) => [id, [...seriesOf(id)!].map(([at, value]) => ({ at, value }))]),
  );
}
