import type { PaymentRecord } from '../../src/contract';
import type { Transition } from '../../src/processor/core/ports';

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

  transition({ transactionId, fence, entry, parkedBehind, changes }: Transition): boolean {
    const record = this.records.get(transactionId);
    if (record?.payment_status !== 'PROCESSING' || record.attempts !== fence) return false;
    const { status: payment_status, at: timestamp, attempt: attempts, release_id } = entry;
    const history = [...record.history, entry];
    const { parked_behind, ...unparked } = record;
    const parked = parkedBehind !== undefined && { parked_behind: parkedBehind };
    this.put({ ...unparked, payment_status, timestamp, attempts, release_id, history, ...changes, ...parked });
    return true;
  }

  markDeadLettered({ transaction_id, attempts }: Pick<PaymentRecord, 'transaction_id' | 'attempts'>, at: string): boolean {
    const record = this.records.get(transaction_id);
    if (record?.payment_status !== 'FAILED' || record.attempts !== attempts) return false;
    if (record.dead_lettered_at !== undefined) return false;
    this.put({ ...record, dead_lettered_at: at });
    return true;
  }
}
