import { isDeepStrictEqual } from 'node:util';
import {
  byStatus,
  type HistoryEntry,
  isDecision,
  isOutcome,
  type PaymentRecord,
  type PaymentStatus,
} from '../../../src/contract';
import type { AcceptedPayment, DeadLetter, Evidence } from './evidence';

/** Payments counted once, however often they were sent: by transaction id and fingerprint. */
export function distinct(accepted: readonly AcceptedPayment[]): AcceptedPayment[] {
  const first = new Map<string, AcceptedPayment>();
  for (const one of accepted) {
    const key = keyOf(one.payment.transaction_id, one.fingerprint);
    if (!first.has(key)) first.set(key, one);
  }
  return [...first.values()];
}

/** Accepted, with neither a settled record of its own content nor a message in the dead-letter queue. */
export function lost(evidence: Evidence): AcceptedPayment[] {
  const settled = new Map(evidence.records.filter(isSettled).map((record) => [record.transaction_id, record]));
  const dead = new Set(evidence.deadLetters.map(letterKey));
  return distinct(evidence.accepted).filter(
    (one) => !isRecordOf(settled.get(one.payment.transaction_id), one) && !dead.has(acceptedKey(one)),
  );
}

/** The distinct payments in the dead-letter queue; unreadable messages count one each. */
export function deadLettered(evidence: Evidence): DeadLetter[] {
  return [...new Map(evidence.deadLetters.map((letter) => [letterKey(letter), letter])).values()];
}

/** Dead letters that could have succeeded: readable, not conflicting, not refused permanently, not waiting. */
export function strayDeadLetters(evidence: Evidence): DeadLetter[] {
  return deadLettered(evidence).filter(
    (letter) =>
      letter.transactionId !== undefined &&
      !isConflicting(letter, evidence) &&
      !evidence.refusedForGood.has(letter.transactionId) &&
      !isWaiting(letter, evidence),
  );
}

/** With `hold`, payments that were decided although an earlier payment of the account had failed, and waits. */
export function overtakers(evidence: Evidence): AcceptedPayment[] {
  if (evidence.onFailedPayment === 'continue') return [];
  const failedAccounts = new Set<string>();
  const failed = new Set(
    evidence.records
      .filter(({ payment_status }) => payment_status === 'FAILED')
      .map(({ transaction_id }) => transaction_id),
  );
  const decided = new Set(
    evidence.records
      .filter(({ payment_status }) => isDecision(payment_status))
      .map(({ transaction_id }) => transaction_id),
  );
  return [...distinct(evidence.accepted)].sort(bySequenceNumber).filter(({ payment }) => {
    const overtakes = failedAccounts.has(payment.account_id) && decided.has(payment.transaction_id);
    if (failed.has(payment.transaction_id)) failedAccounts.add(payment.account_id);
    return overtakes;
  });
}

/** Parked behind a payment of its own account that is in the dead-letter queue as well, and was sent before it. */
function isWaiting(
  { parkedBehind, transactionId }: DeadLetter,
  { accepted, deadLetters, onFailedPayment }: Evidence,
): boolean {
  if (onFailedPayment === 'continue') return false;
  const [elder, one] = [parkedBehind, transactionId].map((id) =>
    accepted.find(({ payment }) => payment.transaction_id === id),
  );
  return (
    elder?.payment.account_id === one?.payment.account_id &&
    sortable(elder?.sequenceNumber ?? '') < sortable(one?.sequenceNumber ?? '') &&
    deadLetters.some((letter) => letter.transactionId === parkedBehind)
  );
}

/** Cannot succeed, and yet is not in the dead-letter queue: refused permanently, or another content under a taken id. */
export function missingDeadLetters(evidence: Evidence): AcceptedPayment[] {
  const dead = new Set(evidence.deadLetters.map(letterKey));
  const records = new Map(evidence.records.map((record) => [record.transaction_id, record]));
  return distinct(evidence.accepted).filter((one) => {
    const record = records.get(one.payment.transaction_id);
    const conflicting = record !== undefined && record.fingerprint !== one.fingerprint;
    return (conflicting || evidence.refusedForGood.has(one.payment.transaction_id)) && !dead.has(acceptedKey(one));
  });
}

