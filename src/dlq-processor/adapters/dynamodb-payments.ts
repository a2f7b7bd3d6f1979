import { type FailedRecord, type PaymentRecord, transitionFields } from '../../contract';
import { assignments, type Expression, historyUpdate, type PaymentTable } from '../../runtime/payment-table';
import type { Payments, RecordChange } from '../core/ports';

/** Changes records of the payment table for an operator's actions. */
export class DynamoDbPayments implements Payments {
  constructor(private readonly table: PaymentTable) {}

  read(transactionId: string): Promise<PaymentRecord | undefined> {
    return this.table.read(transactionId);
  }

  /** Uses an update, because the function has no permission to put items. */
  insert({ transaction_id, ...fields }: PaymentRecord): Promise<boolean> {
    const { expression, values } = assignments(fields);
    return this.table.update('record a payment', {
      key: transaction_id,
      expression: `SET ${expression}`,
      condition: 'attribute_not_exists(#transaction_id)',
      values,
    });
  }

  reopen(change: RecordChange): Promise<boolean> {
    const removed = ' REMOVE #dead_lettered_at, #failure_code, #failure_message, #discarded_at, #parked_behind';
    return this.write(change, [assignments(transitionFields(change.entry))], removed);
  }

  giveUp(change: RecordChange): Promise<boolean> {
    const { record, entry } = change;
    // With `dead_lettered_at` the payment processor acknowledges a message of the payment that is left in the payment queue.
    const discarded = {
      expression: '#discarded_at = :at, #dead_lettered_at = if_not_exists(#dead_lettered_at, :at)',
      values: { ':at': entry.at },
    };
    if (record.payment_status === 'FAILED') return this.write(change, [discarded]);
    const failure = { failure_code: 'DISCARDED' satisfies FailedRecord['failure_code'], failure_message: entry.reason };
    return this.write(
      change,
      [discarded, assignments({ ...transitionFields(entry), ...failure })],
      ' REMOVE #parked_behind',
    );
  }

  resolve(change: RecordChange): Promise<boolean> {
    return this.write(change, [assignments(transitionFields(change.entry))]);
  }

  private write(change: RecordChange, changes: readonly Expression[], removed = ''): Promise<boolean> {
    const { record } = change;
    const set = [historyUpdate(change), ...changes];
    const omitted = record.history_omitted;
    const isOmitted =
      omitted === undefined ? 'attribute_not_exists(#history_omitted)' : '#history_omitted = :read_omitted';
    return this.table.update('change a payment', {
      key: record.transaction_id,
      expression: `SET ${set.map(({ expression }) => expression).join(', ')}${removed}`,
      // A shortened history may be as long as before; what it has lost is more.
      condition: `#payment_status = :read_status AND #attempts = :read_attempts AND size(#history) = :read_length AND ${isOmitted}`,
      values: {
        ...Object.fromEntries(set.flatMap(({ values }) => Object.entries(values))),
        ':read_status': record.payment_status,
        ':read_attempts': record.attempts,
        ':read_length': record.history.length,
        ...(omitted !== undefined && { ':read_omitted': omitted }),
      },
    });
  }
}
