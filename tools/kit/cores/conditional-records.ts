import {
  type DecidedRecord,
  type FailedRecord,
  type HistoryChange,
  type PaymentRecord,
  transitionFields,
} from '../../../src/contract';
import type { RecordChange } from '../../../src/dlq-processor/core/ports';
import type { Transition } from '../../../src/processor/core/ports';

/** The payment table's conditional writes, each in one step, as DynamoDB makes them on one item. */
export class ConditionalRecords {
  readonly records = new Map<string, PaymentRecord>();

  /** The same records in a table of its own; a record is never changed, only replaced. */
  copy(): ConditionalRecords {
    const copy = new ConditionalRecords();
    copy.put(...this.records.values());
    return copy;
  }

  put(...records: readonly PaymentRecord[]): void {
    for (const record of records) this.records.set(record.transaction_id, record);
  }

  /** A copy: what a reader holds does not change under it. */
  read(transactionId: string): PaymentRecord | undefined {
    return structuredClone(this.records.get(transactionId));
  }

  insert(record: PaymentRecord): boolean {
    if (this.records.has(record.transaction_id)) return false;
    this.put(structuredClone(record));
    return true;
  }

  transition({ transactionId, fence, parkedBehind, changes, ...change }: Transition): boolean {
    const record = this.records.get(transactionId);
    if (record?.payment_status !== 'PROCESSING' || record.attempts !== fence) return false;
    const { parked_behind, ...unparked } = record;
    const parked = parkedBehind !== undefined && { parked_behind: parkedBehind };
    const after = { ...unparked, ...historyWith(record, change), ...changes, ...parked };
    this.put(after as PaymentRecord);
    return true;
  }

  markDeadLettered(
    { transaction_id, attempts }: Pick<PaymentRecord, 'transaction_id' | 'attempts'>,
    at: string,
  ): boolean {
    const record = this.records.get(transaction_id);
    if (record?.payment_status !== 'FAILED' || record.attempts !== attempts) return false;
    if (record.dead_lettered_at !== undefined) return false;
    this.put({ ...record, dead_lettered_at: at });
    return true;
  }

  /** Changes the record to PROCESSING for an operator. */
  reopen(change: RecordChange): boolean {
    const record = this.unchanged(change);
    if (record === undefined) return false;
    const { dead_lettered_at, failure_code, failure_message, discarded_at, parked_behind, ...rest } = record;
    this.put({ ...rest, ...transitionFields(change.entry), ...historyWith(record, change) } as PaymentRecord);
    return true;
  }

  /** Changes the record to FAILED permanently for an operator, or adds a note to its failure. */
  giveUp(change: RecordChange): boolean {
    const record = this.unchanged(change);
    if (record === undefined) return false;
    const { entry } = change;
    const noted = {
      ...historyWith(record, change),
      discarded_at: entry.at,
      dead_lettered_at: record.dead_lettered_at ?? entry.at,
    };
    const { parked_behind, ...rest } = record;
    const failure = { failure_code: 'DISCARDED', failure_message: entry.reason! } as const;
    if (record.payment_status === 'FAILED') this.put({ ...record, ...noted });
    else this.put({ ...rest, ...transitionFields(entry), ...noted, ...failure } as FailedRecord);
    return true;
  }

  /** Decides a payment in review for an operator. */
  resolve(change: RecordChange): boolean {
    const record = this.unchanged(change);
    if (record === undefined) return false;
    const { entry } = change;
    this.put({ ...record, ...transitionFields(entry), ...historyWith(record, change) } as DecidedRecord);
    return true;
  }

  private unchanged({ record }: RecordChange): PaymentRecord | undefined {
    const now = this.records.get(record.transaction_id);
    const isSame =
      now?.payment_status === record.payment_status &&
      now.attempts === record.attempts &&
      now.history.length === record.history.length &&
      now.history_omitted === record.history_omitted;
    return isSame ? now : undefined;
  }
}

function historyWith(
  { history }: PaymentRecord,
  { entry, shortenedHistory }: HistoryChange,
): Pick<PaymentRecord, 'history' | 'history_omitted'> {
  return shortenedHistory ?? { history: [...history, entry] };
}
