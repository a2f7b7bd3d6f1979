import { type HistoryEntry, isClaim, type PaymentRecord } from './payment-record';

/**
 * Entries that a history keeps when one is added. The largest has 1 KB: an operator's reason of 256 characters. So the
 * history takes half of the 400 KB of a DynamoDB item, and the rest of the record at most 90 KB.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const MOST_HISTORY_ENTRIES = 200;

/** A history that was shortened, with the number of entries that it has lost so far. */
export type ShortenedHistory = Required<Pick<PaymentRecord, 'history' | 'history_omitted'>>;

/**
 * A record's history with one more entry, shortened: the first and the last entry stay, and of those between them the
 * claims go before failures and redrives, the oldest first.
 * @returns what to write in place of the stored history; undefined when the entry can be appended to it
 */
export function shortenedHistory(
  { history, history_omitted = 0 }: Pick<PaymentRecord, 'history' | 'history_omitted'>,
  entry: HistoryEntry,
): ShortenedHistory | undefined {
  const excess = history.length + 1 - MOST_HISTORY_ENTRIES;
  if (excess <= 0) return undefined;
  const middle = history.slice(1);
  const expendable = [...middle.filter(isClaim), ...middle.filter((one) => !isClaim(one))];
  const omitted = new Set(expendable.slice(0, excess));
  return { history: [...history.filter((one) => !omitted.has(one)), entry], history_omitted: history_omitted + excess };
}
