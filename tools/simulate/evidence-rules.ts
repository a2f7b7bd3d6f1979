import { type PaymentRecord, recordFaults } from '../../src/contract';
import { isoTime, type LogFields } from '../../src/runtime/ports';
import type { Queued } from '../kit/fifo-queue';

/** SQS's `SenderId` of a message: each has a sender of its own. */
export function senderOf({ messageId }: Pick<Queued, 'messageId'>): string {
  return `sender of ${messageId}`;
}

/** Violations of a record that claims to come by one of these messages. */
export function judgeSending(record: PaymentRecord, messages: readonly Queued[]): string[] {
  const isKept = messages.some(
    (message) =>
      record.sender_id === senderOf(message) &&
      record.sent_at === isoTime({ now: () => message.sentAt }) &&
      record.sequence_number === message.sequenceNumber,
  );
  return isKept ? [] : [`${record.transaction_id} doesn't have the sender, time and number of its message`];
}

/** Violations of a written record: it must prove itself, and keep what is known of its first message. */
export function judgeProof(before: PaymentRecord | undefined, after: PaymentRecord): string[] {
  const faults = recordFaults(after).map(({ kind, what }) => `${after.transaction_id}: ${kind}, ${what}`);
  if (before === undefined || JSON.stringify(firstSending(before)) === JSON.stringify(firstSending(after)))
    return faults;
  return [...faults, `${after.transaction_id} has lost what was known of its first message`];
}

function firstSending({ sender_id, sent_at, sequence_number, first_sequence_number = sequence_number }: PaymentRecord) {
  return { sender_id, sent_at, first_sequence_number };
}

/** The events that the functions log of a change of a payment. */
const CHANGES = [
  'Payment decided',
  'Payment quarantined',
  'Payment parked behind a failed one',
  'Payment redriven',
  'Payment discarded',
  'Payment resolved',
  'Duplicate ignored',
  'Copy of a decided payment deleted',
];

/** The events that the DLQ processor logs of an operator's change. */
const OPERATORS = ['Payment redriven', 'Payment discarded', 'Payment resolved', 'Message discarded'];

/** Violations of a line of the DLQ processor's log, which names who did it. @param asked the operator that the event names */
export function judgeActor(event: string, { actor, ...of }: LogFields, asked: unknown): string[] {
  const id = of.transaction_id ?? of.message_id;
  return !OPERATORS.includes(event) || actor === asked
    ? []
    : [`the log's "${event}" of ${id} names ${actor ?? 'nobody'}, not ${String(asked)}`];
}

/** Violations of a line of a function's log. @param record of the line's payment; without one, other rules judge */
export function judgeLogLine(
  event: string,
  { transaction_id, history_hash }: LogFields,
  record: PaymentRecord | undefined,
): string[] {
  if (!CHANGES.includes(event) || record === undefined || record.history.some(({ hash }) => hash === history_hash))
    return [];
  return [`the log's "${event}" of ${transaction_id} has no hash of the record`];
}
