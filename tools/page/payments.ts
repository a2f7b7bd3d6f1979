import {
  type AccountHash,
  type ByOutcome,
  type FailureCode,
  FAILURES,
  isDiscarded,
  outcomeKey,
  OUTCOMES,
  PAYMENT_STATUSES,
  type PaymentRecord,
} from '../../src/contract';
import { Failures } from '../../src/dlq-processor/core/failures';
import { findPatterns, LATEST_APPROVALS } from '../../src/dlq-processor/core/patterns';
import { shownAccount, shownId } from '../../src/ops/format';
import { count } from './format';
import type { FailurePattern, Figure, PageDeadLetter, PagePayment } from './model';

/** Payments that a page has at most. More make a file larger than 1 MB, and are more than anybody looks through. */
export const MOST_PAYMENTS = 1_500;

/** Dead letters that a page has at most, of each cause some. */
export const MOST_DEAD_LETTERS = 150;

const SHORT = { full: false };

/** The outcomes of a run as figures of the page's header. */
export function outcomeFigures(counts: ByOutcome<number>): Figure[] {
  const settled = OUTCOMES.reduce((sum, outcome) => sum + counts[outcomeKey(outcome)], 0);
  return OUTCOMES.map((status) => {
    const value = counts[outcomeKey(status)];
    const share = settled === 0 ? {} : { note: `${((100 * value) / settled).toFixed(1)} %` };
    return { label: PAYMENT_STATUSES[status].label, value: count(value), status, ...share };
  });
}

/**
 * The records as the page shows them, by the time of sending, the latest first. Of more than {@link MOST_PAYMENTS} it has the failed ones, then
 * the latest: of an account without failures these are its last ones without a gap.
 * @param sentAt when SQS took the payment's message, in milliseconds since the epoch
 */
export function pagePayments(
  records: readonly PaymentRecord[],
  sentAt: (record: PaymentRecord) => number | undefined,
  accountHash: AccountHash,
): PagePayment[] {
  const shown = mostTelling(records).map((record) => pagePayment(record, sentAt(record), accountHash));
  return shown.sort((one, other) => began(other) - began(one));
}

function began({ sentAt, history }: PagePayment): number {
  return sentAt ?? history[0]?.at ?? 0;
}

function mostTelling(records: readonly PaymentRecord[]): readonly PaymentRecord[] {
  if (records.length <= MOST_PAYMENTS) return records;
  const isFailed = ({ payment_status }: PaymentRecord) => payment_status === 'FAILED';
  return records
    .toSorted((one, other) => Number(isFailed(other)) - Number(isFailed(one)) || latestFirst(one, other))
    .slice(0, MOST_PAYMENTS);
}

function latestFirst(one: PaymentRecord, other: PaymentRecord): number {
  return one.history.at(-1)!.at < other.history.at(-1)!.at ? 1 : -1;
}

function pagePayment(record: PaymentRecord, sentAt: number | undefined, accountHash: AccountHash): PagePayment {
  const { fraud, failure_code, failure_message, dead_lettered_at, parked_behind, history_omitted } = record;
  return {
    id: record.transaction_id,
    account: accountHash(record.account_id),
    accountEnd: shownAccount(record.account_id, SHORT),
    status: record.payment_status,
    sequence: record.sequence_number,
    attempts: record.attempts,
    history: record.history.map(({ status, at, attempt, request_id, reason }) => ({
      status,
      at: Date.parse(at),
      attempt,
      request: shownId(request_id, SHORT),
      ...(reason !== undefined && { reason }),
    })),
    ...(sentAt !== undefined && { sentAt }),
    ...(fraud !== undefined && { fraud: { decision: fraud.decision, score: fraud.score } }),
    ...(record.payment_status === 'FAILED' && {
      failure: {
        code: failure_code ?? 'UNKNOWN',
        ...(failure_message !== undefined && { message: failure_message }),
      },
    }),
    ...(dead_lettered_at !== undefined && { deadLetteredAt: Date.parse(dead_lettered_at) }),
    ...(parked_behind !== undefined && { parkedBehind: parked_behind }),
    ...(history_omitted !== undefined && { omitted: history_omitted }),
  };
}

/** A message of the dead-letter queue. An invalid message has only its own id and its code. */
export interface DeadLetterMessage {
  readonly messageId: string;
  readonly transactionId?: string;
  readonly failureCode?: string;
  readonly parkedBehind?: string;
}

/** The dead letters with the meaning of their code, and the command that ends each. Of more than {@link MOST_DEAD_LETTERS} it has as many of each cause as of the others. */
export function pageDeadLetters(
  letters: readonly DeadLetterMessage[],
  records: readonly PaymentRecord[],
  accountHash: AccountHash,
): PageDeadLetter[] {
  const byId = new Map(records.map((record) => [record.transaction_id, record]));
  const page = letters.map(({ messageId, transactionId, failureCode, parkedBehind }) => {
    const record = transactionId === undefined ? undefined : byId.get(transactionId);
    const code = failureCode ?? record?.failure_code ?? 'UNKNOWN';
    // A conflicting payment has the id of another one's record.
    const isOfRecord = record !== undefined && code !== 'CONFLICTING_TRANSACTION';
    return {
      messageId,
      ...(transactionId !== undefined && { transactionId }),
      ...(isOfRecord && {
        account: accountHash(record.account_id),
        accountEnd: shownAccount(record.account_id, SHORT),
      }),
      code: parkedBehind === undefined ? code : 'PARKED',
      ...explained(code, parkedBehind),
      command: isOfRecord ? `redrive --id=${record.transaction_id}` : `discard --id=${messageId} --reason "…"`,
    };
  });
  const seen = new Map<string, number>();
  const ranked = page.map((letter) => {
    const rank = seen.get(letter.code) ?? 0;
    seen.set(letter.code, rank + 1);
    return { letter, rank };
  });
  return ranked
    .toSorted((one, other) => one.rank - other.rank)
    .slice(0, MOST_DEAD_LETTERS)
    .map(({ letter }) => letter);
}

function explained(code: string, parkedBehind: string | undefined): Pick<PageDeadLetter, 'meaning' | 'nextStep'> {
  if (parkedBehind !== undefined)
    return {
      meaning: 'The payment waits for an earlier failed one of its account.',
      nextStep: 'Redrive or discard the failed payment; then redrive the account.',
    };
  if (Object.hasOwn(FAILURES, code)) {
    const { meaning, nextStep } = FAILURES[code as FailureCode];
    return { meaning, nextStep };
  }
  return { meaning: 'The message has no failure code: SQS moved it after its last receive.', nextStep: 'Redrive it.' };
}

/** What the DLQ processor's analysis finds in the failed payments. @param unreadableMessages invalid messages in the dead-letter queue */
export function failurePatterns(
  records: readonly PaymentRecord[],
  unreadableMessages: number,
  accountHash: AccountHash,
  now: number,
): FailurePattern[] {
  const sorted = records.toSorted(latestFirst);
  const failures = new Failures(now);
  for (const record of sorted) if (record.payment_status === 'FAILED' && !isDiscarded(record)) failures.add(record);
  const latestApprovals = sorted
    .filter(({ payment_status }) => payment_status === 'APPROVED')
    .slice(0, LATEST_APPROVALS)
    .map(({ release_id }) => release_id);
  const evidence = { incidents: failures.incidents, latestApprovals, unreadableMessages, accountHash };
  return findPatterns(evidence).map(({ kind, subject, failed, exampleTransactionId, whatToDo }) => ({
    kind,
    subject,
    failed,
    whatToDo,
    ...(exampleTransactionId !== undefined && { example: exampleTransactionId }),
  }));
}
