import type { PaymentMessage } from '../../../src/contract';
import { POISON_PREFIX } from '../../kit/embedded/fraud-api';

/** Invalid messages, enough for a pattern about which the DLQ processor sends an alert. */
export const INVALID_MESSAGES: readonly string[] = ['not JSON', 'not JSON either', 'nor this'];
export const REFUSED = 'tx-refused';

export function samplePayment(transaction_id: string, account_id: string, beneficiary_id = 'shop'): PaymentMessage {
  return {
    schema_version: 1,
    transaction_id,
    account_id,
    amount: 1_050,
    currency: 'EUR',
    beneficiary_id,
    requested_at: '2026-01-02T03:04:05Z',
  };
}

/** Payments of three accounts. The permanently refused one has a later payment in its account. */
export const SAMPLE: readonly PaymentMessage[] = [
  samplePayment('tx-1', 'alice'),
  samplePayment('tx-2', 'alice'),
  samplePayment('tx-3', 'alice'),
  samplePayment(REFUSED, 'bob', `${POISON_PREFIX}1`),
  samplePayment('tx-4', 'bob'),
  samplePayment('tx-5', 'carol'),
];
