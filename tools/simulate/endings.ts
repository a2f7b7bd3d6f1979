import { isDecision, isDiscarded } from '../../src/contract';
import type { Origin } from './dead-letter-queue';
import type { SimulatedWorld } from './simulated-world';
import type { Accepted } from './clients';

/** Where a message, or the payment that it brings, has got to. */
export class Endings {
  private readonly gone = new Set<string>();
  /** Back in the payment queue, as messages of their own. */
  private readonly moved = new Set<string>();
  private readonly gonePayments = new Set<string>();

  constructor(
    private readonly world: SimulatedWorld,
    private readonly accepted: ReadonlyMap<string, Accepted>,
  ) {}

  /** Decided or discarded in the table, or kept in the dead-letter queue. */
  hasEnded({ messageId, letter: { payment } }: Accepted): boolean {
    if (this.moved.has(messageId)) return true;
    if (payment === undefined) return this.world.deadLetters.has(messageId) || this.gone.has(messageId);
    const record = this.world.table.read(payment.message.transaction_id);
    const hasEnd =
      record?.fingerprint === payment.fingerprint && (isDecision(record.payment_status) || isDiscarded(record));
    return (
      hasEnd || this.isDead(payment.message.transaction_id, payment.fingerprint) || this.isGone(payment.fingerprint)
    );
  }

  /** The letter has left the dead-letter queue for ever, with the payment or the message that it held. */
  onGone({ sourceMessageId }: Origin): void {
    this.gone.add(sourceMessageId);
    const { payment } = this.accepted.get(sourceMessageId)!.letter;
    if (payment !== undefined) this.gonePayments.add(payment.fingerprint);
  }

  /** By hand, back to the payment queue: the new message is judged in its place. */
  onMoved(sourceMessageId: string): void {
    this.moved.add(sourceMessageId);
  }

  /** A message of the payment is on its way again. */
  onSentAgain(fingerprint: string): void {
    this.gonePayments.delete(fingerprint);
  }

  /** A letter of the payment has expired, or was purged, deleted or discarded: it is known by its record. */
  isGone(fingerprint: string): boolean {
    return this.gonePayments.has(fingerprint);
  }

  /** It has failed once, so that others went on: its place is a new one. */
  isRedriven({ letter: { payment } }: Accepted): boolean {
    const record = payment && this.world.table.read(payment.message.transaction_id);
    return (
      record !== undefined &&
      record.fingerprint === payment?.fingerprint &&
      record.history.some(({ status }) => status === 'FAILED')
    );
  }

  /** Somebody was so quick that the copy is back before its original was acknowledged. */
  isQueued(fingerprint: string | undefined): boolean {
    if (fingerprint === undefined) return false;
    return this.world.queue.messages.some(
      ({ messageId }) => this.accepted.get(messageId)!.letter.payment?.fingerprint === fingerprint,
    );
  }

  isDead(transactionId: string, fingerprint: string): boolean {
    return this.world.deadLetters.letters.some(({ sourceMessageId }) => {
      const { payment } = this.accepted.get(sourceMessageId)!.letter;
      return payment?.message.transaction_id === transactionId && payment.fingerprint === fingerprint;
    });
  }
}