/** Pairs of an account's payments that were decided against the order in which SQS took them; redriven ones aside. */
export function orderViolations({ accepted, records }: Evidence): number {
  const notRedriven = new Map(
    records.filter((record) => !isRedriven(record)).map((record) => [record.transaction_id, record]),
  );
  const decisions = [...distinct(accepted)].sort(bySequenceNumber).flatMap((one) => {
    const record = notRedriven.get(one.payment.transaction_id);
    const decision = isRecordOf(record, one) ? record.history.find(isDecisionEntry) : undefined;
    return decision === undefined ? [] : [{ account: one.payment.account_id, value: decision.at }];
  });
  return inversionsByAccount(decisions);
}

/** Pairs of an account's payments that SQS took in another order than they were sent in. */
export function sendingViolations({ accepted }: Evidence): number {
  const sent = [...distinct(accepted)].sort((a, b) => a.position - b.position);
  return inversionsByAccount(
    sent.map((one) => ({ account: one.payment.account_id, value: sortable(one.sequenceNumber) })),
  );
}

/** Settled again without a redrive, or settled otherwise than the record's status says. */
export function doubleDecisions(records: readonly PaymentRecord[]): number {
  return records.reduce((sum, { history, payment_status }) => {
    const again = history.filter((entry, index) => {
      const earlier = history.slice(0, index);
      const previous = earlier.at(-1);
      return (
        isSettledEntry(entry) && (earlier.some(isDecisionEntry) || (previous !== undefined && isSettledEntry(previous)))
      );
    });
    const contradicts = history.at(-1)?.status !== payment_status ? 1 : 0;
    return sum + again.length + contradicts;
  }, 0);
}

export function countByStatus(records: readonly PaymentRecord[]): Record<PaymentStatus, number> {
  const counts = byStatus(() => 0);
  for (const { payment_status } of records) counts[payment_status]++;
  return counts;
}

export function isSettled({ payment_status }: PaymentRecord): boolean {
  return isOutcome(payment_status);
}

/** Whether the record holds this payment, to the letter. */
function isRecordOf(
  record: PaymentRecord | undefined,
  { payment, fingerprint }: AcceptedPayment,
): record is PaymentRecord {
  const { schema_version, ...fields } = payment;
  return (
    record?.fingerprint === fingerprint &&
    Object.entries(fields).every(([name, value]) => isDeepStrictEqual(record[name as keyof typeof fields], value))
  );
}

function isConflicting(letter: DeadLetter, { records }: Evidence): boolean {
  const record = records.find(({ transaction_id }) => transaction_id === letter.transactionId);
  return record !== undefined && record.fingerprint !== letter.fingerprint;
}

function isRedriven({ history }: PaymentRecord): boolean {
  return history.some(({ status }, index) => status === 'FAILED' && index < history.length - 1);
}

function isSettledEntry({ status }: HistoryEntry): boolean {
  return isOutcome(status);
}

function isDecisionEntry({ status }: HistoryEntry): boolean {
  return isDecision(status);
}

function bySequenceNumber(a: AcceptedPayment, b: AcceptedPayment): number {
  return sortable(a.sequenceNumber) < sortable(b.sequenceNumber) ? -1 : 1;
}

/** A sequence number has up to 20 digits, more than a double holds. */
function sortable(sequenceNumber: string): string {
  return sequenceNumber.padStart(20, '0');
}

/** Pairs within each account whose earlier item has the greater value. */
function inversionsByAccount(items: readonly { readonly account: string; readonly value: string }[]): number {
  const seen = new Map<string, string[]>();
  let inversions = 0;
  for (const { account, value } of items) {
    const earlier = seen.get(account) ?? [];
    for (const other of earlier) if (other > value) inversions++;
    earlier.push(value);
    seen.set(account, earlier);
  }
  return inversions;
}

function keyOf(transactionId: string, fingerprint: string): string {
  return `${transactionId} ${fingerprint}`;
}

function acceptedKey({ payment, fingerprint }: AcceptedPayment): string {
  return keyOf(payment.transaction_id, fingerprint);
}

function letterKey(letter: DeadLetter): string {
  return letter.transactionId === undefined ? letter.messageId : keyOf(letter.transactionId, letter.fingerprint ?? '');
}
