import { type PaymentMessage, type PaymentRecord } from '../../contract';
import { isDiscarded, isPoison, type Reading, type Standing, standingOf } from './dead-letter';
import type { RedriveRequest } from './event';
import { historyEntry } from './history-entry';
import type { Invocation, Services } from './invocation';
import { type DeadLetter, ServiceError } from './ports';
import type { Visit } from './walk';
import { type WorkAnswer, Worklist } from './worklist';

/** A record that changes under our hands as often is left to a later run. */
const LOOKS = 3;

/**
 * Sends dead letters' payments to the payment queue again, each account's in the queue's order. For each: the record
 * from FAILED to PROCESSING, then the message, then the dead letter's end. A crash between any two is made good by the
 * next run, which repeats what it cannot know to be done; the payment processor ignores what arrives twice.
 */
export function redrive(request: RedriveRequest, services: Services, invocation: Invocation): Promise<WorkAnswer> {
  const worklist = new Worklist(request, services, invocation);
  const redriving = new Redrive(request, worklist, services, invocation);
  return worklist.work((letter, reading) => redriving.treat(letter, reading));
}

class Redrive {
  constructor(
    private readonly request: RedriveRequest,
    private readonly worklist: Worklist,
    private readonly services: Services,
    private readonly invocation: Invocation,
  ) {}

  async treat(letter: DeadLetter, reading: Reading): Promise<Visit> {
    if (reading.kind === 'unreadable') return this.worklist.keep('unreadable', letter.messageId);
    const { payment } = reading;
    const standing = standingOf(payment, letter, await this.read(payment));
    const staying = this.stays(letter, payment, standing);
    if (staying !== undefined) return staying;
    if (await this.waits(letter, payment)) return this.worklist.keep('waiting', payment.transaction_id);
    if (standing.kind !== 'settled' && !this.worklist.takeOne()) return 'limit';
    return this.bringOn(letter, payment, standing);
  }

  /** What is not redriven, whoever asks; or not unless it is asked for by its id. */
  private stays(letter: DeadLetter, { transaction_id }: PaymentMessage, standing: Standing): Visit | undefined {
    if (standing.kind === 'conflicting') return this.worklist.keep('conflicting', letter.messageId);
    if (standing.kind !== 'failed' || this.worklist.isAskedForById(transaction_id, letter.messageId)) return undefined;
    if (isDiscarded(standing.record)) return this.worklist.keep('discardedBefore', transaction_id);
    return isPoison(standing.record) ? this.worklist.keep('wouldFailAgain', transaction_id) : undefined;
  }

  /** Parked behind a payment that is still FAILED; one that was given up lets the others go. */
  private async waits({ parkedBehind, messageId }: DeadLetter, { transaction_id }: PaymentMessage): Promise<boolean> {
    if (parkedBehind === undefined || this.worklist.isAskedForById(transaction_id, messageId)) return false;
    const elder = await this.services.payments.read(parkedBehind, this.invocation.signal);
    return elder?.payment_status === 'FAILED' && !isDiscarded(elder);
  }

  private async bringOn(letter: DeadLetter, payment: PaymentMessage, standing: Standing): Promise<Visit> {
    if (this.request.dryRun) return this.worklist.keep(standing.kind === 'settled' ? 'settled' : 'redriven', payment.transaction_id);
    if ((await this.reopened(letter, payment, standing)).kind === 'settled') return this.finish(letter, payment, 'settled');
    // Also for a second copy of one payment: of the first, SQS may have dropped the message as sent before.
    await this.services.paymentQueue.resend(letter, this.invocation.signal);
    return this.finish(letter, payment, 'redriven');
  }

  /** Where the payment stands once it is not FAILED any more, whoever did that. */
  private async reopened(letter: DeadLetter, payment: PaymentMessage, found: Standing): Promise<Standing> {
    let standing = found;
    for (let look = 1; standing.kind === 'failed'; look++) {
      if (look > LOOKS) throw new ServiceError('payment table', 'keep a record as it was read', 'RecordKeepsChanging');
      const { record } = standing;
      const entry = historyEntry(this.services, this.invocation, 'PROCESSING', record.attempts + 1, this.reason(record));
      if (await this.services.payments.reopen({ record, entry }, this.invocation.signal)) return { kind: 'open', record };
      // Another run was faster, or our own write's answer was lost: either way the record says how to go on.
      standing = standingOf(payment, letter, await this.read(payment));
    }
    return standing;
  }

  private async finish(letter: DeadLetter, payment: PaymentMessage, verdict: 'redriven' | 'settled'): Promise<Visit> {
    const { transaction_id, account_id } = payment;
    this.worklist.count(verdict, transaction_id);
    this.services.telemetry.info(verdict === 'redriven' ? 'Payment redriven' : 'Copy of a decided payment deleted', {
      message_id: letter.messageId,
      transaction_id,
      account_hash: this.services.accountHash(account_id),
    });
    if (verdict === 'settled') await this.services.holds.release(payment, this.invocation.signal);
    await this.services.deadLetters.delete(letter, this.invocation.signal);
    return 'deleted';
  }

  private reason({ failure_code }: PaymentRecord): string {
    const said = this.request.reason === undefined ? '' : `: ${this.request.reason}`;
    return `redriven after ${failure_code ?? 'an unknown failure'}${said}`;
  }

  private read({ transaction_id }: PaymentMessage): Promise<PaymentRecord | undefined> {
    return this.services.payments.read(transaction_id, this.invocation.signal);
  }
}
