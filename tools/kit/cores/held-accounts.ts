import { type Held, readHeld, writeHeld } from '../../../src/contract';

/** The holds in the payment table: for each account a set of texts and since when, gone when it is empty. */
export class HeldAccounts {
  private readonly sets = new Map<string, Set<string>>();
  private readonly times = new Map<string, string>();

  get accounts(): string[] {
    return [...this.sets.keys()];
  }

  copy(): HeldAccounts {
    const copy = new HeldAccounts();
    for (const [account, set] of this.sets) copy.sets.set(account, new Set(set));
    for (const [account, at] of this.times) copy.times.set(account, at);
    return copy;
  }

  /** All entries as text: equal for equal holds. */
  get state(): string {
    return [...this.sets.keys()]
      .sort()
      .map((account) => [account, ...[...this.sets.get(account)!].sort()].join(','))
      .join(';');
  }

  read(accountId: string): Held[] {
    return [...(this.sets.get(accountId) ?? [])].sort().map(readHeld);
  }

  /** Held accounts as the status index lists them, the longest first. */
  get since(): { readonly accountId: string; readonly since: string }[] {
    return [...this.times]
      .map(([accountId, since]) => ({ accountId, since }))
      .sort((a, b) => (a.since < b.since ? -1 : 1));
  }

  hold(accountId: string, payment: Held, at: string): void {
    this.sets.set(accountId, (this.sets.get(accountId) ?? new Set()).add(writeHeld(payment)));
    if (!this.times.has(accountId)) this.times.set(accountId, at);
  }

  park(accountId: string, payment: Held, at: string): boolean {
    if (!this.sets.has(accountId)) return false;
    this.hold(accountId, payment, at);
    return true;
  }

  lift(accountId: string, payment: Held): void {
    this.sets.get(accountId)?.delete(writeHeld(payment));
    if (this.sets.get(accountId)?.size !== 0) return;
    this.sets.delete(accountId);
    this.times.delete(accountId);
  }
}
