import { fingerprint, type HistoryEntry, type PaymentMessage, type PaymentRecord } from '../../../src/contract';
import type { QueueMessage } from '../../../src/processor/core/ports';

/** A valid payment; say only what the test is about. */
export function aPayment(fields: Partial<PaymentMessage> = {}): PaymentMessage {
  return {
    schema_version: 1,
    transaction_id: 'tx-1',
    account_id: 'alice',
    amount: 1_050,
    currency: 'EUR',
    beneficiary_id: 'bob',
    requested_at: '2026-01-02T03:04:05Z',
    ...fields,
  };
}

/** The body of a valid payment with some of its fields replaced by raw JSON text, or added to. */
export function aBody(rawFields: Readonly<Record<string, string>> = {}): string {
  const fields = Object.entries(aPayment()).map(([name, value]) => [name, JSON.stringify(value)] as const);
  const all = new Map([...fields, ...Object.entries(rawFields)]);
  return `{${[...all].map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`;
}

/** A payment's message as one receive delivers it, in its account's group; the message's id follows the payment's. */
export function aMessage(
  payment: Partial<PaymentMessage> | { readonly body: string; readonly messageId: string } = {},
  delivery: Partial<QueueMessage> = {},
): QueueMessage {
  const of = 'body' in payment ? payment : bodyAndId(aPayment(payment));
  return {
    groupId: 'alice',
    receiveCount: 1,
    sequenceNumber: '18849496460467696128',
    receiptHandle: `receipt of ${of.messageId}`,
    ...of,
    ...delivery,
  };
}

function bodyAndId(payment: PaymentMessage) {
  return { body: JSON.stringify(payment), messageId: payment.transaction_id, groupId: payment.account_id };
}

/** Fields of records of any status. */
export type RecordChanges = { readonly [Field in keyof PaymentRecord]?: Exclude<PaymentRecord[Field], undefined> };

/** The record of a payment that another invocation claimed once, and then changed as told. */
export function aRecord(payment: PaymentMessage = aPayment(), fields: RecordChanges = {}): PaymentRecord {
  const { schema_version, ...accepted } = payment;
  return {
    ...accepted,
    payment_status: 'PROCESSING',
    timestamp: '2026-01-02T03:00:00.000Z',
    fingerprint: fingerprint(payment),
    attempts: 1,
    sequence_number: '1',
    history: [anEntry()],
    release_id: 'release of another',
    ...fields,
  } as PaymentRecord;
}

/** A history of that many entries: a claim, then takeovers without a result. */
export function claims(count: number): HistoryEntry[] {
  return Array.from({ length: count }, (_, index) =>
    anEntry({ attempt: index + 1, request_id: `request ${index + 1} of another` }),
  );
}

export function anEntry(fields: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    status: 'PROCESSING',
    at: '2026-01-02T03:00:00.000Z',
    attempt: 1,
    request_id: 'request of another',
    release_id: 'release of another',
    ...fields,
  };
}
