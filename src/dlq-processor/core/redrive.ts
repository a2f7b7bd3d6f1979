import { endsWith, isDiscarded, messageOf, newRecord, type PaymentIdentity, type PaymentMessage, type PaymentRecord } from '../../contract';
import { isAwayFromQueue } from './account-holds';
import { isPoison, type Reading, type Standing } from './dead-letter';
import type { RedriveRequest } from './event';
import { historyEntry } from './history-entry';
import type { Invocation, Services } from './invocation';
import type { DeadLetter, Resend } from './ports';
import type { Visit } from './walk';
import { type WorkAnswer, Worklist } from './worklist';

/**
 * Sends failed and parked payments to the payment queue again, each account's in the order of its dead letters. For each: the
 * record to PROCESSING, then the message, then the dead letter's end. A crash between any two is made good by the
 * next run, which repeats what it cannot know to be done; the payment processor ignores what arrives twice.
 */
export function redrive(request: RedriveRequest, services: Services, invocation: Invocation): Promise<WorkAnswer> {
  const worklist = new Worklist(request, services, invocation);
  return worklist.work(new Redrive(request, worklist, services, invocation));
}

/** What the message is made of: the dead letter, or the record when the letter has gone. */
interface Source {
  readonly payment: PaymentMessage;
  readonly identity: PaymentIdentity;
  readonly letter?: DeadLetter;
}

type Reopened = Exclude<Standing, { kind: 'settled' | 'conflicting' }>;

class Redrive {
  constructor(
    private readonly request: RedriveRequest,
    private readonly worklist: Worklist,
    private readonly services: Services,
    private readonly invocation: Invocation,
  ) {}

  async visitLetter(letter: DeadLetter, reading: Reading): Promise<Visit> {
    if (reading.kind === 'unreadable') return this.worklist.keep('unreadable', letter.messageId);
    return this.redrive({ ...reading, letter });
  }

  async visitRecord(record: PaymentRecord): Promise<Visit | 'nothing to do'> {
    const isRedriven = isRedrivenUnclaimed(record);
    if (!isRedriven && !isAwayFromQueue(record)) return 'nothing to do';
    const payment = messageOf(record);
    if (payment === undefined) return this.worklist.keep('incomplete', record.transaction_id);
    if (!isRedriven) return this.redrive({ payment, identity: record });
    // The run that redrove it may have died before it sent the message.
    await this.sendAgain({ payment, identity: record }, record.attempts);
    return 'nothing to do';
  }

  /** SQS keeps one of two within five minutes. */
  private async sendAgain(source: Source, attempt: number): Promise<void> {
    if (!this.request.dryRun) await this.send(source, attempt);
  }

  private redrive(source: Source): Promise<Visit> {
    return this.worklist.actOn(source.identity, source.letter, (standing) => this.redriveAs(standing, source));
  }

  private async redriveAs(standing: Standing, source: Source): Promise<Visit | 'changed'> {
    const { identity } = source;
    if (standing.kind === 'conflicting') return this.leaveConflicting(source);
    if (standing.kind === 'settled') return this.dropCopy(source);
    const staying = this.stays(source, standing) ?? (await this.waits(identity, standing));
    if (staying !== undefined) return staying;
    if (!this.worklist.takeOne(identity.transaction_id)) return 'limit';
    if (this.request.dryRun) return this.noted(identity);
    if (standing.kind === 'open' && this.isRedriven(identity, standing.record)) {
      await this.send(source, standing.record.attempts);
      // Without a write of our own, a discard may have come between our read and our message.
      return (await this.isStillOpen(identity)) ? this.finish(source) : 'changed';
    }
    const attempt = await this.reopen(source, standing);
    if (attempt === undefined) return 'changed';
    await this.send(source, attempt);
    return this.finish(source);
  }

  private leaveConflicting({ identity, letter }: Source): Visit {
    this.worklist.conflicts(identity);
    return this.worklist.keep('conflicting', letter?.messageId ?? identity.transaction_id);
  }

  /** What is not redriven unless it is asked for by its id. */
  private stays({ identity: { transaction_id }, letter }: Source, standing: Reopened): Visit | undefined {
    if (standing.kind !== 'failed' || this.worklist.isAskedForById(transaction_id, letter?.messageId)) return undefined;
    if (isDiscarded(standing.record)) return this.worklist.keep('discardedBefore', transaction_id);
    return isPoison(standing.record) ? this.worklist.keep('wouldFailAgain', transaction_id) : undefined;
  }

