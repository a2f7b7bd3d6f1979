import type { Held } from '../../contract';
import { HoldItems } from '../../runtime/hold-items';
import type { Holds } from '../core/ports';
import type { PaymentTable } from './payment-table';

/** The holds of accounts, in the payment table. */
export class DynamoDbHolds implements Holds {
  private readonly items: HoldItems;

  constructor(private readonly table: PaymentTable) {
    this.items = new HoldItems(table.client, table.name);
  }

  read(accountId: string, signal: AbortSignal): Promise<readonly Held[]> {
    return this.table.call('read the hold', () => this.items.read(accountId, signal));
  }

  hold(accountId: string, payment: Held, at: string, signal: AbortSignal): Promise<void> {
    return this.table.call('hold the account', () => this.items.hold(accountId, payment, at, signal));
  }

  park(accountId: string, payment: Held, at: string, signal: AbortSignal): Promise<boolean> {
    return this.table.call('park the payment', () => this.items.park(accountId, payment, at, signal));
  }

  lift(accountId: string, payment: Held, signal: AbortSignal): Promise<void> {
    return this.table.call('take the payment out of the hold', () => this.items.lift(accountId, payment, signal));
  }
}
