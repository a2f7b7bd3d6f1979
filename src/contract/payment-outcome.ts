import type { FailureCode } from './failure-code';
import type { DecidedRecord, FailedRecord, PaymentRecord } from './payment-record';
import { isOutcome, type Outcome } from './payment-status';

/**
 * The message that the outcome topic gets for each decision, failure and discard of a payment (prop `outcomes`). It may come more than
 * once, always the same: `transaction_id`, `status` and `attempt` identify it.
 */
export interface PaymentOutcome {
  /** The version of these rules. */
  readonly schema_version: 1;
  /** Transaction id of the payment. */
  readonly transaction_id: string;
  /** The payer, and the message group. */
  readonly account_id: string;
  /** Minor units of the currency. */
  readonly amount: number;
  /** ISO 4217 code. */
  readonly currency: string;
  /** The status that the payment reached. `APPROVED` and `DECLINED` never change; a redrive may follow `FAILED`. */
  readonly status: Outcome;
  /** The record's `attempts` then. It grows with each redrive; 0 for a payment that was discarded before its first attempt. */
  readonly attempt: number;
  /** When the payment reached the status; RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** Why the payment failed; with `FAILED` only. */
  readonly failure_code?: FailureCode;
}

/** The record of a payment that has an outcome. */
export type EndedRecord = DecidedRecord | FailedRecord;

/** Whether the payment has an outcome. */
export function hasEnded(record: PaymentRecord): record is EndedRecord {
  return isOutcome(record.payment_status);
}

/** The fields of such a record that its outcome and its quarantine need. */
export type EndedFields = Pick<
  EndedRecord,
  | 'transaction_id'
  | 'account_id'
  | 'amount'
  | 'currency'
  | 'payment_status'
  | 'attempts'
  | 'timestamp'
  | 'failure_code'
  | 'failure_message'
  | 'history'
>;

/** The outcome that a record stands for: the same for every reader, as long as the record has its status and attempt. */
export function outcomeOf(record: EndedFields): PaymentOutcome {
  const { transaction_id, account_id, amount, currency, payment_status, attempts, timestamp, failure_code } = record;
  return {
    schema_version: 1,
    transaction_id,
    account_id,
    amount,
    currency,
    status: payment_status,
    attempt: attempts,
    at: timestamp,
    ...(failure_code !== undefined && { failure_code }),
  };
}
