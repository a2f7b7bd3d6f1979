import { type Held, readHeld, writeHeld } from '../../src/contract';

/** The holds in the payment table: for each account a set of texts, gone when it is empty. */
export class HeldAccounts {
  private readonly sets = new Map<string, Set<string>>();

  get accounts(): string[] {
    return [...this.sets.keys()];
  }

  copy(): HeldAccounts {
    const copy = new HeldAccounts();
    for (const [account, set] of this.sets) copy.sets.set(account, new Set(set));
    return copy;
  }

  read(accountId: string): Held[] {
    return [...(this.sets.get(accountId) ?? [])].sort().map(readHeld);
  }

  hold(accountId: string, payment: Held): void {
    this.sets.set(accountId, (this.sets.get(accountId) ?? new Set()).add(writeHeld(payment)));
  }

  park(accountId: string, payment: Held): boolean {
    if (!this.sets.has(accountId)) return false;
    this.hold(accountId, payment);
    return true;
  }

  release(accountId: string, payment: Held): void {
    this.sets.get(accountId)?.delete(writeHeld(payment));
    if (this.sets.get(accountId)?.size === 0) this.sets.delete(accountId);
  }
}
