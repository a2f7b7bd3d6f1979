import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { PaymentRecord } from '../../contract';
import { AWS_CLIENT_CONFIG, errorCode } from '../../runtime/aws-call';
import { type PaymentStore, StoreError, type Telemetry, type Transition } from '../core/ports';

/** The payment table. Each write is one conditional call, so the table itself is the lock. */
export class DynamoDbPaymentStore implements PaymentStore {
  private readonly client = DynamoDBDocumentClient.from(new DynamoDBClient(AWS_CLIENT_CONFIG));

  constructor(
    private readonly tableName: string,
    private readonly telemetry: Telemetry,
  ) {}

  insert(record: PaymentRecord, abortSignal: AbortSignal): Promise<boolean> {
    return this.writes('claim the payment', () =>
      this.client.send(
        new PutCommand({
          TableName: this.tableName,
          Item: record,
          ConditionExpression: 'attribute_not_exists(transaction_id)',
        }),
        { abortSignal },
      ),
    );
  }

  transition({ transactionId, fence, entry, changes }: Transition, abortSignal: AbortSignal): Promise<boolean> {
    const values = {
      payment_status: entry.status,
      timestamp: entry.at,
      release_id: entry.release_id,
      attempts: entry.attempt,
      ...changes,
    };
    const names = Object.keys(values);
    return this.writes('change the payment', () =>
      this.client.send(
        new UpdateCommand({
          TableName: this.tableName,
          Key: { transaction_id: transactionId },
          UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}, #history = list_append(#history, :entries)`,
          ConditionExpression: '#payment_status = :processing AND #attempts = :fence',
          ExpressionAttributeNames: Object.fromEntries([...names, 'history'].map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: {
            ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
            ':entries': [entry],
            ':processing': 'PROCESSING',
            ':fence': fence,
          },
        }),
        { abortSignal },
      ),
    );
  }

  markDeadLettered(
    { transaction_id, attempts }: Pick<PaymentRecord, 'transaction_id' | 'attempts'>,
    at: string,
    abortSignal: AbortSignal,
  ): Promise<boolean> {
    return this.writes('note the dead letter', () =>
      this.client.send(
        new UpdateCommand({
          TableName: this.tableName,
          Key: { transaction_id },
          UpdateExpression: 'SET dead_lettered_at = :at',
          ConditionExpression: 'payment_status = :failed AND attempts = :attempts AND attribute_not_exists(dead_lettered_at)',
          ExpressionAttributeValues: { ':at': at, ':failed': 'FAILED', ':attempts': attempts },
        }),
        { abortSignal },
      ),
    );
  }

  async read(transactionId: string, abortSignal: AbortSignal): Promise<PaymentRecord | undefined> {
    const command = new GetCommand({
      TableName: this.tableName,
      Key: { transaction_id: transactionId },
      ConsistentRead: true,
    });
    const { Item } = await this.call('read the payment', () => this.client.send(command, { abortSignal }));
    return Item as PaymentRecord | undefined;
  }

  /** @returns false when the write's condition did not hold */
  private writes(operation: string, send: () => Promise<unknown>): Promise<boolean> {
    return this.call(operation, async () => {
      try {
        await send();
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    });
  }

  private async call<T>(operation: string, send: () => Promise<T>): Promise<T> {
    try {
      return await this.telemetry.trace('payment table', send);
    } catch (error) {
      throw new StoreError(operation, errorCode(error));
    }
  }
}
