import type { Outcomes } from './deployed-settings';
import type { OnFailedPayment } from './hold';
import { byOutcome, PAYMENT_STATUSES } from './payment-status';

/** An alarm on a metric. Its runbook is `docs/runbooks/alarm-<purpose>.md`. */
interface MetricAlarm {
  readonly purpose: `payments-${string}`;
  /** What has happened, in a sentence or two; a function where it has the threshold, as a text with its unit. */
  readonly meaning: string | ((threshold: string) => string);
  /** The command that the alarm's description begins with; `src/infrastructure/monitoring/first-command.ts` has them. */
  readonly firstCommand: 'analyzeDeadLetters' | 'listReviews' | 'showTrouble';
  /** As in `src/infrastructure/monitoring/alarm.ts`. */
  readonly inOutage?: 'symptom' | 'consequence';
  /**
   * The alarm goes off above this sum of its period, or this maximum of a metric that is no count; with `percentOf`, above this
   * percentage of another metric's sum.
   */
  readonly threshold: number;
  /** Seconds. @default 300 */
  readonly period?: number;
  readonly percentOf?: 'processed';
}

/** A graph of the dashboard that shows sums of several metrics. */
export type CountGraph =
  'Deliveries that decided nothing' | 'Fraud API: errors' | 'Outcomes' | 'Reviews decided by operators';

export interface MetricDefinition {
  readonly name: string;
  /** @default 'Count' */
  readonly unit?: 'Milliseconds' | 'Seconds';
  /** @default 'paymentProcessor' */
  readonly emittedBy?: 'dlqProcessor';
  /** One of the graphs of counts. Other metrics have graphs of their own in `src/infrastructure/monitoring/payments.ts`. */
  readonly graph?: { readonly title: CountGraph; readonly label: string; readonly yAxis?: 'right' };
  /** The setting without which the metric is never counted. Its alarm is left out then. */
  readonly onlyWith?: MetricSettings;
  readonly alarm?: MetricAlarm;
}

/** Settings that decide which metrics a pipeline counts. */
export type MetricSettings = Partial<Readonly<{ onFailedPayment: OnFailedPayment; outcomes: Outcomes }>>;

/**
 * Seconds. A team that looks at its reviews once a day stays below it; later, the payee's bank would not have the money by the end of
 * the next business day, which PSD2 asks of payers' banks (Directive (EU) 2015/2366, article 83).
 */
const LONGEST_REVIEW = 24 * 3_600;

/** How often the DLQ processor measures what waits for a person. */
export const MEASURE_MINUTES = 15;

/**
 * The custom metrics (EMF): what the handlers emit, and what dashboard and alarms read. Namespace and the one dimension,
 * `service`, come from the functions' environment (Powertools' own variables).
 */
