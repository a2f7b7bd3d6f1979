import { type Held, heldPayment, type PaymentMessage } from '../../contract';
import { AccountHold } from './account-hold';
import type { Invocation, Services, Settings } from './invocation';
import type { QueueMessage } from './ports';

/** One payment's place among those of its account that are held. */
export interface Turn {
  readonly isNow: () => Promise<boolean>;
  /** @returns the payment behind which it is parked; undefined when it need not wait any more */
  readonly park: () => Promise<Held | undefined>;
  readonly fail: () => Promise<void>;
  readonly release: () => Promise<void>;
  readonly forget: () => void;
}

/** `onFailedPayment: 'continue'`: an account goes on whatever fails. */
const ALWAYS: Turn = {
  isNow: () => Promise.resolve(true),
  park: () => Promise.resolve(undefined),
  fail: () => Promise.resolve(),
  release: () => Promise.resolve(),
  forget: () => undefined,
};

/** The turns of one invocation's payments. */
export class Turns {
  private readonly accounts = new Map<string, AccountHold>();

  constructor(
    private readonly services: Services,
    private readonly settings: Settings,
    private readonly invocation: Invocation,
  ) {}

  of(payment: PaymentMessage, { sequenceNumber }: QueueMessage): Turn {
    if (this.settings.onFailedPayment === 'continue') return ALWAYS;
    const hold = this.holdOf(payment.account_id);
    const held = heldPayment(payment, sequenceNumber);
    return {
      isNow: () => hold.isTurnOf(held),
      park: () => hold.park(held),
      fail: () => hold.fail(held),
      release: () => hold.release(held),
      forget: () => { hold.forget(); },
    };
  }

  private holdOf(accountId: string): AccountHold {
    const hold = this.accounts.get(accountId) ?? new AccountHold(this.services.holds, accountId, this.invocation.signal);
    this.accounts.set(accountId, hold);
    return hold;
  }
}
