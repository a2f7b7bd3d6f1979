import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type Held, holdKey, type PaymentRecord, readHeld } from '../contract';
import { awsCall, type Place } from './aws-call';
import type { Payments } from './services';

export class DynamoDbPayments implements Payments {
  private readonly client: DynamoDBDocumentClient;

  constructor(
    client: DynamoDBClient,
    private readonly tableName: string,
    private readonly region: Place,
  ) {
    this.client = DynamoDBDocumentClient.from(client);
  }

  get place(): string {
    return `${this.tableName} in ${this.region.region}`;
  }

  async read(transactionId: string): Promise<PaymentRecord | undefined> {
    return (await this.item(transactionId)) as PaymentRecord | undefined;
  }

  async held(accountId: string): Promise<readonly Held[]> {
    const item = await this.item(holdKey(accountId));
    const held = (item?.held ?? new Set()) as ReadonlySet<string>;
    return [...held].sort().map(readHeld);
  }

  private async item(transaction_id: string): Promise<Record<string, unknown> | undefined> {
    const command = new GetCommand({ TableName: this.tableName, Key: { transaction_id }, ConsistentRead: true });
    return (await this.call(() => this.client.send(command))).Item;
  }

  private call<T>(send: () => Promise<T>): Promise<T> {
    return awsCall(this.region, `payment table ${this.tableName}`, send);
  }
}
