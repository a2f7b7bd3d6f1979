import type { BatchResultErrorEntry, SendMessageBatchCommand, SendMessageBatchResultEntry, SQSClient } from '@aws-sdk/client-sqs';
import { deduplicationId, type PaymentMessage } from '../../src/contract';
import { PaymentProducer } from '../../src/producer/payment-producer';
import { aPayment } from '../support/payments';

interface Entry {
  readonly Id: string;
  readonly body: PaymentMessage;
  readonly group: string;
  readonly deduplication: string;
}

interface Refusal {
  readonly Code: string;
  readonly SenderFault: boolean;
}

/** SQS, as far as a producer sees it: takes what `refuse` lets pass, in the order of arrival. */
class FakeQueue {
  readonly taken: PaymentMessage[] = [];
  readonly batches: Entry[][] = [];

  constructor(private readonly refuse: (payment: PaymentMessage, send: number) => Refusal | undefined = () => undefined) {}

  readonly client = { send: (command: SendMessageBatchCommand) => this.take(command) } as unknown as SQSClient;

  private async take({ input }: SendMessageBatchCommand): Promise<{ Successful: SendMessageBatchResultEntry[]; Failed: BatchResultErrorEntry[] }> {
    const entries = (input.Entries ?? []).map((entry) => ({
      Id: entry.Id ?? '',
      body: JSON.parse(entry.MessageBody ?? '') as PaymentMessage,
      group: entry.MessageGroupId ?? '',
      deduplication: entry.MessageDeduplicationId ?? '',
    }));
    this.batches.push(entries);
    await new Promise((resolve) => setImmediate(resolve));
    const output = { Successful: [] as SendMessageBatchResultEntry[], Failed: [] as BatchResultErrorEntry[] };
    for (const { Id, body } of entries) {
      const refusal = this.refuse(body, this.sendsOf(body));
      if (refusal) {
        output.Failed.push({ Id, ...refusal });
        continue;
      }
      this.taken.push(body);
      output.Successful.push({ Id, MessageId: 'm', MD5OfMessageBody: '', SequenceNumber: String(this.taken.length) });
    }
    return output;
  }

  sendsOf({ transaction_id }: PaymentMessage): number {
    return this.batches.flat().filter(({ body }) => body.transaction_id === transaction_id).length;
  }
}

const payments = (count: number, accounts: number, fields: Partial<PaymentMessage> = {}) =>
  Array.from({ length: count }, (_, index) =>
    aPayment({ transaction_id: `payment-${index}`, account_id: `account-${index % accounts}`, ...fields }),
  );

const send = (queue: FakeQueue, sent: PaymentMessage[], signal?: AbortSignal) =>
  new PaymentProducer(queue.client, 'https://sqs.test/payments.fifo').send(sent, signal ? { signal } : {});

test('sends every payment once, with its account as group and an id of its content', async () => {
  const queue = new FakeQueue();
  const sent = payments(53, 20);

  const results = await send(queue, sent);

  expect(results.filter(({ status }) => status === 'accepted')).toHaveLength(53);
  expect(new Set(queue.taken)).toEqual(new Set(sent));
  for (const { body, group, deduplication } of queue.batches.flat()) {
    expect(group).toBe(body.account_id);
    expect(deduplication).toBe(deduplicationId.payment(body));
  }
});

test('keeps the order of an account, and has one of its payments in flight', async () => {
  const queue = new FakeQueue();

  await send(queue, payments(60, 3));

  for (const account of ['account-0', 'account-1', 'account-2']) {
    const order = queue.taken.filter(({ account_id }) => account_id === account).map(({ transaction_id }) => Number(transaction_id.slice(8)));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  }
  for (const batch of queue.batches) expect(new Set(batch.map(({ group }) => group)).size).toBe(batch.length);
});

test('batches hold at most ten entries, and what one call may carry', async () => {
  const queue = new FakeQueue();
  const metadata = Object.fromEntries(Array.from({ length: 10 }, (_, key) => [`${key}`, '\u0001'.repeat(256)]));

  await send(queue, [...payments(40, 40), ...payments(40, 40, { metadata }).map((one) => ({ ...one, transaction_id: `${one.transaction_id}-big`, account_id: `${one.account_id}-big` }))]);

  expect(Math.max(...queue.batches.map((batch) => batch.length))).toBe(10);
  const bytes = queue.batches.map((batch) => batch.reduce((sum, { body }) => sum + Buffer.byteLength(JSON.stringify(body)), 0));
  expect(Math.max(...bytes)).toBeLessThanOrEqual(262_144);
  expect(queue.taken).toHaveLength(80);
});

test('an entry that SQS throttles is sent again before its successors', async () => {
  const queue = new FakeQueue(({ transaction_id }, sends) =>
    transaction_id === 'payment-0' && sends < 3 ? { Code: 'ThrottlingException', SenderFault: false } : undefined,
  );

  const results = await send(queue, payments(3, 1));

  expect(queue.taken.map(({ transaction_id }) => transaction_id)).toEqual(['payment-0', 'payment-1', 'payment-2']);
  expect(results.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted']);
});

test.each<[what: string, refusal: Refusal, sends: number]>([
  ['refused for good', { Code: 'InvalidMessageContents', SenderFault: true }, 1],
  ['throttled again and again', { Code: 'ThrottlingException', SenderFault: false }, 5],
])('a payment that is %s blocks its account, and no other', async (_what, refusal, sends) => {
  const queue = new FakeQueue(({ transaction_id }) => (transaction_id === 'payment-2' ? refusal : undefined));

  const results = await send(queue, payments(8, 2));

  const byId = Object.fromEntries(results.map((result) => [result.payment.transaction_id, result]));
  expect(byId['payment-2']).toMatchObject({ status: 'refused', code: 'SEND_FAILED', reason: expect.stringContaining(refusal.Code) });
  expect(byId['payment-4']).toMatchObject({ status: 'refused', code: 'BLOCKED_BY', reason: expect.stringContaining('payment-2') });
  expect(byId['payment-6']).toMatchObject({ status: 'refused', code: 'BLOCKED_BY' });
  expect(queue.taken.map(({ transaction_id }) => transaction_id).sort()).toEqual(['payment-0', 'payment-1', 'payment-3', 'payment-5', 'payment-7']);
  expect(queue.sendsOf(aPayment({ transaction_id: 'payment-2' }))).toBe(sends);
  expect(results).toHaveLength(8);
});

test('what a caller keeps beside the payment is not sent', async () => {
  const queue = new FakeQueue();

  await send(queue, [Object.assign(aPayment(), { line: 7 })]);

  expect(queue.taken).toEqual([aPayment()]);
});

test('an abort ends sending before the next batch', async () => {
  const stop = new AbortController();
  const queue = new FakeQueue(() => { stop.abort(); return undefined; });

  const results = await send(queue, payments(50, 1), stop.signal);

  expect(results).toHaveLength(1);
});
