import type { Held } from '../../contract';
import { HoldItems } from '../../runtime/hold-items';
import type { Holds, Telemetry } from '../core/ports';
import { documents, serviceCall } from './service-call';

/** The holds of accounts, which the payment processor keeps in the payment table. */
export class DynamoDbHolds implements Holds {
  private readonly items: HoldItems;

  constructor(
    tableName: string,
    private readonly telemetry: Telemetry,
  ) {
    this.items = new HoldItems(documents, tableName);
  }

  read(accountId: string, signal: AbortSignal): Promise<readonly Held[]> {
    return serviceCall(this.telemetry, 'payment table', 'read a hold', () => this.items.read(accountId, signal));
  }

  lift(accountId: string, payment: Held, signal: AbortSignal): Promise<void> {
    return serviceCall(this.telemetry, 'payment table', 'take a payment out of a hold', () =>
      this.items.lift(accountId, payment, signal),
    );
  }
}
