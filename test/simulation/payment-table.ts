import { type HistoryEntry, type PaymentRecord, shortenedHistory } from '../../src/contract';
import type { RecordChange } from '../../src/dlq-processor/core/ports';
import type { Transition } from '../../src/processor/core/ports';
import { ConditionalRecords } from '../support/conditional-records';
import { HeldAccounts } from '../support/held-accounts';
import type { DlqInvocation } from './dlq-processor';
import type { Invocation } from './invocation';

/** Told of every write that took place, in the order in which the table made them. */
export interface TableObserver {
  onClaimed(record: PaymentRecord, by: Invocation): void;
  onTransition(before: PaymentRecord, after: PaymentRecord, by: Invocation): void;
  /** By the DLQ processor. */
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

  /** No copy, which would take most of a run's time: whoever writes puts another record in its place. */
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

  /** By an operator: the payment is to be tried again. False when the record is not the one that was read. */
  reopen({ record, entry }: RecordChange, by: DlqInvocation): boolean {
    const before = this.unchanged(record);
    if (before === undefined) return false;
    const { dead_lettered_at, failure_code, failure_message, parked_behind, ...rest } = before;
    this.change(before, { ...rest, ...stateOf(entry), ...historyWith(before, entry) }, by);
    return true;
  }

  /** By an operator: the payment has failed for good, or its failure gets a note. False when the record is not the one that was read. */
  giveUp({ record, entry }: RecordChange, by: DlqInvocation): boolean {
    const before = this.unchanged(record);
    if (before === undefined) return false;
    const dead_lettered_at = before.dead_lettered_at ?? entry.at;
    const history = historyWith(before, entry);
    const { parked_behind, ...rest } = before;
    if (before.payment_status === 'FAILED') this.change(before, { ...before, ...history, dead_lettered_at }, by);
    else this.change(before, { ...rest, ...stateOf(entry), ...history, dead_lettered_at, failure_code: 'DISCARDED', failure_message: entry.reason! }, by);
    return true;
  }

  /** By an operator: of a payment that has none. False when there is one. */
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

  private unchanged(read: PaymentRecord): PaymentRecord | undefined {
    const now = this.read(read.transaction_id);
    const isSame =
      now?.payment_status === read.payment_status &&
      now.attempts === read.attempts &&
      now.history.length === read.history.length &&
      now.history_omitted === read.history_omitted;
    return isSame ? now : undefined;
  }

  private change(before: PaymentRecord, after: PaymentRecord, by: DlqInvocation): void {
    this.table.put(after);
    this.observer.onOperated(before, after, by);
  }
}

function stateOf({ status, at, attempt, release_id }: HistoryEntry): Pick<PaymentRecord, 'payment_status' | 'timestamp' | 'attempts' | 'release_id'> {
  return { payment_status: status, timestamp: at, attempts: attempt, release_id };
}

function historyWith(record: PaymentRecord, entry: HistoryEntry): Pick<PaymentRecord, 'history' | 'history_omitted'> {
  return shortenedHistory(record, entry) ?? { history: [...record.history, entry] };
}
