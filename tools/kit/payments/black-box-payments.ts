import { createHash } from 'node:crypto';

export type Payment = Record<string, unknown> & { transaction_id: string; account_id: string };

let serial = 0;

/** A valid payment that no other test of the file has. */
export function payment(fields: Record<string, unknown> = {}): Payment {
  serial++;
  return {
    schema_version: 1,
    transaction_id: `tx-${serial}`,
    account_id: `account-${serial}`,
    amount: 1250,
    currency: 'EUR',
    beneficiary_id: 'beneficiary-1',
    requested_at: '2026-07-01T08:30:00.123Z',
    ...fields,
  };
}

/** Some payments of one account. */
export function paymentsOfAccount(count: number): Payment[] {
  const { account_id } = payment();
  return Array.from({ length: count }, () => payment({ account_id }));
}

/** SHA-256 of the RFC 8785 form, worked out again: keys sorted, no spaces. */
export function fingerprintOf(value: Payment): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** The payment's record as an earlier attempt of another invocation would have left it. */
export function recordOf(payment: Payment, fields: Record<string, unknown> = {}) {
  const stored = Object.entries(payment).filter(([field]) => field !== 'schema_version');
  const at = '2026-07-01T08:30:01.000Z';
  return {
    ...Object.fromEntries(stored),
    payment_status: 'PROCESSING',
    timestamp: at,
    fingerprint: fingerprintOf(payment),
    attempts: 1,
    sequence_number: '1',
    history: [{ status: 'PROCESSING', at, attempt: 1, request_id: 'earlier', release_id: 'release-0' }],
    release_id: 'release-0',
    ...fields,
  };
}
