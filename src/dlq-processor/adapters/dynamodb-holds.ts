import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { heldPayment, holdKey, isSameHeld, type PaymentMessage, readHeld } from '../../contract';
import type { Holds, Telemetry } from '../core/ports';
import { documents, updateIf } from './conditional-update';
import { serviceCall } from './service-call';

/** The holds of accounts, which the payment processor keeps in the payment table. */
export class DynamoDbHolds implements Holds {
  constructor(
    private readonly tableName: string,
    private readonly telemetry: Telemetry,
  ) {}

  release(payment: PaymentMessage, abortSignal: AbortSignal): Promise<void> {
    const key = holdKey(payment.account_id);
    return serviceCall(this.telemetry, 'payment table', 'release a held payment', async () => {
      const { Item } = await documents.send(new GetCommand({ TableName: this.tableName, Key: { transaction_id: key }, ConsistentRead: true }), { abortSignal });
      const entry = [...((Item?.held ?? new Set()) as ReadonlySet<string>)].find((text) => isSameHeld(readHeld(text), heldPayment(payment, '')));
      if (entry === undefined) return;
      const values = { ':payment': new Set([entry]) };
      await updateIf({ tableName: this.tableName, key, expression: 'DELETE #held :payment', values }, abortSignal);
    });
  }
}
