import { type FailedRecord, heldPayment, identityOf, type ProcessingRecord } from '../../../src/contract';
import { aMessage, anEntry, aPayment } from '../payments/payments';
import { Processor, REFUSED } from './processor';

/** An account whose first payment fails permanently; the queue numbers its messages. */
export function holding(): Processor {
  const processor = new Processor({ onFailedPayment: 'hold' });
  processor.fraudApi.answer('tx-1', REFUSED);
  return processor;
}

export const message = (number: number, receiveCount = 1) =>
  aMessage(
    { transaction_id: `tx-${number}` },
    { sequenceNumber: String(number), receiveCount, messageId: `m${number}` },
  );

/** Changes the records as an operator's redrive does. */
export function redrive({ store }: Processor, ...ids: readonly string[]): void {
  for (const id of ids) {
    const { parked_behind, dead_lettered_at, failure_code, failure_message, ...record } = store.record(id) as
      ProcessingRecord | FailedRecord;
    const attempts = record.attempts + 1;
    const history = [...record.history, anEntry({ attempt: attempts, reason: 'redriven' })];
    store.put({ ...record, payment_status: 'PROCESSING', attempts, history } as ProcessingRecord);
  }
}

/** An entry in alice's hold. */
export function hold({ held }: Processor, number: number): void {
  held.hold(
    'alice',
    heldPayment(identityOf(aPayment({ transaction_id: `tx-${number}` })), String(number)),
    '2026-01-02T03:01:00.000Z',
  );
}

export const waiting = (processor: Processor) => processor.held.read('alice').map(({ transactionId }) => transactionId);

/** Fields of a payment that the fraud API has refused. */
export const REFUSED_RECORD = {
  payment_status: 'FAILED',
  failure_code: 'FRAUD_CHECK_REFUSED',
  history: [anEntry(), anEntry({ status: 'FAILED' })],
} as const;

/** Fields of a payment that an operator has discarded. */
export const DISCARDED_RECORD = {
  payment_status: 'FAILED',
  failure_code: 'DISCARDED',
  history: [anEntry(), anEntry({ status: 'FAILED', reason: 'given up' })],
} as const;
