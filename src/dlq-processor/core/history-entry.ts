import type { HistoryEntry, PaymentStatus } from '../../contract';
import type { Invocation, Services } from './invocation';

/** What an operator's action adds to a record's history. */
export function historyEntry(
  { clock }: Pick<Services, 'clock'>,
  { requestId: request_id, releaseId: release_id }: Invocation,
  status: PaymentStatus,
  attempt: number,
  reason: string,
): HistoryEntry {
  return { status, at: new Date(clock.now()).toISOString(), attempt, request_id, release_id, reason };
}
