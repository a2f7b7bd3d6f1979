import type { PaymentRecord } from '../../src/contract';
import { addedEntries } from '../support/audit-trail';
import type { DlqInvocation } from './dlq-processor';

/** What is wrong with a change by the DLQ processor: one more entry with a reason, to be tried again with an attempt more, or failed. */
export function judgeOperation(before: PaymentRecord, after: PaymentRecord, by: DlqInvocation): string[] {
  const [entry, ...more] = addedEntries(before, after) ?? [];
  const isOne = entry !== undefined && more.length === 0 && entry.request_id === by.requestId && entry.reason !== undefined;
  const isNext =
    entry?.status === 'PROCESSING'
      ? before.payment_status === 'FAILED' && entry.attempt === before.attempts + 1
      : entry?.status === 'FAILED' && (before.payment_status === 'FAILED' || before.payment_status === 'PROCESSING') && entry.attempt === before.attempts;
  const isTold = entry?.status === after.payment_status && entry.attempt === after.attempts;
  if (isOne && isNext && isTold) return [];
  return [`${after.transaction_id}, ${before.payment_status}, by an operator: ${after.history.map(({ status, attempt, request_id }) => `${status} ${attempt} by ${request_id}`).join(', ')}`];
}
