import type { Outcome, PaymentMessage } from '../../../src/contract';

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
  samplePayment('tx-20', 'alice'),
  samplePayment(REFUSED, 'bob', 'unknown-shop'),
  samplePayment('tx-3', 'bob'),
  samplePayment('tx-declined', 'carol'),
];

/** The outcome of each, by the API's rating of its id and the thresholds of the adapter. */
export const OUTCOMES: Readonly<Record<string, Outcome>> = {
  'tx-1': 'REVIEW',
  'tx-2': 'REVIEW',
  'tx-20': 'APPROVED',
  [REFUSED]: 'FAILED',
  'tx-3': 'REVIEW',
  'tx-declined': 'DECLINED',
};