  /** Also when it is asked for by its id: it would only be parked again. */
  private async waits(identity: PaymentIdentity, standing: Reopened): Promise<Visit | undefined> {
    const hasPlace = standing.kind !== 'failed' || !isDiscarded(standing.record);
    const obstacle = await this.worklist.holds.obstacleOf(identity, hasPlace, (record) => this.makeGood(record));
    if (obstacle === undefined) return undefined;
    this.worklist.waitsFor(obstacle.entry.transactionId);
    return this.worklist.keep('waiting', identity.transaction_id);
  }

  private noted(identity: PaymentIdentity): Visit {
    this.worklist.holds.pass(identity);
    return this.worklist.keep('redriven', identity.transaction_id);
  }

  /**
   * An older payment of the account comes first. Its record says that it is on its way, but not whether the run that redrove it has sent the
   * message, or SQS has moved that to the dead-letter queue since. So the message is sent once more: the payment processor ignores a second copy.
   */
  private async makeGood(record: PaymentRecord): Promise<void> {
    const payment = messageOf(record);
    if (payment !== undefined) await this.sendAgain({ payment, identity: record }, record.attempts);
  }

  /**
   * Whether this run or another has redriven it, and it was not received since: it keeps its attempt, and SQS drops its message if
   * that was sent from the same dead letter within five minutes.
   */
  private isRedriven(identity: PaymentIdentity, record: PaymentRecord): boolean {
    return this.worklist.holds.isPassing(identity) || isRedrivenUnclaimed(record);
  }

  private async isStillOpen({ transaction_id }: PaymentIdentity): Promise<boolean> {
    const record = await this.services.payments.read(transaction_id, this.invocation.signal);
    return record !== undefined && !isDiscarded(record);
  }

  /**
   * To PROCESSING by a write of our own, so that a discard beside it is either before or after it.
   * @returns the attempt; undefined when the record has changed
   */
  private async reopen({ payment, identity, letter }: Source, standing: Reopened): Promise<number | undefined> {
    const { payments } = this.services;
    const { signal } = this.invocation;
    const attempts = standing.kind === 'unrecorded' ? 0 : standing.record.attempts;
    const entry = historyEntry(this.services, this.invocation, 'PROCESSING', attempts + 1, this.reason(standing));
    const isWritten = standing.kind === 'unrecorded'
      ? await payments.insert(newRecord(payment, identity.fingerprint, letter?.sequenceNumber ?? '', entry), signal)
      : await payments.reopen({ record: standing.record, entry }, signal);
    return isWritten || endsWith(await payments.read(identity.transaction_id, signal), entry) ? entry.attempt : undefined;
  }

  private send({ payment, letter }: Source, attempt: number): Promise<void> {
    const { transaction_id, account_id } = payment;
    const message: Resend = letter === undefined
      ? { body: JSON.stringify(payment), groupId: account_id, source: `${transaction_id}#${attempt}` }
      : { body: letter.body, groupId: letter.groupId, source: letter.messageId };
    return this.services.paymentQueue.resend(message, this.invocation.signal);
  }

  private async finish(source: Source): Promise<Visit> {
    this.worklist.holds.pass(source.identity);
    return this.end(source, 'redriven', 'Payment redriven');
  }

  private async dropCopy(source: Source): Promise<Visit> {
    if (this.request.dryRun) return this.worklist.keep('settled', source.identity.transaction_id);
    await this.worklist.holds.release(source.identity);
    return this.end(source, 'settled', 'Copy of a decided payment deleted');
  }

  private async end({ identity: { transaction_id, account_id }, letter }: Source, verdict: 'redriven' | 'settled', event: string): Promise<Visit> {
    this.worklist.count(verdict, transaction_id);
    const account_hash = this.services.accountHash(account_id);
    this.services.telemetry.info(event, { ...(letter && { message_id: letter.messageId }), transaction_id, account_hash });
    if (letter !== undefined) await this.services.deadLetters.delete(letter, this.invocation.signal);
    return 'deleted';
  }

  private reason(standing: Reopened): string {
    const said = this.request.reason === undefined ? '' : `: ${this.request.reason}`;
    return `redriven ${causeOf(standing)}${said}`;
  }
}

function causeOf(standing: Reopened): string {
  if (standing.kind === 'failed') return `after ${standing.record.failure_code ?? 'an unknown failure'}`;
  if (standing.kind === 'open' && standing.record.parked_behind !== undefined) return `after parking behind ${standing.record.parked_behind}`;
  return 'after receives without an end';
}

/** Whether it was redriven, and no message of it has been received since. */
function isRedrivenUnclaimed({ payment_status, history, parked_behind }: PaymentRecord): boolean {
  return payment_status === 'PROCESSING' && parked_behind === undefined && history.at(-1)?.reason !== undefined;
}
