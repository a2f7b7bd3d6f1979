import type { PaymentRecord } from '../../src/contract';
import type { Letter } from './clients';
import type { HeldAccounts } from '../support/held-accounts';

type Payment = NonNullable<Letter['payment']>;

/**
 * With `onFailedPayment: 'hold'`: which payments wait, failed or parked, by what happened to them. Known from the writes
 * and the queues alone, so that the holds in the table can be judged by it.
 */
export class HeldPayments {
  /** Fingerprints in the order in which SQS accepted them first. */
  private order: readonly string[] = [];
  private readonly held = new Map<string, Payment>();

  onAccepted(payment: Payment): void {
    if (!this.order.includes(payment.fingerprint)) this.order = [...this.order, payment.fingerprint];
  }

  /** Failed, or parked. */
  onHeld(payment: Payment): void {
    this.held.set(payment.fingerprint, payment);
  }

  /** Decided, or refused as what it is not. */
  onFreed(fingerprint: string): void {
    this.held.delete(fingerprint);
  }

  /** SQS moved it before the function could hold its account for it: it has lost its place. */
  onMoved(fingerprint: string): void {
    this.held.delete(fingerprint);
    this.order = this.order.filter((other) => other !== fingerprint);
  }

  /** Transaction ids that the account sent before this one, and that wait. */
  elders({ account_id, fingerprint }: PaymentRecord): string[] {
    const place = this.order.indexOf(fingerprint);
    return [...this.held.values()]
      .filter((other) => other.message.account_id === account_id && this.order.indexOf(other.fingerprint) < place)
      .map(({ message }) => message.transaction_id);
  }

  /** What is wrong with the holds in the table. @param mayRest whether a settled payment's entry is still to be taken out */
  judge(table: HeldAccounts, mayRest: (transactionId: string) => boolean): string[] {
    const inTable = table.accounts.flatMap((account) => table.read(account).map(({ transactionId, content }) => ({ account, transactionId, content })));
    const missing = [...this.held.values()].filter(({ fingerprint }) => !inTable.some(({ content }) => fingerprint.startsWith(content)));
    const stuck = inTable.filter(({ content, transactionId }) => !mayRest(transactionId) && ![...this.held.keys()].some((fingerprint) => fingerprint.startsWith(content)));
    return [
      ...missing.map(({ message }) => `${message.transaction_id} waits, and ${message.account_id} is not held for it`),
      ...stuck.map(({ account, transactionId }) => `${account} is held for ${transactionId}, which does not wait`),
    ];
  }
}
