import { type PaymentMessage, type PaymentRecord } from '../../contract';
import { type Reading, standingOf } from './dead-letter';
import type { DiscardRequest } from './event';
import { historyEntry } from './history-entry';
import type { Invocation, Services } from './invocation';
import { type DeadLetter, type LogFields, ServiceError } from './ports';
import type { Visit } from './walk';
import { type WorkAnswer, Worklist } from './worklist';

/**
 * Gives dead letters up. The reason goes into the payment's history, or into the log where no record is the message's
 * own; then the message is deleted. The record stays: no payment is forgotten.
 */
export function discard(request: DiscardRequest, services: Services, invocation: Invocation): Promise<WorkAnswer> {
  const worklist = new Worklist(request, services, invocation);
  const discarding = new Discard(request, worklist, services, invocation);
  return worklist.work((letter, reading) => discarding.treat(letter, reading));
}

class Discard {
  constructor(
    private readonly request: DiscardRequest,
    private readonly worklist: Worklist,
    private readonly services: Services,
    private readonly invocation: Invocation,
  ) {}

  async treat(letter: DeadLetter, reading: Reading): Promise<Visit> {
    const { messageId: message_id } = letter;
    if (reading.kind === 'unreadable') return this.give(letter, message_id, { message_id, error_code: reading.code });
    const { payment } = reading;
    const { transaction_id } = payment;
    const told = { message_id, transaction_id, account_hash: this.services.accountHash(payment.account_id) };
    const standing = standingOf(payment, letter, await this.read(payment));
    switch (standing.kind) {
      case 'settled':
        return this.dropCopy(letter, payment, told);
      case 'conflicting':
        return this.give(letter, message_id, { ...told, error_code: 'CONFLICTING_TRANSACTION' }, () => this.release(payment));
      case 'unrecorded':
        return this.give(letter, transaction_id, told, () => this.release(payment));
      case 'failed':
      case 'open':
        return this.give(letter, transaction_id, { ...told, status: 'FAILED' }, async () => {
          await this.note(payment, standing.record);
          await this.release(payment);
        });
    }
  }

  /** @param end what ends the payment in the table */
  private async give(letter: DeadLetter, id: string, told: LogFields, end?: () => Promise<void>): Promise<Visit> {
    if (!this.worklist.takeOne()) return 'limit';
    if (this.request.dryRun) return this.worklist.keep('discarded', id);
    await end?.();
    this.services.telemetry.info('Dead letter discarded', { ...told, reason: this.request.reason });
    await this.services.deadLetters.delete(letter, this.invocation.signal);
    this.worklist.count('discarded', id);
    return 'deleted';
  }

  private async dropCopy(letter: DeadLetter, payment: PaymentMessage, told: LogFields & { readonly transaction_id: string }): Promise<Visit> {
    if (this.request.dryRun) return this.worklist.keep('settled', told.transaction_id);
    this.services.telemetry.info('Copy of a decided payment deleted', told);
    await this.release(payment);
    await this.services.deadLetters.delete(letter, this.invocation.signal);
    this.worklist.count('settled', told.transaction_id);
    return 'deleted';
  }

  private async note(payment: PaymentMessage, record: PaymentRecord): Promise<void> {
    if (this.isNoted(record)) return; // a run before us got as far as this
    const entry = historyEntry(this.services, this.invocation, 'FAILED', record.attempts, this.request.reason);
    if (await this.services.payments.giveUp({ record, entry }, this.invocation.signal)) return;
    if (this.isNoted(await this.read(payment))) return; // our own write, whose answer was lost, or another run's
    throw new ServiceError('payment table', 'keep a record as it was read', 'RecordHasChanged');
  }

  /** Nothing waits for it any more. */
  private release(payment: PaymentMessage): Promise<void> {
    return this.services.holds.release(payment, this.invocation.signal);
  }

  private isNoted(record: PaymentRecord | undefined): boolean {
    const last = record?.history.at(-1);
    return last?.status === 'FAILED' && last.reason === this.request.reason;
  }

  private read({ transaction_id }: PaymentMessage): Promise<PaymentRecord | undefined> {
    return this.services.payments.read(transaction_id, this.invocation.signal);
  }
}
