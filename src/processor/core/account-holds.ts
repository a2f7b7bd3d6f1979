import { type Held, isBlocking, isSameHeld, writeHeld } from '../../contract';
import { isoTime } from '../../runtime/ports';
import type { PaymentDelivery } from './payment-delivery';
import type { Services, Settings } from './ports';

interface AccountHold {
  /** Oldest first. */
  entries: readonly Held[];
  /** Entries whose record says that the account waits for them. */
  readonly blocking: Set<Held>;
}

/**
 * The holds of the accounts of one invocation. A hold keeps an account's order across failures: while one of its payments has failed,
 * later ones are parked behind it, and each continues when its entry is the oldest. With `onFailedPayment: 'continue'` no account waits, and
 * none comes to be held. An account's hold is read once, and then follows from our own writes.
 */
export class AccountHolds {
  private readonly accounts = new Map<string, AccountHold>();

  constructor(
    private readonly services: Services,
    private readonly settings: Settings,
  ) {}

  /** The entry that the payment waits for. Removes older entries that block nobody. */
  async blockerOf({ payment: { account_id }, held }: PaymentDelivery): Promise<Held | undefined> {
    if (!this.accountsWait) return undefined;
    const hold = await this.read(account_id);
    for (const entry of hold.entries) {
      if (isSameHeld(entry, held)) return undefined;
      if (await this.isBlocking(hold, entry)) return entry;
      await this.remove(account_id, entry);
    }
    return undefined;
  }

  /** @returns false when the account is not held any more */
  async park(delivery: PaymentDelivery): Promise<boolean> {
    const { account_id } = delivery.payment;
    const hold = await this.read(account_id);
    const entry = entryOf(delivery, hold) ?? delivery.held;
    const isHeld = await this.services.holds.park(account_id, entry, isoTime(this.services.clock));
    if (isHeld) addEntry(delivery, hold);
    else this.forget(account_id);
    return isHeld;
  }

  /** Holds the account from now on, as the payment has failed. One that fails again keeps its place. */
  async hold(delivery: PaymentDelivery): Promise<void> {
    if (!this.accountsWait) return;
    const { account_id } = delivery.payment;
    const hold = await this.read(account_id);
    if (entryOf(delivery, hold) !== undefined) return;
    await this.services.holds.hold(account_id, delivery.held, isoTime(this.services.clock));
    addEntry(delivery, hold);
  }

  /** The payment has ended. Also with `continue`: the account may have been held before the setting was changed. */
  async lift(delivery: PaymentDelivery): Promise<void> {
    const { account_id } = delivery.payment;
    const entry = entryOf(delivery, await this.read(account_id));
    if (entry !== undefined) await this.remove(account_id, entry);
  }

  /** Another invocation may have changed the account's hold: it is read again when it is needed. */
  forget(accountId: string): void {
    this.accounts.delete(accountId);
  }

  private get accountsWait(): boolean {
    return this.settings.onFailedPayment === 'hold';
  }

  private async read(accountId: string): Promise<AccountHold> {
    const known = this.accounts.get(accountId);
    if (known !== undefined) return known;
    const hold = { entries: await this.services.holds.read(accountId), blocking: new Set<Held>() };
    this.accounts.set(accountId, hold);
    return hold;
  }

  private async remove(accountId: string, entry: Held): Promise<void> {
    await this.services.holds.lift(accountId, entry);
    const hold = await this.read(accountId);
    hold.entries = hold.entries.filter((other) => other !== entry);
  }

  private async isBlocking({ blocking }: AccountHold, entry: Held): Promise<boolean> {
    if (!blocking.has(entry)) {
      if (!isBlocking(entry, await this.services.store.read(entry.transactionId))) return false;
      blocking.add(entry);
    }
    return true;
  }
}

function entryOf({ held }: PaymentDelivery, { entries }: AccountHold): Held | undefined {
  return entries.find((other) => isSameHeld(other, held));
}

function addEntry(delivery: PaymentDelivery, hold: AccountHold): void {
  if (entryOf(delivery, hold) !== undefined) return;
  hold.entries = [...hold.entries, delivery.held].sort((a, b) => (writeHeld(a) < writeHeld(b) ? -1 : 1));
}
