import type { PaymentRecord } from '../../src/contract';
import type { Accepted, Says } from './client-messages';
import type { ExpiryRules } from './expiry-rules';
import type { Invocation } from './invocation';
import { SETTINGS } from './settings';

/** A tenth of an invocation's 55 seconds, less the time of the table's calls. */
const LEAST_SHARE_MS = 4_000;

export interface FailureEvidence {
  readonly accepted: ReadonlyMap<string, Accepted>;
  /** Every answer that the fraud API gave about a transaction id. */
  readonly said: ReadonlyMap<string, ReadonlySet<Says[number]>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly expiry: ExpiryRules;
}

/** Violations of a payment's failure. It may fail only if it is refused or too old, or its last receive made no decision. */
export function judgeFailure(
  record: PaymentRecord,
  by: Invocation,
  { accepted, said, now, expiry }: FailureEvidence,
): string[] {
  const { transaction_id, failure_code, fingerprint } = record;
  if (failure_code === 'PAYMENT_EXPIRED') return expiry.judgeExpired(record, by);
  if (failure_code === 'FRAUD_CHECK_REFUSED') {
    return said.get(transaction_id)?.has('refuse')
      ? []
      : [`${transaction_id} failed as refused, which the fraud API never said`];
  }
  // A batch may hold a payment twice, and another payment under its transaction id.
  const own = by.messages.filter(({ messageId }) => accepted.get(messageId)?.sent.payment?.fingerprint === fingerprint);
  const isLast = own.some(({ receives }) => receives === SETTINGS.maxReceiveCount) && by.called.has(transaction_id);
  return [
    ...(isLast ? [] : [`${transaction_id} failed before its last receive, or without a call in it`]),
    ...(by.refused.has(transaction_id) ? [`${transaction_id} was refused permanently, but failed as unavailable`] : []),
    ...judgeLastCalls(transaction_id, by, now),
  ];
}

/** The last receive has all its calls, unless its time was up: nothing here leaves a payment less than five seconds. */
function judgeLastCalls(transactionId: string, by: Invocation, now: number): string[] {
  const { calls, firstAt } = by.called.get(transactionId) ?? { calls: 0, firstAt: 0 };
  const hadTime =
    now - firstAt < LEAST_SHARE_MS && !by.isDisturbed && !by.isOverdue && !by.gotRetryAfter.has(transactionId);
  return calls < SETTINGS.fraudAttempts && hadTime
    ? [`${transactionId} failed after ${calls} calls in its last receive, with time left`]
    : [];
}
