import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { PaymentRecord } from '../../contract';
import type { PaymentStore, Transition } from '../core/ports';
import type { PaymentTable } from './payment-table';

/** The records of the payment table. */
export class DynamoDbPaymentStore implements PaymentStore {
  constructor(private readonly table: PaymentTable) {}

  insert(record: PaymentRecord, abortSignal: AbortSignal): Promise<boolean> {
    return this.table.write('claim the payment', () =>
      this.table.client.send(
        new PutCommand({
          TableName: this.table.name,
          Item: record,
          ConditionExpression: 'attribute_not_exists(transaction_id)',
        }),
        { abortSignal },
      ),
    );
  }

  transition(
    { transactionId, fence, entry, parkedBehind, changes }: Transition,
    abortSignal: AbortSignal,
  ): Promise<boolean> {
    const values = {
      payment_status: entry.status,
      timestamp: entry.at,
      release_id: entry.release_id,
      attempts: entry.attempt,
      ...(parkedBehind !== undefined && { parked_behind: parkedBehind }),
      ...changes,
    };
    const names = Object.keys(values);
    const appended = changes?.history === undefined ? ', #history = list_append(#history, :entries)' : '';
    const unparked = parkedBehind === undefined ? ' REMOVE parked_behind' : '';
    return this.table.write('change the payment', () =>
      this.table.client.send(
        new UpdateCommand({
          TableName: this.table.name,
          Key: { transaction_id: transactionId },
          UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}${appended}${unparked}`,
          ConditionExpression: '#payment_status = :processing AND #attempts = :fence',
          ExpressionAttributeNames: Object.fromEntries([...names, 'history'].map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: {
            ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
            ...(appended !== '' && { ':entries': [entry] }),
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
    return this.table.write('note the dead letter', () =>
      this.table.client.send(
        new UpdateCommand({
          TableName: this.table.name,
          Key: { transaction_id },
          UpdateExpression: 'SET dead_lettered_at = :at',
          ConditionExpression:
            'payment_status = :failed AND attempts = :attempts AND attribute_not_exists(dead_lettered_at)',
          ExpressionAttributeValues: { ':at': at, ':failed': 'FAILED', ':attempts': attempts },
        }),
        { abortSignal },
      ),
    );
  }

  async read(transactionId: string, abortSignal: AbortSignal): Promise<PaymentRecord | undefined> {
    const command = new GetCommand({
      TableName: this.table.name,
      Key: { transaction_id: transactionId },
      ConsistentRead: true,
    });
    const { Item } = await this.table.call('read the payment', () => this.table.client.send(command, { abortSignal }));
    return Item as PaymentRecord | undefined;
  }
}
