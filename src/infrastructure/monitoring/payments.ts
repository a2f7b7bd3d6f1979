import { Token } from 'cdktf';
import {
  type CountGraph,
  METRIC_DEFINITIONS,
  type MetricDefinition,
  type MetricName,
  METRICS,
  type MetricSettings,
} from '../../contract/metrics';
import { OUTCOMES, PAYMENT_STATUSES } from '../../contract/payment-status';
import type { AlarmDefinition, MonitoringProps } from './alarm';
import * as firstCommands from './first-command';
import { duration, figure } from './figure';
import { type Metric, paymentMetric, shareOf, type Statistic } from './metric';
import { graph, sum, type Widget } from './dashboard';
import { deliveriesOf } from './outcomes';
import type { Settings } from '../props';

const DEFINITIONS: readonly (MetricDefinition & { readonly name: MetricName })[] = Object.values(METRIC_DEFINITIONS);

/** The alarms on the handlers' own metrics. */
export const PAYMENT_ALARMS: readonly AlarmDefinition[] = DEFINITIONS.flatMap(({ name, unit, alarm, onlyWith }) => {
  if (alarm === undefined) return [];
  const { meaning, firstCommand, percentOf, ...others } = alarm;
  const statisticOf = ({ names }: MonitoringProps, metric: MetricName): Statistic => ({
    ...paymentMetric(names, metric),
    statistic: unit === undefined ? 'Sum' : 'Maximum',
  });
  const inWords = unit === 'Seconds' ? duration : figure;
  return {
    ...others,
    meaning: typeof meaning === 'string' ? meaning : ({ threshold }) => meaning(inWords(threshold)),
    firstCommand: firstCommands[firstCommand],
    watches: (monitored) =>
      percentOf === undefined
        ? statisticOf(monitored, name)
        : shareOf(statisticOf(monitored, name), statisticOf(monitored, METRICS[percentOf])),
    ...(onlyWith && { isNeeded: (settings) => mayHave(settings, onlyWith) }),
  } satisfies AlarmDefinition;
});

/** Whether the settings have the value, or a token that may become it. */
function mayHave(settings: Settings, wanted: MetricSettings): boolean {
  return Object.entries(wanted).every(([prop, value]) => {
    const given = settings[prop as keyof Settings];
    return given === value || Token.isUnresolved(given);
  });
}

/** The dashboard's rows of the handlers' own metrics. */
export function paymentRows({ names, outcomeTopic }: MonitoringProps): Widget[][] {
  const emitted = (name: MetricName): Metric => paymentMetric(names, name);
  const counts = (title: CountGraph): Widget =>
    graph(
      title,
      DEFINITIONS.flatMap((definition) => {
        if (definition.graph?.title !== title) return [];
        const { title: _, ...options } = definition.graph;
        return sum(emitted(definition.name), options);
      }),
    );
  const statuses = OUTCOMES.map((outcome) => {
    const { metric, label } = PAYMENT_STATUSES[outcome];
    return sum(emitted(metric), { label });
  });
  return [
    [
      graph('Throughput: payments processed', [
        sum(emitted(METRICS.processed), { id: 'processed', label: 'Payments a minute' }),
        { expression: 'processed / PERIOD(processed)', label: 'Payments a second', yAxis: 'right' },
      ]),
      counts('Deliveries that decided nothing'),
    ],
    [
      graph('Status distribution over time', statuses, { stacked: true }),
      graph('Status distribution', statuses, { view: 'pie' }),
    ],
    [
      counts('Fraud API: errors'),
      graph(
        'Fraud API: latency in milliseconds',
        ['p50', 'p90', 'p99'].map((statistic) => ({
          ...emitted(METRICS.fraudCheckLatency),
          statistic,
          label: statistic,
        })),
      ),
    ],
    ...(outcomeTopic === undefined ? [] : [[counts('Outcomes'), deliveriesOf(outcomeTopic)]]),
    [
      graph('Oldest payment in review: age in seconds', [
        { ...emitted(METRICS.oldestReviewAge), statistic: 'Maximum', label: 'Oldest payment in review' },
      ]),
      counts('Reviews decided by operators'),
    ],
  ];
}
