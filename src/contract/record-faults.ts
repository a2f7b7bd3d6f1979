import { entryHash, shortenedHash } from './hash-chain';
import { type HistoryEntry, messageOf, parkedBehind, type PaymentRecord, transitionFields } from './payment-record';
import { isDecision } from './payment-status';

/** One way in which a record isn't as the functions have written it. */
export interface RecordFault {
  /** `replaced record`: it is consistent, and has nothing of an entry that the log names. */
  readonly kind: 'edited field' | 'edited entry' | 'missing entry' | 'entry without a hash' | 'replaced record';
  /** The field or the entry; no value. */
  readonly what: string;
}

/**
 * Finds edits of a record. Its last hash covers every entry that the history still has, and with them its payment, its sending, its
 * decision and its failure. `dead_lettered_at` and, of a payment that was sent more than once, the latest `sequence_number` are not covered.
 * A principal that can write the record can also make its hashes again, so that the log has to be asked too.
 * @param logged the `history_hash` of each line of the functions' logs about the payment
 * @returns nothing for a record without any hash, which an earlier release wrote
 */
export function recordFaults(record: PaymentRecord, logged: readonly string[] = []): readonly RecordFault[] {
  const hashes = new Set(record.history.flatMap(({ hash, previous_hash }) => [hash, previous_hash]));
  const isReplaced = record.history_omitted === undefined && logged.some((hash) => !hashes.has(hash));
  return [
    ...entryFaults(record),
    ...fieldFaults(record).map((what) => ({ kind: 'edited field' as const, what })),
    ...(isReplaced ? [{ kind: 'replaced record' as const, what: record.transaction_id }] : []),
  ];
}

function entryFaults(record: PaymentRecord): RecordFault[] {
  const { history, history_omitted } = record;
  const begin = history.findIndex(({ hash }) => hash !== undefined);
  if (begin < 0) return [];
  const faults = history.slice(begin).flatMap((entry, offset): RecordFault[] => {
    const index = begin + offset;
    const what = `entry ${index + 1}`;
    const before = history[index - 1];
    if (entry.hash === undefined) return [{ kind: 'entry without a hash', what }];
    if (entry.hash === entryHash(entry, entry.previous_hash ?? before?.hash, record)) return [];
    return follows(before, entry)
      ? [{ kind: 'edited entry', what }]
      : [{ kind: 'missing entry', what: `before ${what}` }];
  });
  const shortening = history.findLastIndex(({ previous_hash }) => previous_hash !== undefined);
  const isWhole =
    shortening < 0 ||
    history[shortening]!.previous_hash === shortenedHash(history.slice(0, shortening), history_omitted ?? 0);
  return isWhole ? faults : [...faults, { kind: 'missing entry', what: `before entry ${shortening + 1}` }];
}

/** Whether the entry may come straight after the other: its attempt does. */
function follows(before: HistoryEntry | undefined, entry: HistoryEntry): boolean {
  if (before === undefined) return entry.attempt <= 1;
  const isNext = entry.status === 'PROCESSING' ? before.attempt + 1 : before.attempt;
  const isLegal = entry.reason !== undefined || before.status === 'PROCESSING';
  return entry.attempt === isNext && isLegal;
}

/** The fields that differ from what the history, or the fingerprint, says. Only a record that this release has begun is known whole. */
function fieldFaults(record: PaymentRecord): string[] {
  const { history, history_omitted } = record;
  const last = history.at(-1);
  if (last?.hash === undefined) return [];
  const isKnownWhole = history[0]?.hash !== undefined;
  // A discard of a failed payment adds an entry, and leaves the fields of the failure.
  const failures = history.slice(
    history.findLastIndex(({ status }) => status !== last.status || status !== 'FAILED') + 1,
  );
  const standing = failures[0] ?? last;
  const isKnown = standing.hash !== undefined && (history_omitted === undefined || failures.length <= 1);
  const expected: { readonly [Field in keyof PaymentRecord]?: unknown } = {
    ...(isKnown && { timestamp: undefined, ...transitionFields(standing), ...failureOf(standing) }),
    payment_status: last.status,
    attempts: last.attempt,
    parked_behind: last.status === 'PROCESSING' ? parkedBehind(last.reason) : undefined,
    ...(isKnownWhole && { discarded_at: last.status === 'FAILED' && last.reason !== undefined ? last.at : undefined }),
    ...(!isDecision(last.status) && { fraud: undefined }),
    ...(last.status !== 'FAILED' && { dead_lettered_at: undefined }),
  };
  const differing = Object.entries(expected).filter(([field, value]) => record[field as keyof PaymentRecord] !== value);
  const isOtherPayment = isKnownWhole && messageOf(record) === undefined;
  return [...differing.map(([field]) => field), ...(isOtherPayment ? ['a field of the payment message'] : [])];
}

function failureOf({ status, reason, failure_code, failure_message }: HistoryEntry) {
  if (status !== 'FAILED' || reason === undefined) return { failure_code, failure_message };
  return { failure_code: 'DISCARDED', failure_message: reason };
}
