import { byOutcome, PAYMENT_STATUSES } from './payment-status';

/**
 * The custom metrics (EMF): what the handlers emit, and the dashboard and alarms read. Namespace and the one
 * dimension, `service`, come from the functions' environment (Powertools' own variables).
 */
export const METRICS = {
  /** Payments decided or failed, each once. */
  processed: 'PaymentsProcessed',
  ...byOutcome((outcome) => PAYMENT_STATUSES[outcome].metric),
  /** Deliveries of a payment that was settled before. */
  duplicatesIgnored: 'DuplicatesIgnored',
  /** Messages copied to the dead-letter queue by the processor. */
  quarantined: 'MessagesQuarantined',
  /** Payments parked behind a failed one of their account (`onFailedPayment: 'hold'`), each time that they are. */
  parked: 'PaymentsParked',
  /** Payments returned to the queue for another receive. */
  retried: 'PaymentsRetried',
  /** Tries of the fraud API that brought no decision. */
  fraudCheckErrors: 'FraudCheckErrors',
  /** Times the circuit to the fraud API opened. */
  circuitOpened: 'CircuitOpened',
  /** Milliseconds, one value a call. */
  fraudCheckLatency: 'FraudCheckLatency',
} as const;

export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/** The one dimension's name; its value is `POWERTOOLS_SERVICE_NAME`. */
export const METRIC_DIMENSION = 'service';
