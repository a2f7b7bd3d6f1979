import {
  type DecidedRecord,
  type FailedRecord,
  isDecided,
  type PaymentRecord,
  type ProcessingRecord,
} from './payment-record';

/** The state of a payment by the record of its transaction id. */
export type RecordState =
  | { readonly kind: 'unrecorded' }
  /** The transaction id belongs to another payment. */
  | { readonly kind: 'conflicting' }
  | { readonly kind: 'settled'; readonly record: DecidedRecord }
  /** Failed, or discarded. */
  | { readonly kind: 'failed'; readonly record: FailedRecord }
  /** PROCESSING: in the payment queue, or parked. */
  | { readonly kind: 'open'; readonly record: ProcessingRecord };

/** Compares a record with a payment. @param fingerprint the fingerprint of the payment */
export function recordStateOf(record: PaymentRecord | undefined, fingerprint: string): RecordState {
  if (record === undefined) return { kind: 'unrecorded' };
  if (record.fingerprint !== fingerprint) return { kind: 'conflicting' };
  if (isDecided(record)) return { kind: 'settled', record };
  return record.payment_status === 'FAILED' ? { kind: 'failed', record } : { kind: 'open', record };
}
