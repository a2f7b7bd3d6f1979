import { type Held, isSameHeld, writeHeld } from '../../contract';
import type { Holds } from './ports';

/**
 * What keeps an account's order across failures: while one of its payments has failed, the later ones are parked behind
 * it, and each goes on when it is the eldest. Known from one read for a batch, and kept up by our own writes.
 */
export class AccountHold {
  /** Eldest first. */
  private known: readonly Held[] | undefined;

  constructor(
    private readonly holds: Holds,
    private readonly accountId: string,
    private readonly signal: AbortSignal,
  ) {}

  /** Whether nothing of the account is held, or this payment is the eldest that is. */
  async isTurnOf(payment: Held): Promise<boolean> {
    const [eldest] = await this.held();
    return eldest === undefined || isSameHeld(eldest, payment);
  }

  /** Parks a payment behind the eldest. @returns that one; undefined when the account is held no more */
  async park(payment: Held): Promise<Held | undefined> {
    const held = await this.held();
    const [eldest] = held;
    const isHeld = await this.holds.park(this.accountId, entryOf(payment, held) ?? payment, this.signal);
    this.known = isHeld ? withPayment(held, payment) : undefined;
    return isHeld ? eldest : undefined;
  }

  /** A payment has failed: from now on the account is held. One that fails again keeps its place. */
  async fail(payment: Held): Promise<void> {
    const held = await this.held();
    if (entryOf(payment, held) !== undefined) return;
    await this.holds.hold(this.accountId, payment, this.signal);
    this.known = withPayment(held, payment);
  }

  /** The payment has come to its end; the hold goes with the last. */
  async release(payment: Held): Promise<void> {
    const held = await this.held();
    const entry = entryOf(payment, held);
    if (entry === undefined) return;
    await this.holds.release(this.accountId, entry, this.signal);
    this.known = held.filter((other) => other !== entry);
  }

  /** Another invocation may have changed it. */
  forget(): void {
    this.known = undefined;
  }

  private async held(): Promise<readonly Held[]> {
    return (this.known ??= await this.holds.read(this.accountId, this.signal));
  }
}

function entryOf(payment: Held, held: readonly Held[]): Held | undefined {
  return held.find((other) => isSameHeld(other, payment));
}

function withPayment(held: readonly Held[], payment: Held): readonly Held[] {
  if (entryOf(payment, held) !== undefined) return held;
  return [...held, payment].sort((a, b) => (writeHeld(a) < writeHeld(b) ? -1 : 1));
}
