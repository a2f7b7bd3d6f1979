import type { HistoryEntry, PaymentRecord } from '../../src/contract';
import { addedEntries, misplacedFields } from '../kit/cores/record-audit';
import type { DlqInvocation, Invocation } from './invocation';

/** Violations of a new record by the payment processor. */
export function judgeFirstClaim(record: PaymentRecord, by: Invocation): string[] {
  const { transaction_id, payment_status, attempts, history } = record;
  const [claim, ...more] = history;
  const isFirst =
    payment_status === 'PROCESSING' &&
    attempts === 1 &&
    more.length === 0 &&
    claim?.status === 'PROCESSING' &&
    claim.request_id === by.requestId;
  return isFirst ? judgeFields(record) : [`the first record of ${transaction_id} does not begin with its claim`];
}

/** Violations of a change by the payment processor. It adds one entry, of the next attempt or of the current owner. */
export function judgeTransition(before: PaymentRecord, after: PaymentRecord): string[] {
  const entry = after.history.at(-1);
  const claim = before.history.at(-1);
  const isKept = addedEntries(before, after)?.length === 1;
  const isNext =
    after.payment_status === 'PROCESSING'
      ? entry?.attempt === before.attempts + 1
      : entry?.attempt === before.attempts && entry.request_id === claim?.request_id;
  const isTold = entry?.status === after.payment_status && after.attempts === entry.attempt;
  if (isKept && isNext && isTold) return judgeFields(after);
  const path = after.history
    .map(({ status, attempt, request_id }) => `${status} ${attempt} by ${request_id}`)
    .join(', ');
  return [`${after.transaction_id}: ${path}`];
}

/** Violations of a redrive or a discard. It adds one entry with the operator and a reason: PROCESSING with the next attempt, or FAILED. */
export function judgeOperation(before: PaymentRecord | undefined, after: PaymentRecord, by: DlqInvocation): string[] {
  if (before === undefined) return judgeFirst(after, by);
  const [entry, ...more] = addedEntries(before, after) ?? [];
  const isOne = entry !== undefined && more.length === 0 && isOperators(entry, by);
  const isNext =
    entry?.status === 'PROCESSING'
      ? entry.attempt === before.attempts + 1
      : entry?.status === 'FAILED' && entry.attempt === before.attempts;
  const isOpen = before.payment_status === 'FAILED' || before.payment_status === 'PROCESSING';
  const isTold = entry?.status === after.payment_status && entry.attempt === after.attempts;
  if (isOne && isOpen && isNext && isTold) return judgeFields(after);
  return [
    `${after.transaction_id}, ${before.payment_status}, by an operator: ${after.history.map(({ status, attempt, request_id }) => `${status} ${attempt} by ${request_id}`).join(', ')}`,
  ];
}

/** A payment that no function had claimed: redriven with its first attempt, or discarded without one. */
function judgeFirst(record: PaymentRecord, by: DlqInvocation): string[] {
  const { transaction_id, payment_status, attempts, history } = record;
  const [entry, ...more] = history;
  const isOne = entry !== undefined && more.length === 0 && isOperators(entry, by);
  const isTold = entry?.status === payment_status && entry.attempt === attempts;
  const isFirst =
    (payment_status === 'PROCESSING' && attempts === 1) || (payment_status === 'FAILED' && attempts === 0);
  return isOne && isTold && isFirst
    ? judgeFields(record)
    : [`the first record of ${transaction_id} is ${payment_status}, attempt ${attempts}, by an operator`];
}

function isOperators({ request_id, reason, actor }: HistoryEntry, { requestId, event }: DlqInvocation): boolean {
  return request_id === requestId && reason !== undefined && actor === event.actor;
}

function judgeFields(after: PaymentRecord): string[] {
  return misplacedFields(after).map((field) => `${after.transaction_id} is ${after.payment_status} with ${field}`);
}
