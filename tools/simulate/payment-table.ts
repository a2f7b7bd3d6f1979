import type { PaymentRecord } from '../../src/contract';
import type { RecordChange } from '../../src/dlq-processor/core/ports';
import type { Transition } from '../../src/processor/core/ports';
import { ConditionalRecords } from '../kit/cores/conditional-records';
import { HeldAccounts } from '../kit/cores/held-accounts';
import type { DlqInvocation, Invocation } from './invocation';

/** Told of every write that took place, in the order in which the table made them. */
export interface TableObserver {
  onClaimed(record: PaymentRecord, by: Invocation): void;
  onTransition(before: PaymentRecord, after: PaymentRecord, by: Invocation): void;
  /** The DLQ processor has written a record. */
  onOperated(before: PaymentRecord | undefined, after: PaymentRecord, by: DlqInvocation): void;
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

  /**
   * Transaction ids of payments whose redrive was cut short between the record and the message. The operator was told of an error, or
   * got no answer: the same event again sends the message.
   */
  get unsent(): string[] {
    const isReopened = ({ payment_status, parked_behind, history }: PaymentRecord) =>
      payment_status === 'PROCESSING' && parked_behind === undefined && history.at(-1)?.reason !== undefined;
    return this.records.filter(isReopened).map(({ transaction_id }) => transaction_id);
  }

  /** Returns the stored record itself: copies would take most of a run's time, and a write replaces the record. */
  read(transactionId: string): PaymentRecord | undefined {
    return this.table.records.get(transactionId);
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

  /** Changes the record to PROCESSING for an operator. False when the record is not the one that was read. */
  reopen(change: RecordChange, by: DlqInvocation): boolean {
    return this.operate(change, by, () => this.table.reopen(change));
  }

  /** Changes the record to FAILED permanently for an operator, or adds a note to its failure. False when the record is not the one that was read. */
  giveUp(change: RecordChange, by: DlqInvocation): boolean {
    return this.operate(change, by, () => this.table.giveUp(change));
  }

  /** Decides a payment in review for an operator. False when the record is not the one that was read. */
  resolve(change: RecordChange, by: DlqInvocation): boolean {
    return this.operate(change, by, () => this.table.resolve(change));
  }

  /** Writes a new record for an operator. False when the payment has one. */
  record(record: PaymentRecord, by: DlqInvocation): boolean {
    const written = this.table.insert(record);
    if (written) this.observer.onOperated(undefined, record, by);
    return written;
  }

  markDeadLettered(record: Pick<PaymentRecord, 'transaction_id' | 'attempts'>, at: string, by: Invocation): boolean {
    const written = this.table.markDeadLettered(record, at);
    if (written) this.observer.onDeadLetterNoted(this.read(record.transaction_id)!, by);
    return written;
  }

  private operate({ record: { transaction_id } }: RecordChange, by: DlqInvocation, write: () => boolean): boolean {
    const before = this.read(transaction_id);
    const written = write();
    if (written) this.observer.onOperated(before, this.read(transaction_id)!, by);
    return written;
  }
}
