import { type HistoryEntry, type PaymentRecord, requestedAt } from '../../src/contract';
import type { DlqInvocation, Invocation } from './invocation';

const HOUR_MS = 3_600_000;

/** Checks which payments expire: by their age, and by what operators asked for. */
export class ExpiryRules {
  /** Whether a redrive was by id, with a reason, by the request id of its invocation. */
  private readonly overrides = new Map<string, boolean>();

  /** @param maxAgeHours of the pipeline; undefined without a limit */
  constructor(private readonly maxAgeHours: number | undefined) {}

  /** An operator has redriven a payment. */
  onRedriven({ requestId, event }: DlqInvocation): void {
    this.overrides.set(requestId, event.transactionIds !== undefined && event.reason !== undefined);
  }

  /** Violations of a payment that expired: by the clock of its invocation it was too old, and unasked. */
  judgeExpired({ history, ...record }: PaymentRecord, by: Invocation): string[] {
    const { transaction_id } = record;
    return [
      ...(this.isOlder(record, history.at(-1)!) ? [] : [`${transaction_id} expired before its time`]),
      ...(by.called.has(transaction_id) ? [`${transaction_id} expired after the fraud API was asked`] : []),
      ...(this.isOverridden(history) ? [`${transaction_id} expired, though an operator redrove it by its id`] : []),
    ];
  }

  /** Whether the payment has to expire unasked: it was too old when the invocation claimed it, by the same clock. */
  mustExpire({ history, ...record }: PaymentRecord, { requestId }: Invocation): boolean {
    const claim = history.findLastIndex(({ request_id }) => request_id === requestId);
    return claim >= 0 && this.isOlder(record, history[claim]!) && !this.isOverridden(history.slice(0, claim));
  }

  private isOlder(record: Pick<PaymentRecord, 'requested_at'>, { at }: HistoryEntry): boolean {
    return Date.parse(at) - requestedAt(record) > (this.maxAgeHours ?? Infinity) * HOUR_MS;
  }

  /** By the latest redrive. */
  private isOverridden(history: readonly HistoryEntry[]): boolean {
    const redrive = history.findLast(({ request_id }) => this.overrides.has(request_id));
    return redrive !== undefined && this.overrides.get(redrive.request_id)!;
  }
}
