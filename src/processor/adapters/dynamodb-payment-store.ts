import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { PaymentRecord } from '../../contract';
import { assignments, historyUpdate, type PaymentTable } from '../../runtime/payment-table';
import type { PaymentStore, Transition } from '../core/ports';

/** Changes records of the payment table for the payment processor. */
export class DynamoDbPaymentStore implements PaymentStore {
  constructor(private readonly table: PaymentTable) {}

  read(transactionId: string): Promise<PaymentRecord | undefined> {
    return this.table.read(transactionId);
  }

  insert(record: PaymentRecord): Promise<boolean> {
    const command = new PutCommand({
      TableName: this.table.name,
      Item: record,
      ConditionExpression: 'attribute_not_exists(transaction_id)',
    });
    return this.table.write('claim a payment', (documents, options) => documents.send(command, options));
  }

  transition({ transactionId, fence, parkedBehind, changes, ...change }: Transition): Promise<boolean> {
    const isParked = parkedBehind !== undefined;
    const history = historyUpdate(change);
    const fields = assignments({ ...changes, ...(isParked && { parked_behind: parkedBehind }) });
    return this.table.update('change a payment', {
      key: transactionId,
      expression: `SET ${fields.expression}, ${history.expression}${isParked ? '' : ' REMOVE #parked_behind'}`,
      condition: '#payment_status = :processing AND #attempts = :fence',
      values: { ...fields.values, ...history.values, ':processing': 'PROCESSING', ':fence': fence },
    });
  }

  markDeadLettered({ transaction_id, attempts }: Pick<PaymentRecord, 'transaction_id' | 'attempts'>, at: string) {
    return this.table.update('note a dead letter', {
      key: transaction_id,
      expression: 'SET #dead_lettered_at = :at',
      condition: '#payment_status = :failed AND #attempts = :attempts AND attribute_not_exists(#dead_lettered_at)',
      values: { ':at': at, ':failed': 'FAILED', ':attempts': attempts },
    });
  }
}
