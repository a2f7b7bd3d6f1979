import { fingerprint, type HistoryEntry, type PaymentMessage, type PaymentRecord } from '../../contract';

/** A payment's record at its first claim. */
export function newRecord(payment: PaymentMessage, sequenceNumber: string, claim: HistoryEntry): PaymentRecord {
  return {
    transaction_id: payment.transaction_id,
    payment_status: 'PROCESSING',
    timestamp: claim.at,
    account_id: payment.account_id,
    amount: payment.amount,
    currency: payment.currency,
    beneficiary_id: payment.beneficiary_id,
    requested_at: payment.requested_at,
    ...(payment.reference !== undefined && { reference: payment.reference }),
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
