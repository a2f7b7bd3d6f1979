import { type MetricName, METRICS } from '../../contract/metrics';
import { OUTCOMES, PAYMENT_STATUSES } from '../../contract/payment-status';
import type { Names } from '../names';
import type { AlarmDefinition } from './alarm';
import { analyzeDeadLetters } from './first-command';
import { type Metric, paymentMetric } from './metric';
import type { MonitoringProps } from './monitoring-props';
import { graph, sum, type Widget } from './widgets';

/** Percent of the decided payments. */
const MANY_FAILURES = 1;

/** Dashboard rows of the handlers' own metrics. @param service of the payment processor */
export function paymentRows(service: string): Widget[][] {
  const emitted = (name: MetricName): Metric => paymentMetric(service, name);
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
      graph('Deliveries that decided nothing', [
        sum(emitted(METRICS.retried), { label: 'Handed back for another receive' }),
        sum(emitted(METRICS.duplicatesIgnored), { label: 'Duplicates ignored' }),
        sum(emitted(METRICS.quarantined), { label: 'Quarantined' }),
        sum(emitted(METRICS.parked), { label: 'Parked' }),
      ]),
    ],
    [
      graph('Status distribution over time', statuses, { stacked: true }),
      graph('Status distribution', statuses, { view: 'pie' }),
    ],
    [
      graph('Fraud API: errors', [
        sum(emitted(METRICS.fraudCheckErrors), { label: 'Tries without a decision' }),
        sum(emitted(METRICS.circuitOpened), { label: 'Circuit opened', yAxis: 'right' }),
      ]),
      graph(
        'Fraud API: latency in milliseconds',
        ['p50', 'p90', 'p99'].map((statistic) => ({
          ...emitted(METRICS.fraudCheckLatency),
          statistic,
          label: statistic,
        })),
      ),
    ],
  ];
}

/** Alarms on the handlers' own metrics. */
export function paymentAlarms({ names, settings }: Pick<MonitoringProps, 'names' | 'settings'>): AlarmDefinition[] {
  const { service } = names.paymentProcessor;
  return [
    {
      purpose: 'payments-failed',
      meaning:
        'More than 1 % of the payments failed permanently; the processor itself may be well, as a failed payment is no error of the ' +
        'function.',
      firstCommand: analyzeDeadLetters(names),
      watches: {
        part: { ...paymentMetric(service, METRICS.failed), statistic: 'Sum' },
        whole: { ...paymentMetric(service, METRICS.processed), statistic: 'Sum' },
      },
      comparison: 'GreaterThanThreshold',
      threshold: MANY_FAILURES,
      period: 300,
      periods: 1,
    },
    // A token may become 'hold'. Under 'continue' no payment is parked, and the alarm could never ring.
    ...(settings.onFailedPayment === 'continue' ? [] : [parkedAlarm(names)]),
  ];
}

function parkedAlarm(names: Names): AlarmDefinition {
  return {
    purpose: 'payments-parked',
    meaning:
      'Payments were parked behind a failed payment of their account. The account stays held until an operator redrives or discards ' +
      'the payment that it waits for.',
    firstCommand: analyzeDeadLetters(names),
    watches: { ...paymentMetric(names.paymentProcessor.service, METRICS.parked), statistic: 'Sum' },
    comparison: 'GreaterThanThreshold',
    threshold: 0,
    period: 300,
    periods: 1,
  };
}
