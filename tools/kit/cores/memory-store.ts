import type { PaymentRecord } from '../../../src/contract';
import type { PaymentStore, Transition } from '../../../src/processor/core/ports';
import { ServiceError } from '../../../src/runtime/ports';
import { ConditionalRecords } from './conditional-records';

type Operation = 'insert' | 'transition' | 'markDeadLettered' | 'read';

/** The fault of one call. Later calls work again. */
export type StoreFault =
  /** Nothing is written, and the caller gets an error. */
  | 'refused'
  /** It is written, but the caller gets an error. */
  | 'written but no answer'
  /** It is written, no answer arrives, and the SDK's own retry then finds its first write. */
  | 'written twice';

/** The payment table in memory, with the faults that a test asks for. */
export class MemoryStore implements PaymentStore {
  /** Every call, in order. */
  readonly calls: Operation[] = [];
  private readonly table = new ConditionalRecords();
  private readonly faults: { operation: Operation; fault: StoreFault }[] = [];
  private readonly interludes: { operation: Operation; happens: () => void }[] = [];

  get records(): Map<string, PaymentRecord> {
    return this.table.records;
  }

  put(...records: readonly PaymentRecord[]): void {
    this.table.put(...records);
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
    return this.write('insert', () => this.table.insert(record));
  }

  transition(transition: Transition): Promise<boolean> {
    return this.write('transition', () => this.table.transition(transition));
  }

  markDeadLettered(record: Pick<PaymentRecord, 'transaction_id' | 'attempts'>, at: string): Promise<boolean> {
    return this.write('markDeadLettered', () => this.table.markDeadLettered(record, at));
  }

  async read(transactionId: string): Promise<PaymentRecord | undefined> {
    if (this.begin('read') !== undefined) throw failure('read', 'Throttled');
    return Promise.resolve(this.table.read(transactionId));
  }

  private async write(operation: Operation, conditionally: () => boolean): Promise<boolean> {
    const fault = this.begin(operation);
    await Promise.resolve();
    if (fault === 'refused') throw failure(operation, 'Throttled');
    const written = conditionally();
    if (fault === 'written but no answer') throw failure(operation, 'TimeoutError');
    return fault === 'written twice' ? false : written;
  }

  private begin(operation: Operation): StoreFault | undefined {
    this.calls.push(operation);
    take(this.interludes, operation)?.happens();
    return take(this.faults, operation)?.fault;
  }
}

function failure(operation: Operation, code: string): ServiceError {
  return new ServiceError('payment table', operation, code);
}

function take<T extends { operation: Operation }>(list: T[], operation: Operation): T | undefined {
  const index = list.findIndex((item) => item.operation === operation);
  return index < 0 ? undefined : list.splice(index, 1)[0];
}
