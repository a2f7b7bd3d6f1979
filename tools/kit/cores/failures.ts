import type { FailedPayment } from '../../../src/dlq-processor/core/ports';

export const NOON = Date.parse('2026-01-02T12:00:00.000Z');

export interface SomeFailures {
  readonly count: number;
  /** Accounts that the failures are spread over. @default 10 */
  readonly accounts?: number;
  /** The account of all of them. */
  readonly account?: string;
  readonly code?: FailedPayment['failure_code'];
  readonly release?: string;
  /** Minutes after noon of the first, and between two. */
  readonly from?: number;
  readonly every?: number;
}

/** Failed payments, the first failure first; say only what the test is about. */
export function failures(...some: readonly SomeFailures[]): FailedPayment[] {
  let serial = 0;
  const all = some.flatMap(
    ({
      count,
      accounts = 10,
      account,
      code = 'FRAUD_CHECK_UNAVAILABLE',
      release = 'release-1',
      from = 0,
      every = 0.1,
    }) =>
      Array.from({ length: count }, (_, index) => ({
        transaction_id: `tx-${++serial}`,
        account_id: account ?? `account-${index % accounts}`,
        timestamp: new Date(NOON + (from + index * every) * 60_000).toISOString(),
        failure_code: code,
        release_id: release,
      })),
  );
  return all.sort((one, other) => (one.timestamp < other.timestamp ? -1 : 1));
}
