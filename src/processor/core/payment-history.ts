import { fingerprint, type HistoryEntry, type PaymentMessage, type PaymentRecord } from '../../contract';

/** A payment's record at its first claim, with all that the message says. */
export function newRecord(payment: PaymentMessage, sequenceNumber: string, claim: HistoryEntry): PaymentRecord {
  const { schema_version, ...accepted } = payment;
  return {
    ...accepted,
    payment_status: 'PROCESSING',
    timestamp: claim.at,
    fingerprint: fingerprint(payment),
    attempts: claim.attempt,
    sequence_number: sequenceNumber,
    history: [claim],
    release_id: claim.release_id,
  };
}

/** A refused write may be our own, done by a try whose answer was lost: then the record ends with our entry. */
export function endsWith(record: PaymentRecord | undefined, entry: HistoryEntry): boolean {
  const last = record?.history.at(-1);
  return (
    last?.status === entry.status &&
    last.at === entry.at &&
    last.attempt === entry.attempt &&
    last.request_id === entry.request_id
  );
}
