import { isDecision, isDiscarded } from '../../src/contract';
import type { Origin } from './dead-letter-queue';
import type { Invariant } from './run-log';
import type { SimulatedServices } from './services';
import type { Accepted } from './client-messages';

/** How each message, and its payment, has ended. */
export class Endings {
  private readonly gone = new Set<string>();
  /** Message ids of letters that are in the payment queue again, as new messages. */
  private readonly moved = new Set<string>();
  private readonly gonePayments = new Set<string>();
  /** Of those: the payments of which SQS itself had moved a message, which is in the payment queue again. */
  private readonly returnedPayments = new Set<string>();

  constructor(
    private readonly services: SimulatedServices,
    private readonly accepted: ReadonlyMap<string, Accepted>,
  ) {}

  /** Decided or discarded in the table, or kept in the dead-letter queue. */
  hasEnded({ messageId, sent: { payment } }: Accepted): boolean {
    if (this.moved.has(messageId)) return true;
    if (payment === undefined) return this.services.deadLetters.has(messageId) || this.gone.has(messageId);
    const { transaction_id } = payment.message;
    const record = this.services.table.read(transaction_id);
    return (
      (record?.fingerprint === payment.fingerprint && (isDecision(record.payment_status) || isDiscarded(record))) ||
      this.isDead(transaction_id, payment.fingerprint) ||
      this.isGone(transaction_id, payment.fingerprint)
    );
  }

  /** The letter has left the dead-letter queue permanently. */
  onGone({ sourceMessageId }: Origin): void {
    this.gone.add(sourceMessageId);
    const { payment } = this.accepted.get(sourceMessageId)!.sent;
    if (payment === undefined) return;
    this.gonePayments.add(payment.fingerprint);
    this.returnedPayments.delete(payment.fingerprint);
  }

  /** Somebody moved the message to the payment queue by hand. The new message is checked in its place. */
  onMoved(sourceMessageId: string): void {
    this.moved.add(sourceMessageId);
  }

  /**
   * A message of the payment is in the payment queue again. One that SQS itself had moved has no attributes of ours: the function takes it for the
   * client's repetition, which changes nothing about a payment whose own letter somebody removed.
   */
  onSentAgain(fingerprint: string, isOurCopy: boolean): void {
    if (isOurCopy) this.gonePayments.delete(fingerprint);
    else this.returnedPayments.add(fingerprint);
  }

  /** Whether a letter of the payment has expired, or was purged, deleted or discarded, and none is back that has to reach an end of its own. */
  isGone(transactionId: string, fingerprint: string): boolean {
    return (
      this.gonePayments.has(fingerprint) &&
      (!this.returnedPayments.has(fingerprint) || this.isQuarantined(transactionId, fingerprint))
    );
  }

  /** The record has all that a redrive by transaction id needs, also without the letter. */
  private isQuarantined(transactionId: string, fingerprint: string): boolean {
    const record = this.services.table.read(transactionId);
    return (
      record?.fingerprint === fingerprint && record.payment_status === 'FAILED' && record.dead_lettered_at !== undefined
    );
  }

  /** Whether the payment has failed before, so that it lost its place in its account's order. */
  isRedriven({ sent: { payment } }: Accepted): boolean {
    const record = payment && this.services.table.read(payment.message.transaction_id);
    return (
      record !== undefined &&
      record.fingerprint === payment?.fingerprint &&
      record.history.some(({ status }) => status === 'FAILED')
    );
  }

  /** Whether a copy is in the payment queue. A fast redrive returns it before the original is acknowledged. */
  isQueued(fingerprint: string | undefined): boolean {
    if (fingerprint === undefined) return false;
    return this.services.queue.messages.some(
      ({ messageId }) => this.accepted.get(messageId)!.sent.payment?.fingerprint === fingerprint,
    );
  }

  isDead(transactionId: string, fingerprint: string): boolean {
    return this.services.deadLetters.letters.some(({ sourceMessageId }) => {
      const { payment } = this.accepted.get(sourceMessageId)!.sent;
      return payment?.message.transaction_id === transactionId && payment.fingerprint === fingerprint;
    });
  }

  /** Returns the violations at the end of a run. @param mayBeOpen see `Invariants.judge` */
  judge(mayBeOpen: (transactionId: string) => boolean): [Invariant, string][] {
    const open = [...this.accepted.values()]
      .filter((one) => !this.hasEnded(one) && !mayBeOpen(one.sent.payment?.message.transaction_id ?? ''))
      .map(({ messageId }): [Invariant, string] => ['nothing lost', `${messageId} has no end`]);
    const missing = this.services.table.records
      .filter((record) => {
        const { transaction_id, fingerprint, payment_status } = record;
        const mustBeDead = payment_status === 'PROCESSING' || (payment_status === 'FAILED' && !isDiscarded(record));
        return (
          mustBeDead &&
          !mayBeOpen(transaction_id) &&
          !this.isDead(transaction_id, fingerprint) &&
          !this.isGone(transaction_id, fingerprint)
        );
      })
      .map(({ transaction_id, payment_status }): [Invariant, string] => [
        'dead letters exact',
        `${transaction_id} is ${payment_status}, and not in the dead-letter queue`,
      ]);
    return [...open, ...missing];
  }
}
