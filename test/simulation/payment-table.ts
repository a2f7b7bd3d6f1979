import type { HistoryEntry, PaymentRecord } from '../../src/contract';
import type { Transition } from '../../src/processor/core/ports';
import { ConditionalRecords } from '../support/conditional-records';
import { HeldAccounts } from '../support/held-accounts';
import type { Invocation } from './invocation';

/** Told of every write that took place, in the order in which the table made them. */
export interface TableObserver {
  onClaimed(record: PaymentRecord, by: Invocation): void;
  onTransition(before: PaymentRecord, after: PaymentRecord, by: Invocation): void;
  onDeadLetterNoted(record: PaymentRecord, by: Invocation): void;
}

/** The payment table: DynamoDB's conditional writes on single items, which the AWS documentation calls serializable. */
export class PaymentTable {
  readonly held = new HeldAccounts();
  private readonly table = new ConditionalRecords();

  constructor(private readonly observer: TableObserver) {}

  get records(): readonly PaymentRecord[] {
    return [...this.table.records.values()];
  }

  read(transactionId: string): PaymentRecord | undefined {
    return this.table.read(transactionId);
  }

  insert(record: PaymentRecord, by: Invocation): boolean {
    const written = this.table.insert(record);
    if (written) this.observer.onClaimed(record, by);
    return written;
  }

  transition(transition: Transition, by: Invocation): boolean {
    const before = this.read(transition.transactionId);
    const written = this.table.transition(transition);
    if (written) this.observer.onTransition(before!, this.read(transition.transactionId)!, by);
    else by.isDisturbed = true; // another invocation was at it
    return written;
  }

  /** By an operator: the payment is to be tried again. False when it is not FAILED any more. */
  redrive(transactionId: string, entry: HistoryEntry): boolean {
    const record = this.read(transactionId)!;
    if (record.payment_status !== 'FAILED') return false;
    Reflect.deleteProperty(record, 'dead_lettered_at');
    const history = [...record.history, entry];
    this.table.put({ ...record, payment_status: 'PROCESSING', timestamp: entry.at, attempts: entry.attempt, history });
    return true;
  }

  markDeadLettered(record: Pick<PaymentRecord, 'transaction_id' | 'attempts'>, at: string, by: Invocation): boolean {
    const written = this.table.markDeadLettered(record, at);
    if (written) this.observer.onDeadLetterNoted(this.read(record.transaction_id)!, by);
    return written;
  }
}
