import type { HistoryEntry, PaymentRecord } from './payment-record';

/**
 * Entries that a history keeps when one is added. The largest has 1.3 KB: an operator's reason and ARN of 256
 * characters each, the ARN in ASCII. So the history takes at most 260 of the 400 KB of a DynamoDB item, and the rest of the record 90 KB.
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

/** Whether the entry is a claim by the payment processor. An operator's redrive has a reason. */
function isClaim({ status, reason }: HistoryEntry): boolean {
  return status === 'PROCESSING' && reason === undefined;
}
