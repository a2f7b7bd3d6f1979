import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Held, holdKey, readHeld, writeHeld } from '../../contract';
import type { Holds } from '../core/ports';
import type { PaymentTable } from './payment-table';

/** The holds of accounts: for each one item of the payment table, with the set of what is held. */
export class DynamoDbHolds implements Holds {
  constructor(private readonly table: PaymentTable) {}

  async read(accountId: string, abortSignal: AbortSignal): Promise<readonly Held[]> {
    const command = new GetCommand({ ...this.item(accountId), ConsistentRead: true });
    const { Item } = await this.table.call('read the hold', () => this.table.client.send(command, { abortSignal }));
    const held = (Item?.held ?? new Set()) as ReadonlySet<string>;
    return [...held].sort().map(readHeld);
  }

  async hold(accountId: string, payment: Held, abortSignal: AbortSignal): Promise<void> {
    const command = new UpdateCommand({
      ...this.item(accountId),
      UpdateExpression: 'ADD held :payment',
      ExpressionAttributeValues: { ':payment': new Set([writeHeld(payment)]) },
    });
    await this.table.call('hold the account', () => this.table.client.send(command, { abortSignal }));
  }

  park(accountId: string, payment: Held, abortSignal: AbortSignal): Promise<boolean> {
    const command = new UpdateCommand({
      ...this.item(accountId),
      UpdateExpression: 'ADD held :payment',
      ConditionExpression: 'attribute_exists(held)',
      ExpressionAttributeValues: { ':payment': new Set([writeHeld(payment)]) },
    });
    return this.table.write('park the payment', () => this.table.client.send(command, { abortSignal }));
  }

  /**
   * A set without elements is none to DynamoDB: the attribute goes with the last, and the account is free. The item stays,
   * as deleting it would take a right that no function has on payments.
   */
  async release(accountId: string, payment: Held, abortSignal: AbortSignal): Promise<void> {
    const command = new UpdateCommand({
      ...this.item(accountId),
      UpdateExpression: 'DELETE held :payment',
      ExpressionAttributeValues: { ':payment': new Set([writeHeld(payment)]) },
    });
    await this.table.call('release the payment', () => this.table.client.send(command, { abortSignal }));
  }

  private item(accountId: string) {
    return { TableName: this.table.name, Key: { transaction_id: holdKey(accountId) } };
  }
}
