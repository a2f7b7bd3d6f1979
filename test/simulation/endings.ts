import { isDecision } from '../../src/contract';
import type { Accepted } from './accepted';
import type { SimulatedWorld } from './simulated-world';

/** Where a message, or the payment that it brings, has got to. */
export class Endings {
  constructor(
    private readonly world: SimulatedWorld,
    private readonly accepted: ReadonlyMap<string, Accepted>,
  ) {}

  /** Settled in the table, or kept in the dead-letter queue. */
  hasEnded({ messageId, letter: { payment } }: Accepted): boolean {
    if (payment === undefined) return this.world.deadLetters.has(messageId);
    const record = this.world.table.read(payment.message.transaction_id);
    const isDecided = record?.fingerprint === payment.fingerprint && isDecision(record.payment_status);
    return isDecided || this.isDead(payment.message.transaction_id, payment.fingerprint);
  }

  /** It has failed once, so that others went on: its place is a new one. */
  isRedriven({ letter: { payment } }: Accepted): boolean {
    const record = payment && this.world.table.read(payment.message.transaction_id);
    return record !== undefined && record.fingerprint === payment?.fingerprint && record.history.some(({ status }) => status === 'FAILED');
  }

  /** An operator was so quick that the copy is back before its original was acknowledged. */
  isQueuedAgain({ letter: { payment } }: Accepted): boolean {
    return this.world.queue.messages.some(({ messageId }) => {
      const other = this.accepted.get(messageId)!.letter.payment;
      return payment !== undefined && other?.fingerprint === payment.fingerprint;
    });
  }

  isDead(transactionId: string, fingerprint: string): boolean {
    return this.world.deadLetters.letters.some(({ sourceMessageId }) => {
      const { payment } = this.accepted.get(sourceMessageId)!.letter;
      return payment?.message.transaction_id === transactionId && payment.fingerprint === fingerprint;
    });
  }
}
