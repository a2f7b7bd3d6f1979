import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { type HistoryEntry, type PaymentRecord, shortenedHistory } from '../../contract';
import type { Payments, RecordChange, Telemetry } from '../core/ports';
import { documents, serviceCall, type Update, updateIf } from './service-call';

const FAILED: PaymentRecord['payment_status'] = 'FAILED';

/** The payment table, changed by conditional writes only, so that the table itself is the lock. */
export class DynamoDbPayments implements Payments {
  constructor(
    private readonly tableName: string,
    private readonly telemetry: Telemetry,
  ) {}

  async read(transactionId: string, abortSignal: AbortSignal): Promise<PaymentRecord | undefined> {
    const command = new GetCommand({
      TableName: this.tableName,
      Key: { transaction_id: transactionId },
      ConsistentRead: true,
    });
    const { Item } = await serviceCall(this.telemetry, 'payment table', 'read a payment', () =>
      documents.send(command, { abortSignal }),
    );
    return Item as PaymentRecord | undefined;
  }

  /** An update, as the function has no right to put items. */
  insert(record: PaymentRecord, signal: AbortSignal): Promise<boolean> {
    const { transaction_id, ...fields } = record;
    const update = {
      tableName: this.tableName,
      key: transaction_id,
      expression: `SET ${Object.keys(fields)
        .map((name) => `#${name} = :${name}`)
        .join(', ')}`,
      condition: 'attribute_not_exists(#transaction_id)',
      values: Object.fromEntries(Object.entries(fields).map(([name, value]) => [`:${name}`, value])),
    };
    return serviceCall(this.telemetry, 'payment table', 'record a payment', () => updateIf(update, signal));
  }

  reopen(change: RecordChange, signal: AbortSignal): Promise<boolean> {
    const values = { ...transition(change), ':attempt': change.entry.attempt };
    const noFailure = 'REMOVE #dead_lettered_at, #failure_code, #failure_message, #discarded_at, #parked_behind';
    return this.write(change, `${TRANSITION}, #attempts = :attempt ${noFailure}`, values, signal);
  }

  giveUp(change: RecordChange, signal: AbortSignal): Promise<boolean> {
    const { at, reason } = change.entry;
    if (change.record.payment_status === FAILED) return this.write(change, DISCARDED, { ':at': at }, signal);
    const failure = { ':code': 'DISCARDED' satisfies PaymentRecord['failure_code'], ':message': reason };
    const changes = `${TRANSITION}, ${DISCARDED}, #failure_code = :code, #failure_message = :message REMOVE #parked_behind`;
    return this.write(change, changes, { ...transition(change), ...failure }, signal);
  }

  /** @param changes what the update expression sets, and removes, besides the history */
  private write(
    { record, entry }: RecordChange,
    changes: string,
    values: Update['values'],
    signal: AbortSignal,
  ): Promise<boolean> {
    const history = historyChange(record, entry);
    const omitted = record.history_omitted;
    const isOmitted = omitted === undefined ? 'attribute_not_exists(#history_omitted)' : '#history_omitted = :omitted';
    const update = {
      tableName: this.tableName,
      key: record.transaction_id,
      expression: `SET ${history.expression}, ${changes}`,
      // A shortened history may be as long as before; what it has lost is more.
      condition: `#payment_status = :was AND #attempts = :attempts AND size(#history) = :length AND ${isOmitted}`,
      values: {
        ...values,
        ...history.values,
        ':was': record.payment_status,
        ':attempts': record.attempts,
        ':length': record.history.length,
        ...(omitted !== undefined && { ':omitted': omitted }),
      },
    };
    return serviceCall(this.telemetry, 'payment table', 'change a payment', () => updateIf(update, signal));
  }
}

const TRANSITION = '#payment_status = :status, #timestamp = :at, #release_id = :release';

/** With `dead_lettered_at` the payment processor acknowledges a message of the payment that is left in the payment queue. */
const DISCARDED = '#discarded_at = :at, #dead_lettered_at = if_not_exists(#dead_lettered_at, :at)';

function transition({ entry: { status, at, release_id } }: RecordChange): Update['values'] {
  return { ':status': status, ':at': at, ':release': release_id };
}

function historyChange(record: PaymentRecord, entry: HistoryEntry): Pick<Update, 'expression' | 'values'> {
  const shortened = shortenedHistory(record, entry);
  if (shortened === undefined)
    return { expression: '#history = list_append(#history, :entries)', values: { ':entries': [entry] } };
  const { history, history_omitted } = shortened;
  return {
    expression: '#history = :history, #history_omitted = :omits',
    values: { ':history': history, ':omits': history_omitted },
  };
}
