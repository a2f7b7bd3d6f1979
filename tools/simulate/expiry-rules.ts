import { type HistoryEntry, type PaymentRecord, requestedAt } from '../../src/contract';

const HOUR_MS = 3_600_000;

/** The limit of the pipeline; undefined without one. */
type MaxAge = number | undefined;

/** Violations of a payment that expired: by the clock of its invocation it was older than allowed, unasked, and for the first time. */
export function judgeExpired(record: PaymentRecord, isAsked: boolean, maxAgeHours: MaxAge): string[] {
  const { transaction_id, history } = record;
  return [
    ...(isOlder(record, history.at(-1)!, maxAgeHours) ? [] : [`${transaction_id} expired before its time`]),
    ...(isAsked ? [`${transaction_id} expired after the fraud API was asked`] : []),
    ...(hasExpired(history.slice(0, -1)) ? [`${transaction_id} expired again, though an operator redrove it`] : []),
  ];
}

/** Whether the payment has to expire unasked: it was older than allowed when the invocation claimed it, by the same clock. */
export function mustExpire(record: PaymentRecord, requestId: string, maxAgeHours: MaxAge): boolean {
  const claim = record.history.findLast(({ request_id }) => request_id === requestId);
  return claim !== undefined && !hasExpired(record.history) && isOlder(record, claim, maxAgeHours);
}

function isOlder(record: PaymentRecord, { at }: HistoryEntry, maxAgeHours = Infinity): boolean {
  return Date.parse(at) - requestedAt(record) > maxAgeHours * HOUR_MS;
}

function hasExpired(history: readonly HistoryEntry[]): boolean {
  return history.some(({ failure_code }) => failure_code === 'PAYMENT_EXPIRED');
}