export const METRIC_DEFINITIONS = {
  /** Payments decided or failed, each once. */
  processed: { name: 'PaymentsProcessed' },
  ...byOutcome((outcome) => ({ name: PAYMENT_STATUSES[outcome].metric })),
  /** Payments that ended as `FAILED`. */
  failed: {
    name: PAYMENT_STATUSES.FAILED.metric,
    alarm: {
      purpose: 'payments-failed',
      inOutage: 'symptom',
      meaning: (threshold: string) =>
        `More than ${threshold} % of the payments failed permanently; the processor itself may be well, as a failed payment is no error of the ` +
        'function.',
      firstCommand: 'analyzeDeadLetters',
      threshold: 1,
      percentOf: 'processed',
    },
  },
  /** Payments returned to the queue for another receive. */
  retried: {
    name: 'PaymentsRetried',
    graph: { title: 'Deliveries that decided nothing', label: 'Returned for another receive' },
  },
  /** Deliveries of a payment that was already settled. */
  duplicatesIgnored: {
    name: 'DuplicatesIgnored',
    graph: { title: 'Deliveries that decided nothing', label: 'Duplicates ignored' },
  },
  /** Messages copied to the dead-letter queue by the processor. */
  quarantined: {
    name: 'MessagesQuarantined',
    graph: { title: 'Deliveries that decided nothing', label: 'Quarantined' },
  },
  /** Payments parked behind a failed one of their account, counted each time. */
  parked: {
    name: 'PaymentsParked',
    onlyWith: { onFailedPayment: 'hold' },
    graph: { title: 'Deliveries that decided nothing', label: 'Parked' },
    alarm: {
      purpose: 'payments-parked',
      inOutage: 'consequence',
      meaning:
        'Payments were parked behind a failed payment of their account. The account stays held until an operator redrives or discards ' +
        'the payment that it waits for.',
      firstCommand: 'analyzeDeadLetters',
      threshold: 0,
    },
  },
  /** Calls of the fraud API that brought no decision. */
  fraudCheckErrors: {
    name: 'FraudCheckErrors',
    graph: { title: 'Fraud API: errors', label: 'Calls without a decision' },
  },
  /** Times the circuit to the fraud API opened. */
  circuitOpened: {
    name: 'CircuitOpened',
    graph: { title: 'Fraud API: errors', label: 'Circuit opened', yAxis: 'right' },
  },
  /** Outcomes published, repetitions included. */
  outcomesPublished: {
    name: 'OutcomesPublished',
    onlyWith: { outcomes: 'topic' },
    graph: { title: 'Outcomes', label: 'Published' },
  },
  /** Calls of the outcome topic that failed. */
  outcomesFailed: {
    name: 'OutcomesFailed',
    onlyWith: { outcomes: 'topic' },
    graph: { title: 'Outcomes', label: 'Calls that failed', yAxis: 'right' },
    alarm: {
      purpose: 'payments-outcomes-failed',
      inOutage: 'symptom',
      meaning: (threshold: string) =>
        `More than ${threshold} calls of the outcome topic failed within five minutes. The payments are decided; their messages return to the queue until ` +
        'their outcomes are published, and their accounts wait.',
      firstCommand: 'showTrouble',
      threshold: 5,
    },
  },
  /** Time of a call of the fraud API; one value for each call. */
  fraudCheckLatency: { name: 'FraudCheckLatency', unit: 'Milliseconds' },
  /** Payments in `REVIEW` that an operator has decided. They are not counted as processed again. */
  reviewsResolved: {
    name: 'ReviewsResolved',
    emittedBy: 'dlqProcessor',
    graph: { title: 'Reviews decided by operators', label: 'Approved or declined' },
  },
  /** Seconds since the longest waiting payment in `REVIEW` came there; 0 when none waits. Measured every 15 minutes. */
  oldestReviewAge: {
    name: 'OldestReviewAge',
    unit: 'Seconds',
    emittedBy: 'dlqProcessor',
    alarm: {
      purpose: 'payments-review-age',
      meaning: (threshold: string) =>
        `A payment has been in REVIEW for more than ${threshold}, and nobody has approved or declined it.`,
      firstCommand: 'listReviews',
      threshold: LONGEST_REVIEW,
      // Two measurements, so that a late one leaves no gap.
      period: 2 * MEASURE_MINUTES * 60,
    },
  },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

type Definitions = typeof METRIC_DEFINITIONS;

/** The metrics' units, by their names. */
export const METRIC_UNITS = Object.fromEntries(
  Object.values<MetricDefinition>(METRIC_DEFINITIONS).map(({ name, unit = 'Count' }) => [name, unit]),
) as Readonly<Record<MetricName, NonNullable<MetricDefinition['unit']> | 'Count'>>;

/** The metrics' names. */
export const METRICS = Object.fromEntries(Object.entries(METRIC_DEFINITIONS).map(([key, { name }]) => [key, name])) as {
  readonly [Key in keyof Definitions]: Definitions[Key]['name'];
};

/** The name of a custom metric. */
export type MetricName = Definitions[keyof Definitions]['name'];

/** Whether the DLQ processor emits the metric, and not the payment processor. */
export function isOfDlqProcessor(metric: MetricName): boolean {
  return Object.values<MetricDefinition>(METRIC_DEFINITIONS).some(
    ({ name, emittedBy }) => name === metric && emittedBy === 'dlqProcessor',
  );
}

/** The one dimension's name; its value is `POWERTOOLS_SERVICE_NAME`. */
export const METRIC_DIMENSION = 'service';
