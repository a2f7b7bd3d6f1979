import {
  type FailedRecord,
  type HistoryEntry,
  isDecided,
  isDiscarded,
  newRecord,
  type PaymentIdentity,
  type PaymentMessage,
  type PaymentRecord,
} from '../../contract';
import type { ParsedDeadLetter, RecordState } from './dead-letter';
import type { DiscardRequest } from './event';
import { historyEntry, type Invocation, type Services } from './invocation';
import type { DeadLetter, LogFields } from './ports';
import type { ScanAction } from './dead-letter-scanner';
import { type BulkAnswer, BulkOperation } from './bulk-operation';

/** `attempts` of a payment that no invocation of the payment processor ever claimed. */
const UNCLAIMED = 0;

/**
 * Ends payments undecided. The reason goes into the payment's record, or into the log of a message that has no record of its own;
 * then the message is deleted. The record stays, and keeps the transaction id: the same payment sent again is a duplicate.
 */
export function discard(request: DiscardRequest, services: Services, invocation: Invocation): Promise<BulkAnswer> {
  const operation = new BulkOperation(request, services, invocation);
  return operation.run(new Discard(request, operation, services, invocation));
}

type Undecided = Exclude<RecordState, { kind: 'settled' | 'conflicting' }>;

/** A payment with its dead letter, or known by its record alone. */
type Target =
  | { readonly identity: PaymentIdentity; readonly payment: PaymentMessage; readonly letter: DeadLetter }
  | { readonly identity: PaymentIdentity; readonly letter?: undefined };

class Discard {
  constructor(
    private readonly request: DiscardRequest,
    private readonly operation: BulkOperation,
    private readonly services: Services,
    private readonly invocation: Invocation,
  ) {}

  async visitLetter(letter: DeadLetter, parsed: ParsedDeadLetter): Promise<ScanAction> {
    if (parsed.kind === 'payment') return this.discard({ ...parsed, letter });
    return this.discardMessage(letter, { error_code: parsed.code });
  }

  async visitRecord(record: PaymentRecord): Promise<ScanAction | 'nothing to do'> {
    if (isDecided(record) || isDiscarded(record)) return 'nothing to do';
    return this.discard({ identity: record });
  }

  private discard(target: Target): Promise<ScanAction> {
    return this.operation.actOn(target.identity, target.letter, (state) => this.discardAs(state, target));
  }

  private async discardAs(state: RecordState, target: Target): Promise<ScanAction | 'changed'> {
    const { identity } = target;
    if (state.kind === 'settled') return this.dropCopy(target);
    if (state.kind === 'conflicting') return this.discardConflicting(target);
    if (!this.operation.takeOne(identity.transaction_id)) return 'limit';
    if (this.request.dryRun) return this.operation.leave('discarded', identity.transaction_id);
    if (!(await this.giveUp(target, state))) return 'changed';
    await this.operation.holds.lift(identity);
    return this.end(target, 'discarded', 'Payment discarded', { status: 'FAILED', reason: this.request.reason });
  }

  /** An invalid message, or a conflicting payment: it touches no record. */
  private async discardMessage(letter: DeadLetter, told: LogFields): Promise<ScanAction> {
    const { messageId: message_id } = letter;
    if (!this.operation.takeOne(message_id)) return 'limit';
    if (this.request.dryRun) return this.operation.leave('discarded', message_id);
    this.services.telemetry.info('Message discarded', { message_id, ...told, reason: this.request.reason });
    await this.services.deadLetters.delete(letter, this.invocation.signal);
    this.operation.count('discarded', message_id);
    return 'deleted';
  }

  private async discardConflicting({ identity, letter }: Target): Promise<ScanAction> {
    this.operation.conflicts(identity);
    if (letter === undefined) return this.operation.leave('conflicting', identity.transaction_id);
    if (!this.request.dryRun) await this.operation.holds.lift(identity);
    return this.discardMessage(letter, { ...this.told(identity), error_code: 'CONFLICTING_TRANSACTION' });
  }

  /** @returns false when the record has changed, maybe by our own write, whose answer was lost: the next look tells */
  private async giveUp(target: Target, state: Undecided): Promise<boolean> {
    if (state.kind === 'unrecorded') return this.record(target);
    // A run before us got as far as this, or the look before.
    return this.isNoted(state.record) || this.note(state.record);
  }

  private async note(record: PaymentRecord): Promise<boolean> {
    return this.services.payments.giveUp({ record, entry: this.entry(record.attempts) }, this.invocation.signal);
  }

  /** The record takes the transaction id, so that the payment is not decided when it is sent again. */
  private async record(target: Target): Promise<boolean> {
    if (target.letter === undefined) return false;
    const { payment, identity, letter } = target;
    const entry = this.entry(UNCLAIMED);
    const record: FailedRecord = {
      ...newRecord(payment, identity.fingerprint, letter.sequenceNumber, entry),
      payment_status: 'FAILED',
      failure_code: 'DISCARDED',
      failure_message: this.request.reason,
      dead_lettered_at: entry.at,
      discarded_at: entry.at,
    };
    return this.services.payments.insert(record, this.invocation.signal);
  }

  private async dropCopy(target: Target): Promise<ScanAction> {
    if (this.request.dryRun) return this.operation.leave('settled', target.identity.transaction_id);
    await this.operation.holds.lift(target.identity);
    return this.end(target, 'settled', 'Copy of a decided payment deleted');
  }

  private async end(
    { identity, letter }: Target,
    verdict: 'discarded' | 'settled',
    event: string,
    told: LogFields = {},
  ): Promise<ScanAction> {
    this.services.telemetry.info(event, {
      ...(letter && { message_id: letter.messageId }),
      ...this.told(identity),
      ...told,
    });
    if (letter !== undefined) await this.services.deadLetters.delete(letter, this.invocation.signal);
    this.operation.count(verdict, identity.transaction_id);
    return 'deleted';
  }

  private entry(attempt: number): HistoryEntry {
    return historyEntry(this.services, this.invocation, 'FAILED', attempt, this.request.reason);
  }

  private isNoted({ history }: PaymentRecord): boolean {
    const last = history.at(-1);
    return last?.status === 'FAILED' && last.reason === this.request.reason;
  }

  private told({ transaction_id, account_id }: PaymentIdentity): LogFields {
    return { transaction_id, account_hash: this.services.accountHash(account_id) };
  }
}
