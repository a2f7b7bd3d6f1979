import { HELD, type Held, holdKey, readHold, writeHeld } from '../contract';
import type { PaymentTable } from './payment-table';
import type { Holds } from './ports';

/**
 * The holds of accounts: one item of the payment table each, with the set of its entries. Every change is one conditional write, or
 * several until one of them fits: an account is in the status index exactly as long as its set has an entry.
 */
export class DynamoDbHolds implements Holds {
  constructor(private readonly table: PaymentTable) {}

  async read(accountId: string): Promise<readonly Held[]> {
    return readHold(await this.table.readItem('read a hold', holdKey(accountId)));
  }

  async hold(accountId: string, payment: Held, at: string): Promise<void> {
    await this.table.update('hold an account', additionOf(accountId, payment, at));
  }

  park(accountId: string, payment: Held, at: string): Promise<boolean> {
    const addition = additionOf(accountId, payment, at);
    return this.table.update('park a payment', { ...addition, condition: 'attribute_exists(#held)' });
  }

  /** The item stays without its last entry, because deleting it needs a permission that no function has on payments. */
  async lift(accountId: string, payment: Held): Promise<void> {
    const key = holdKey(accountId);
    const values = { ':entry': setOf(payment) };
    const one = {
      expression: 'DELETE #held :entry',
      condition: 'size(#held) > :one',
      values: { ...values, ':one': 1 },
    };
    const last = { expression: 'REMOVE #held, #payment_status, #timestamp', condition: '#held = :entry', values };
    for (;;) {
      for (const change of [one, last]) {
        if (await this.table.update('take a payment out of a hold', { key, ...change })) return;
      }
      // Neither fits: another invocation changed the set between the two writes, or the only entry is another.
      const held = await this.read(accountId);
      if (!held.some((other) => writeHeld(other) === writeHeld(payment))) return;
    }
  }
}

function additionOf(accountId: string, payment: Held, at: string) {
  return {
    key: holdKey(accountId),
    expression: 'SET #payment_status = :status, #timestamp = if_not_exists(#timestamp, :at) ADD #held :entry',
    values: { ':entry': setOf(payment), ':status': HELD, ':at': at },
  };
}

function setOf(payment: Held): ReadonlySet<string> {
  return new Set([writeHeld(payment)]);
}
