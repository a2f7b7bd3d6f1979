import { hashed, type HashedFields, shortenedHash } from './hash-chain';
import type { PaymentMessage } from './payment-message';
import {
  type HashedEntry,
  type HistoryEntry,
  isClaim,
  type NewEntry,
  type PaymentRecord,
  type ProcessingRecord,
  transitionFields,
} from './payment-record';

/**
 * Entries that a history keeps when one is added. The largest has 1.5 KB: an operator's reason and ARN of
 * 256 characters each, and two hashes. So the history takes at most 300 of the 400 KB of a DynamoDB item, and the rest of the record 90 KB.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const MOST_HISTORY_ENTRIES = 200;

/** A history that was shortened, with the number of entries that it has lost so far. */
export type ShortenedHistory = Required<Pick<PaymentRecord, 'history' | 'history_omitted'>>;

/** What SQS says of the message by which a payment came. */
export type Sending = Pick<PaymentRecord, 'sequence_number' | 'sender_id' | 'sent_at'>;

/** The first record of a payment, with all fields of its message. */
export function newRecord(
  payment: PaymentMessage,
  fingerprint: string,
  sending: Sending,
  entry: NewEntry,
): Omit<ProcessingRecord, 'parked_behind'> {
  const { schema_version, ...accepted } = payment;
  const instruction = { ...accepted, fingerprint, ...sending };
  return {
    ...instruction,
    ...transitionFields(entry),
    payment_status: 'PROCESSING',
    history: [hashed(entry, undefined, instruction)],
  };
}

/** What a transition adds to its record's history. */
export interface HistoryChange {
  readonly entry: HashedEntry;
  /** To be written in place of the stored history. Without it, the entry is appended to that. */
  readonly shortenedHistory?: ShortenedHistory | undefined;
}

/**
 * The entry with its hash, and the record's history with it if that is too long to append the entry: the first and the last entry stay,
 * and of those between them the claims go before failures and redrives, the oldest first.
 * @param record as it was read, with the `fraud` of a decision that is about to be written
 */
export function addEntry(
  record: HashedFields & Pick<PaymentRecord, 'history' | 'history_omitted'>,
  entry: NewEntry,
): HistoryChange {
  const excess = record.history.length + 1 - MOST_HISTORY_ENTRIES;
  if (excess <= 0) return { entry: hashed(entry, record.history.at(-1)?.hash, record) };
  const history = shortened(record.history, excess);
  const history_omitted = (record.history_omitted ?? 0) + excess;
  const previous = shortenedHash(history, history_omitted);
  const added = { ...hashed(entry, previous, record), previous_hash: previous };
  return { entry: added, shortenedHistory: { history: [...history, added], history_omitted } };
}

/** An entry behind a lost one keeps the hash that it continues. */
function shortened(history: readonly HistoryEntry[], excess: number): HistoryEntry[] {
  const middle = history.slice(1);
  const expendable = [...middle.filter(isClaim), ...middle.filter((one) => !isClaim(one))];
  const lost = new Set(expendable.slice(0, excess));
  return history.flatMap((entry, index) => {
    if (lost.has(entry)) return [];
    const before = history[index - 1];
    const isBehindLost = before?.hash !== undefined && lost.has(before) && entry.previous_hash === undefined;
    return [isBehindLost ? { ...entry, previous_hash: before.hash } : entry];
  });
}
