import type { Statistic } from '../../../src/infrastructure/monitoring/metric';
import type { SynthesizedStack } from '../embedded/synthesized-stack';
import { alarmDefinitions } from './alarm-definition';
import { widgetDefinitions } from './dashboard';

/** A statistic that an alarm or a widget of the stack reads, by itself or for an expression. */
export interface MetricRead {
  /** Such as `alarm alarm-sqs-in-flight-dev` or `widget Payment queue: backlog`. */
  readonly reader: string;
  readonly statistic: Statistic;
}

/** All statistics that the stack's alarms and its dashboard read. */
export function metricsRead(stack: SynthesizedStack): MetricRead[] {
  const readers = [
    ...alarmDefinitions(stack).map(({ name, queries }) => ({ reader: `alarm ${name}`, queries })),
    ...widgetDefinitions(stack).map(({ properties, queries }) => ({
      reader: `widget ${'title' in properties ? properties.title : ''}`,
      queries,
    })),
  ];
  return readers.flatMap(({ reader, queries }) =>
    queries.flatMap(({ reads }) => ('expression' in reads ? [] : [{ reader, statistic: reads }])),
  );
}
