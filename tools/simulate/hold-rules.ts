import type { Held, PaymentRecord } from '../../src/contract';
import type { ClientMessage } from './client-messages';
import type { HeldAccounts } from '../kit/cores/held-accounts';

type Payment = NonNullable<ClientMessage['payment']>;

/**
 * With `onFailedPayment: 'hold'`: which payments wait, failed or parked, by what happened to them. Known from the writes
 * and the queues alone, so that the holds in the table can be judged by it.
 */
export class HoldRules {
  /** Payments in the order in which SQS accepted them; a payment's place is that of its first message. */
  private readonly order: { readonly messageId: string; readonly fingerprint: string; isLost: boolean }[] = [];
  private readonly held = new Map<string, Payment>();
  /** Payments that were discarded. */
  private readonly placeless = new Set<string>();

  onAccepted(messageId: string, { fingerprint }: Payment): void {
    this.order.push({ messageId, fingerprint, isLost: false });
  }

  /** Failed, or parked. */
  onHeld(payment: Payment): void {
    this.held.set(payment.fingerprint, payment);
  }

  /** Accounts continue after a failure, so no payment has a place any more. */
  onContinue(): void {
    this.held.clear();
  }

  /** It blocks no payment any more. A redrive gives it a new place, which is not judged. */
  onDiscarded(fingerprint: string): void {
    this.held.delete(fingerprint);
    this.placeless.add(fingerprint);
  }

  /** Decided, or refused as what it is not. */
  onFreed(fingerprint: string): void {
    this.held.delete(fingerprint);
  }

  /** SQS moved the message before the function could hold its account for it: its place is lost. */
  onMoved(messageId: string, { fingerprint }: Payment): void {
    this.held.delete(fingerprint);
    for (const place of this.order) if (place.messageId === messageId) place.isLost = true;
  }

  /** The table holds the account for it, maybe by a write that was long on its way: it has its place again. */
  onHoldWritten({ content }: Pick<Held, 'content'>): void {
    for (const place of this.order) if (place.fingerprint.startsWith(content)) place.isLost = false;
  }

  /** Transaction ids that the account sent before this one, and that wait. */
  elders({ account_id, fingerprint }: PaymentRecord): string[] {
    const place = this.placeOf(fingerprint);
    return this.waiting
      .filter((other) => other.message.account_id === account_id && this.placeOf(other.fingerprint) < place)
      .map(({ message }) => message.transaction_id);
  }

  /** Violations of the holds in the table. An entry that blocks nothing may stay there. */
  judge(table: HeldAccounts): string[] {
    const inTable = table.accounts.flatMap((account) => table.read(account));
    const missing = this.waiting.filter(
      ({ fingerprint }) => !inTable.some(({ content }) => fingerprint.startsWith(content)),
    );
    return missing.map(
      ({ message }) => `${message.transaction_id} waits, and ${message.account_id} is not held for it`,
    );
  }

  /** Held payments that have a place in the order. A late write may fail a payment after SQS moved its message: that one has none. */
  private get waiting(): Payment[] {
    return [...this.held.values()].filter(({ fingerprint }) => this.placeOf(fingerprint) !== -1);
  }

  private placeOf(fingerprint: string): number {
    if (this.placeless.has(fingerprint)) return -1;
    return this.order.findIndex((place) => place.fingerprint === fingerprint && !place.isLost);
  }
}
