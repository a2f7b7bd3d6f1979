import {
  addEntry,
  hasEnded,
  type HashedEntry,
  type HistoryEntry,
  isOwnWrite,
  isDiscarded,
  messageOf,
  newRecord,
  type PaymentIdentity,
  type PaymentMessage,
  type PaymentRecord,
  type RecordState,
  redriveReason,
} from '../../contract';
import { historyEntry, type Invocation } from '../../runtime/ports';
import { isAwayFromQueue } from './account-holds';
import type { BulkAnswer } from './bulk-answer';
import { BulkOperation, type Target } from './bulk-operation';
import { isPoison, type ParsedDeadLetter } from './dead-letter';
import type { ScanAction } from './dead-letter-scanner';
import type { RedriveRequest } from './event';
import type { DeadLetter, Resend, Services } from './ports';

/**
 * Sends failed and parked payments to the payment queue again, each account's in the order of its dead letters. For each: the
 * record to PROCESSING, then the message, then the deletion of the dead letter. After a crash between any two,
 * the next run repeats what it cannot know to be done; the payment processor ignores a second copy.
 */
export function redrive(request: RedriveRequest, services: Services, invocation: Invocation): Promise<BulkAnswer> {
  const operation = new BulkOperation(request, services, invocation);
  return operation.run(new Redrive(request, operation, services, invocation));
}

/** The message comes from the dead letter, or is rebuilt from the record when the letter has gone. */
interface Source extends Target {
  readonly payment: PaymentMessage;
}

type Reopened = Exclude<RecordState, { kind: 'settled' | 'conflicting' }>;

class Redrive {
  constructor(
    private readonly request: RedriveRequest,
    private readonly operation: BulkOperation,
    private readonly services: Services,
    private readonly invocation: Invocation,
  ) {}

  async visitLetter(letter: DeadLetter, parsed: ParsedDeadLetter): Promise<ScanAction> {
    if (parsed.kind === 'unreadable') return this.operation.leave('unreadable', letter.messageId);
    return this.redrive({ ...parsed, letter });
  }

  async visitRecord(record: PaymentRecord): Promise<ScanAction | 'nothing to do'> {
    const isRedriven = isRedrivenUnclaimed(record);
    if (!isRedriven && !isAwayFromQueue(record)) {
      if (hasEnded(record)) await this.operation.publishOutcome(record);
      return 'nothing to do';
    }
    const payment = messageOf(record);
    if (payment === undefined) return this.operation.leave('incomplete', record.transaction_id);
    if (!isRedriven) return this.redrive({ payment, identity: record });
    await this.resend(record); // the run that redrove it may have died before it sent the message
    return 'nothing to do';
  }

  private redrive(source: Source): Promise<ScanAction> {
    return this.operation.actOn(source, (state) => this.redriveAs(state, source));
  }

  private async redriveAs(state: RecordState, source: Source): Promise<ScanAction | 'changed'> {
    const { identity } = source;
    if (state.kind === 'conflicting') return this.leaveConflicting(source);
    if (state.kind === 'settled') return this.operation.dropCopy(source, state.record);
    const left = this.leaveHopeless(source, state) ?? (await this.leaveBlocked(identity, state));
    if (left !== undefined) return left;
    if (!this.operation.takeOne(identity.transaction_id)) return 'limit';
    if (this.request.dryRun) return this.countRedrive(identity);
    if (state.kind === 'open' && this.isRedriven(identity, state.record)) {
      await this.send(source, state.record.attempts);
      // Without a write of our own, an operator's may have come between our read and our message, which then ended as a duplicate.
      return (await this.isOperated(state.record)) ? 'changed' : this.finish(source, state.record.history.at(-1));
    }
    const entry = await this.reopen(source, state);
    if (entry === undefined) return 'changed';
    await this.send(source, entry.attempt);
    return this.finish(source, entry);
  }

  private leaveConflicting({ identity, letter }: Source): ScanAction {
    this.operation.addConflict(identity);
    return this.operation.leave('conflicting', letter?.messageId ?? identity.transaction_id);
  }

  /** Leaves a payment that failed again in this run, or is redriven only when the event names its id, and an expired one without a reason. */
  private leaveHopeless(source: Source, state: Reopened): ScanAction | undefined {
    const { transaction_id } = source.identity;
    if (state.kind !== 'failed') return undefined;
    if (this.hasFailedAgain(state.record)) return this.operation.leave('wouldFailAgain', transaction_id);
    if (this.isById(source)) {
      const isOverridden = state.record.failure_code !== 'PAYMENT_EXPIRED' || this.request.reason !== undefined;
      return isOverridden ? undefined : this.operation.leave('wouldFailAgain', transaction_id);
    }
    if (isDiscarded(state.record)) return this.operation.leave('discardedBefore', transaction_id);
    return isPoison(state.record) ? this.operation.leave('wouldFailAgain', transaction_id) : undefined;
  }

  /** Whether it has failed since this run redrove it. Redriven again, it could fail until the run's time is up. */
  private hasFailedAgain(record: PaymentRecord): boolean {
    const isRedriven = !this.request.dryRun && this.operation.results.has('redriven', record.transaction_id);
    return isRedriven && !isDiscarded(record);
  }

