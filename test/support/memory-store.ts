import type { PaymentRecord } from '../../src/contract';
import { type PaymentStore, StoreError, type Transition } from '../../src/processor/core/ports';

type Operation = 'insert' | 'transition' | 'markDeadLettered' | 'read';

/** What goes wrong with one call; the store is as good as new after it. */
export type StoreFault =
  /** Nothing is written, and the caller hears of an error. */
  | 'refused'
  /** It is written, but the caller hears of an error. */
  | 'written but no answer'
  /** It is written, no answer arrives, and the client's own retry then meets its first write. */
  | 'written twice';

/** The payment table's conditional semantics, in memory. */
export class MemoryStore implements PaymentStore {
  readonly records = new Map<string, PaymentRecord>();
  /** Every call, in order. */
  readonly calls: Operation[] = [];
  private readonly faults: { operation: Operation; fault: StoreFault }[] = [];
  private readonly interludes: { operation: Operation; happens: () => void }[] = [];

  put(...records: readonly PaymentRecord[]): void {
    for (const record of records) this.records.set(record.transaction_id, record);
  }

  record(transactionId: string): PaymentRecord {
    const record = this.records.get(transactionId);
    if (record === undefined) throw new Error(`No record of ${transactionId}`);
    return record;
  }

  get writes(): number {
    return this.calls.filter((call) => call !== 'read').length;
  }

  /** Spoils the next call of this operation; said twice, the next two. */
  failNext(operation: Operation, fault: StoreFault = 'refused'): void {
    this.faults.push({ operation, fault });
  }

  /** Something that another invocation does just before the next call of this operation. */
  beforeNext(operation: Operation, happens: () => void): void {
    this.interludes.push({ operation, happens });
  }

  insert(record: PaymentRecord): Promise<boolean> {
    return this.write('insert', () => {
      if (this.records.has(record.transaction_id)) return false;
      this.records.set(record.transaction_id, structuredClone(record));
      return true;
    });
  }

  transition({ transactionId, fence, entry, changes }: Transition): Promise<boolean> {
    return this.write('transition', () => {
      const record = this.records.get(transactionId);
      if (record?.payment_status !== 'PROCESSING' || record.attempts !== fence) return false;
      const { status: payment_status, at: timestamp, attempt: attempts, release_id } = entry;
      const history = [...record.history, entry];
      this.put({ ...record, payment_status, timestamp, attempts, release_id, ...changes, history });
      return true;
    });
  }

  markDeadLettered({ transaction_id, attempts }: Pick<PaymentRecord, 'transaction_id' | 'attempts'>, at: string): Promise<boolean> {
    return this.write('markDeadLettered', () => {
      const record = this.records.get(transaction_id);
      if (record?.payment_status !== 'FAILED' || record.attempts !== attempts) return false;
      if (record.dead_lettered_at !== undefined) return false;
      this.put({ ...record, dead_lettered_at: at });
      return true;
    });
  }

  async read(transactionId: string): Promise<PaymentRecord | undefined> {
    if (this.begin('read') !== undefined) throw new StoreError('read the payment', 'Throttled');
    return Promise.resolve(structuredClone(this.records.get(transactionId)));
  }

  private async write(operation: Operation, conditionally: () => boolean): Promise<boolean> {
    const fault = this.begin(operation);
    await Promise.resolve();
    if (fault === 'refused') throw new StoreError(operation, 'Throttled');
    const written = conditionally();
    if (fault === 'written but no answer') throw new StoreError(operation, 'TimeoutError');
    return fault === 'written twice' ? false : written;
  }

  private begin(operation: Operation): StoreFault | undefined {
    this.calls.push(operation);
    take(this.interludes, operation)?.happens();
    return take(this.faults, operation)?.fault;
  }
}

function take<T extends { operation: Operation }>(list: T[], operation: Operation): T | undefined {
  const index = list.findIndex((item) => item.operation === operation);
  return index < 0 ? undefined : list.splice(index, 1)[0];
}
