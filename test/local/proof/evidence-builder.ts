import { fingerprint, METRICS, type PaymentMessage, type PaymentRecord, type PaymentStatus } from '../../../src/contract';
import type { AcceptedPayment, DeadLetter, Evidence } from '../../../src/local/proof/evidence';
import { countByStatus, isSettled } from '../../../src/local/proof/tally';
import { anEntry, aPayment, aRecord } from '../../support/payments';

const BEGAN = Date.UTC(2026, 0, 5, 10);

/** The n-th payment sent, as SQS took it. */
export function accepted(position: number, fields: Partial<PaymentMessage> = {}): AcceptedPayment {
  const payment = aPayment({ transaction_id: `payment-${position}`, ...fields });
  return { payment, fingerprint: fingerprint(payment), position, sequenceNumber: String(1_000 + position), acceptedAt: BEGAN };
}

/** Its record, with the statuses it went through, one second each from the payment's position on. */
export function recordOf(one: AcceptedPayment, ...statuses: PaymentStatus[]): PaymentRecord {
  const history = statuses.map((status, index) =>
    anEntry({ status, at: new Date(BEGAN + (one.position * 10 + index) * 1_000).toISOString() }),
  );
  return aRecord(one.payment, {
    fingerprint: one.fingerprint,
    sequence_number: one.sequenceNumber,
    history,
    payment_status: statuses.at(-1) ?? 'PROCESSING',
    timestamp: history.at(-1)?.at ?? '',
  });
}

export function deadLetterOf({ payment, fingerprint }: AcceptedPayment): DeadLetter {
  return { messageId: `copy of ${payment.transaction_id}`, transactionId: payment.transaction_id, fingerprint };
}

/** Evidence in which every claim holds, with what the test changes; the metrics follow the records. */
export function evidenceOf(fields: Partial<Evidence>): Evidence {
  const records = fields.records ?? [];
  const counts = countByStatus(records);
  const sums: Record<string, number> = {
    [METRICS.processed]: records.filter(isSettled).length,
    [METRICS.approved]: counts.APPROVED,
    [METRICS.declined]: counts.DECLINED,
    [METRICS.review]: counts.REVIEW,
    [METRICS.failed]: counts.FAILED,
  };
  return {
    accepted: [],
    records,
    queued: 0,
    deadLetters: [],
    onFailedPayment: 'continue',
    refusedForGood: new Set(),
    metric: (name) => sums[name] ?? 0,
    mayBeUncounted: () => false,
    ...fields,
  };
}
