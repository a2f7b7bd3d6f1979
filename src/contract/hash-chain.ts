import canonicalize from 'canonicalize';
import { sha256 } from './fingerprint';
import type { HashedEntry, HistoryEntry, NewEntry, PaymentRecord } from './payment-record';
import { isDecision } from './payment-status';

/** The fields of a record that the hash of each of its entries covers, beside the entry. */
export type HashedFields = Pick<
  PaymentRecord,
  'fingerprint' | 'sequence_number' | 'first_sequence_number' | 'sender_id' | 'sent_at' | 'fraud'
>;

/**
 * SHA-256 (hex) of the RFC 8785 form of an object with the entry, without its hashes; `previous`, the hash that it continues; and of the
 * record its `fingerprint`, its first sequence number, `sender_id`, `sent_at` and, if the entry is a decision, `fraud`. None of these
 * ever changes.
 * @param previous undefined for the first entry, and after an entry of an earlier release, which has no hash
 */
export function entryHash(
  { hash, previous_hash, ...entry }: HistoryEntry,
  previous: string | undefined,
  { fingerprint, sequence_number, first_sequence_number = sequence_number, sender_id, sent_at, fraud }: HashedFields,
): string {
  const decision = isDecision(entry.status) ? { fraud } : {};
  return sha256(
    canonicalize({ entry, previous, fingerprint, first_sequence_number, sender_id, sent_at, ...decision })!,
  );
}

/** The entry with its hash. */
export function hashed(entry: NewEntry, previous: string | undefined, record: HashedFields): HashedEntry {
  return { ...entry, hash: entryHash(entry, previous, record) };
}

/** What the entry that is added to a shortened history continues: all entries that are left, and the number of those that are lost. */
export function shortenedHash(history: readonly HistoryEntry[], omitted: number): string {
  return sha256(...history.map(({ hash }) => hash ?? ''), String(omitted));
}
