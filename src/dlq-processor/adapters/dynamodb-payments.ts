import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { PaymentRecord } from '../../contract';
import type { Payments, RecordChange, Telemetry } from '../core/ports';
import { documents, type Update, updateIf } from './conditional-update';
import { serviceCall } from './service-call';

const FAILED: PaymentRecord['payment_status'] = 'FAILED';

/** The payment table, changed by conditional writes only, so that the table itself is the lock. */
export class DynamoDbPayments implements Payments {
  constructor(
    private readonly tableName: string,
    private readonly telemetry: Telemetry,
  ) {}

  async read(transactionId: string, abortSignal: AbortSignal): Promise<PaymentRecord | undefined> {
    const command = new GetCommand({ TableName: this.tableName, Key: { transaction_id: transactionId }, ConsistentRead: true });
    const { Item } = await serviceCall(this.telemetry, 'payment table', 'read a payment', () => documents.send(command, { abortSignal }));
    return Item as PaymentRecord | undefined;
  }

  reopen(change: RecordChange, signal: AbortSignal): Promise<boolean> {
    const values = { ...transition(change), ':attempt': change.entry.attempt };
    return this.write(change, `${TRANSITION}, #attempts = :attempt REMOVE #dead_lettered_at, #failure_code, #failure_message`, values, signal);
  }

  giveUp(change: RecordChange, signal: AbortSignal): Promise<boolean> {
    const { at, reason } = change.entry;
    if (change.record.payment_status === FAILED) return this.write(change, `SET ${DEAD_LETTERED}, ${HISTORY}`, { ':at': at }, signal);
    const failure = { ':code': 'DISCARDED' satisfies PaymentRecord['failure_code'], ':message': reason };
    const expression = `${TRANSITION}, ${DEAD_LETTERED}, #failure_code = :code, #failure_message = :message`;
    return this.write(change, expression, { ...transition(change), ...failure }, signal);
  }

  private write({ record, entry }: RecordChange, expression: string, values: Update['values'], signal: AbortSignal): Promise<boolean> {
    const update = {
      tableName: this.tableName,
      key: record.transaction_id,
      expression,
      condition: '#payment_status = :was AND #attempts = :attempts AND size(#history) = :length',
      values: {
        ...values,
        ':entries': [entry],
        ':was': record.payment_status,
        ':attempts': record.attempts,
        ':length': record.history.length,
      },
    };
    return serviceCall(this.telemetry, 'payment table', 'change a payment', () => updateIf(update, signal));
  }
}

const HISTORY = '#history = list_append(#history, :entries)';
const TRANSITION = `SET #payment_status = :status, #timestamp = :at, #release_id = :release, ${HISTORY}`;
/** What is left of the payment in the payment queue is acknowledged then, instead of coming back to the dead letters. */
const DEAD_LETTERED = '#dead_lettered_at = if_not_exists(#dead_lettered_at, :at)';

function transition({ entry: { status, at, release_id } }: RecordChange): Update['values'] {
  return { ':status': status, ':at': at, ':release': release_id };
}