  /** Leaves a payment that would only be parked again, even when the event names its id. */
  private async leaveBlocked(identity: PaymentIdentity, state: Reopened): Promise<ScanAction | undefined> {
    const hasPlace = state.kind !== 'failed' || !isDiscarded(state.record);
    const blocker = await this.operation.holds.blockerOf(identity, hasPlace, (record) => this.resend(record));
    if (blocker === undefined) return undefined;
    this.operation.results.addAwaited(blocker.transaction_id);
    return this.operation.leave('waiting', identity.transaction_id);
  }

  private countRedrive(identity: PaymentIdentity): ScanAction {
    this.operation.holds.markOnItsWay(identity);
    return this.operation.leave('redriven', identity.transaction_id);
  }

  /**
   * Sends the message of a payment once more whose record says that it is on its way: the run that redrove it may not have sent the
   * message, or SQS may have moved that to the dead-letter queue since. The payment processor ignores a second copy.
   */
  private async resend(record: PaymentRecord): Promise<void> {
    const payment = messageOf(record);
    if (payment !== undefined && !this.request.dryRun) await this.send({ payment, identity: record }, record.attempts);
  }

  /**
   * Whether this run or another has redriven it, and it was not received since: it keeps its attempt, and SQS drops its message if
   * that was sent from the same dead letter within five minutes.
   */
  private isRedriven(identity: PaymentIdentity, record: PaymentRecord): boolean {
    return this.operation.holds.isOnItsWay(identity) || isRedrivenUnclaimed(record);
  }

  /** Whether another operator has discarded the payment since its record was read, and maybe redriven it after that. */
  private async isOperated({ transaction_id, attempts }: PaymentRecord): Promise<boolean> {
    const record = await this.services.payments.read(transaction_id);
    return record === undefined || isDiscarded(record) || (record.attempts !== attempts && isRedrivenUnclaimed(record));
  }

  /**
   * Changes the record to PROCESSING by a conditional write, so that a concurrent discard comes either before or after it.
   * @returns the entry of its history; undefined when the record has changed
   */
  private async reopen(source: Source, state: Reopened): Promise<HistoryEntry | undefined> {
    const { payment, identity, letter } = source;
    const { payments } = this.services;
    if (state.kind === 'failed') await this.operation.publishOutcome(state.record);
    const attempts = state.kind === 'unrecorded' ? 0 : state.record.attempts;
    const reason = redriveReason(causeOf(state), this.isById(source), this.request.reason);
    const why = { reason, ...this.operation.by };
    const redriven = historyEntry(this.invocation, this.services.clock, 'PROCESSING', attempts + 1, why);
    if (state.kind === 'unrecorded') {
      const sending = { sequence_number: letter?.sequenceNumber ?? '' };
      const record = newRecord(payment, identity.fingerprint, sending, redriven);
      return this.ownEntry(record.history[0] as HashedEntry, identity, await payments.insert(record));
    }
    const change = addEntry(state.record, redriven);
    return this.ownEntry(change.entry, identity, await payments.reopen({ record: state.record, ...change }));
  }

  /** The entry, if it is in the record: also after a write whose answer was lost. */
  private async ownEntry(
    entry: HashedEntry,
    { transaction_id }: PaymentIdentity,
    isWritten: boolean,
  ): Promise<HistoryEntry | undefined> {
    return isWritten || isOwnWrite(await this.services.payments.read(transaction_id), entry) ? entry : undefined;
  }

  private send({ payment, letter }: Source, attempt: number): Promise<void> {
    const { transaction_id, account_id } = payment;
    const message: Omit<Resend, 'attempt'> =
      letter === undefined
        ? { body: JSON.stringify(payment), groupId: account_id, source: transaction_id }
        : { body: letter.body, groupId: letter.groupId, source: letter.messageId };
    return this.services.paymentQueue.resend({ ...message, attempt });
  }

  private async finish(source: Source, entry: HistoryEntry | undefined): Promise<ScanAction> {
    this.operation.holds.markOnItsWay(source.identity);
    this.operation.results.add('redriven', source.identity.transaction_id); // also when its dead letter cannot be deleted
    await this.operation.deleteLetter(source, 'Payment redriven', { history_hash: entry?.hash });
    return 'deleted';
  }

  private isById({ identity: { transaction_id }, letter }: Source): boolean {
    return this.operation.isAskedForById(transaction_id, letter?.messageId);
  }
}

function causeOf(state: Reopened): string {
  if (state.kind === 'failed') return `after ${state.record.failure_code ?? 'an unknown failure'}`;
  if (state.kind === 'open' && state.record.parked_behind !== undefined)
    return `after parking behind ${state.record.parked_behind}`;
  return 'after receives without an end';
}

/** Whether it was redriven, and no message of it has been received since. */
function isRedrivenUnclaimed({ payment_status, history, parked_behind }: PaymentRecord): boolean {
  return payment_status === 'PROCESSING' && parked_behind === undefined && history.at(-1)?.reason !== undefined;
}
