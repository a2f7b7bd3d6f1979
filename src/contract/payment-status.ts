type StatusFacts =
  | { readonly terminal: false }
  | {
      readonly terminal: true;
      /** The label on the dashboard. */
      readonly label: string;
      /** CloudWatch metric that counts the payments that reach the status. */
      readonly metric: string;
      /** The colour in the reports of the development tools. */
      readonly colour: 'green' | 'red' | 'yellow' | 'magenta';
      /** The decision of the fraud API that leads to the status. */
      readonly decision?: string;
    };

/**
 * The statuses of a payment, and every fact that depends on the status alone. `PROCESSING` becomes one of the others. A redrive
 * turns `FAILED` back into `PROCESSING`. An operator turns `REVIEW` into `APPROVED` or `DECLINED`, which never change.
 */
export const PAYMENT_STATUSES = {
  PROCESSING: { terminal: false },
  APPROVED: { terminal: true, label: 'Approved', metric: 'PaymentsApproved', colour: 'green', decision: 'approve' },
  DECLINED: { terminal: true, label: 'Declined', metric: 'PaymentsDeclined', colour: 'red', decision: 'decline' },
  REVIEW: { terminal: true, label: 'Review', metric: 'PaymentsReview', colour: 'yellow', decision: 'review' },
  FAILED: { terminal: true, label: 'Failed', metric: 'PaymentsFailed', colour: 'magenta' },
} as const satisfies Readonly<Record<string, StatusFacts>>;

type Table = typeof PAYMENT_STATUSES;
type StatusWith<Facts> = { [S in keyof Table]: Table[S] extends Facts ? S : never }[keyof Table];

/** The status of a payment. */
export type PaymentStatus = keyof Table;
/** A terminal status. */
export type Outcome = StatusWith<{ terminal: true }>;
/** A terminal status that the fraud API has decided. */
export type Decision = StatusWith<{ decision: string }>;
/** A decision in the words of the fraud API. */
export type FraudDecision = Table[Decision]['decision'];

/** Every status. */
export const STATUSES = Object.keys(PAYMENT_STATUSES) as PaymentStatus[];
/** The terminal statuses. */
export const OUTCOMES = STATUSES.filter((status): status is Outcome => PAYMENT_STATUSES[status].terminal);
/** The terminal statuses that the fraud API has decided. */
export const DECISIONS = OUTCOMES.filter((status): status is Decision => 'decision' in PAYMENT_STATUSES[status]);
/** The decisions that the fraud API may answer. */
export const FRAUD_DECISIONS = DECISIONS.map((status) => PAYMENT_STATUSES[status].decision);

/** An operator's decision of a payment in `REVIEW`, in the words of the fraud API. */
export type Resolution = Exclude<FraudDecision, 'review'>;

/** The decisions that an operator may make. */
export const RESOLUTIONS = FRAUD_DECISIONS.filter((decision): decision is Resolution => decision !== 'review');

/** The status that each decision leads to. */
export const STATUS_OF_DECISION = Object.fromEntries(
  DECISIONS.map((status) => [PAYMENT_STATUSES[status].decision, status]),
) as Readonly<Record<FraudDecision, Decision>>;

/** Whether the status is terminal. False for a status of a later release, too. */
export function isOutcome(status: PaymentStatus): status is Outcome {
  return OUTCOMES.some((outcome) => outcome === status);
}

/** Whether the fraud API has decided the status. False for a status of a later release, too. */
export function isDecision(status: PaymentStatus): status is Decision {
  return DECISIONS.some((decision) => decision === status);
}

/** One value per status. */
export function byStatus<T>(valueOf: (status: PaymentStatus) => T): Record<PaymentStatus, T> {
  return Object.fromEntries(STATUSES.map((status) => [status, valueOf(status)])) as Record<PaymentStatus, T>;
}

/** The name of an outcome in reports: `approved`, `declined` and so on. */
export function outcomeKey(outcome: Outcome): Lowercase<Outcome> {
  return outcome.toLowerCase() as Lowercase<Outcome>;
}

/** One value per outcome. */
export type ByOutcome<T> = Readonly<Record<Lowercase<Outcome>, T>>;

/** One value per outcome, under its `outcomeKey`. */
export function byOutcome<T>(valueOf: (outcome: Outcome) => T): ByOutcome<T> {
  return Object.fromEntries(OUTCOMES.map((outcome) => [outcomeKey(outcome), valueOf(outcome)])) as ByOutcome<T>;
}
