import { type Held, isBlocking, isSameHeld, writeHeld } from '../../contract';
import type { Invocation, Services, Settings } from './invocation';

/**
 * What keeps an account's order across failures: while one of its payments has failed, the later ones are parked behind
 * it, and each goes on when it is the oldest. Known from one read for a batch, and kept up by our own writes.
 */
class AccountHold {
  /** Oldest first. */
  private known: readonly Held[] | undefined;
  /** Entries whose record says that the account waits for them. */
  private readonly blocking = new Set<string>();

  constructor(
    private readonly accountId: string,
    private readonly services: Services,
    private readonly signal: AbortSignal,
  ) {}

  /** The payment that this one waits for. Entries that nobody need wait for are taken out. */
  async blockerOf(payment: Held): Promise<Held | undefined> {
    for (const entry of await this.held()) {
      if (isSameHeld(entry, payment)) return undefined;
      if (await this.isBlocking(entry)) return entry;
      await this.take(entry);
    }
    return undefined;
  }

  /** @returns false when the account is held no more */
  async park(payment: Held): Promise<boolean> {
    const held = await this.held();
    const isHeld = await this.services.holds.park(
      this.accountId,
      entryOf(payment, held) ?? payment,
      this.now(),
      this.signal,
    );
    this.known = isHeld ? withPayment(held, payment) : undefined;
    return isHeld;
  }

  /** A payment has failed: from now on the account is held. One that fails again keeps its place. */
  async fail(payment: Held): Promise<void> {
    const held = await this.held();
    if (entryOf(payment, held) !== undefined) return;
    await this.services.holds.hold(this.accountId, payment, this.now(), this.signal);
    this.known = withPayment(held, payment);
  }

  /** The payment has come to its end; the hold goes with the last. */
  async lift(payment: Held): Promise<void> {
    const entry = entryOf(payment, await this.held());
    if (entry !== undefined) await this.take(entry);
  }

  /** Another invocation may have changed it. */
  forget(): void {
    this.known = undefined;
    this.blocking.clear();
  }

  private async take(entry: Held): Promise<void> {
    await this.services.holds.lift(this.accountId, entry, this.signal);
    this.known = (await this.held()).filter((other) => other !== entry);
  }

  private async isBlocking(entry: Held): Promise<boolean> {
    const key = writeHeld(entry);
    if (!this.blocking.has(key)) {
      if (!isBlocking(entry, await this.services.store.read(entry.transactionId, this.signal))) return false;
      this.blocking.add(key);
    }
    return true;
  }

  private async held(): Promise<readonly Held[]> {
    return (this.known ??= await this.services.holds.read(this.accountId, this.signal));
  }

  private now(): string {
    return new Date(this.services.clock.now()).toISOString();
  }
}

/** The holds of the accounts of one invocation. With `onFailedPayment: 'continue'` no account waits, and none comes to be held. */
export class AccountHolds {
  private readonly accounts = new Map<string, AccountHold>();

  constructor(
    private readonly services: Services,
    private readonly settings: Settings,
    private readonly invocation: Invocation,
  ) {}

  async blockerOf(accountId: string, payment: Held): Promise<Held | undefined> {
    return this.accountsWait ? this.of(accountId).blockerOf(payment) : undefined;
  }

  park(accountId: string, payment: Held): Promise<boolean> {
    return this.of(accountId).park(payment);
  }

  async fail(accountId: string, payment: Held): Promise<void> {
    if (this.accountsWait) await this.of(accountId).fail(payment);
  }

  /** Also with `continue`: the account may have been held before the setting was changed. */
  lift(accountId: string, payment: Held): Promise<void> {
    return this.of(accountId).lift(payment);
  }

  forget(accountId: string): void {
    this.of(accountId).forget();
  }

  private get accountsWait(): boolean {
    return this.settings.onFailedPayment === 'hold';
  }

  private of(accountId: string): AccountHold {
    const hold = this.accounts.get(accountId) ?? new AccountHold(accountId, this.services, this.invocation.signal);
    this.accounts.set(accountId, hold);
    return hold;
  }
}

function entryOf(payment: Held, held: readonly Held[]): Held | undefined {
  return held.find((other) => isSameHeld(other, payment));
}

function withPayment(held: readonly Held[], payment: Held): readonly Held[] {
  if (entryOf(payment, held) !== undefined) return held;
  return [...held, payment].sort((a, b) => (writeHeld(a) < writeHeld(b) ? -1 : 1));
}
