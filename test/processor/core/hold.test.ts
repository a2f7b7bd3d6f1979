import { aMessage, anEntry, aPayment, aRecord } from '../../../tools/kit/payments/payments';
import { hashed, transitionFields } from '../../../src/contract';
import {
  DISCARDED_RECORD,
  hold,
  holding,
  message,
  redrive,
  REFUSED_RECORD,
  waiting,
} from '../../../tools/kit/cores/holding';
import { decided, Processor, REFUSED } from '../../../tools/kit/cores/processor';
import { hashOf } from '../../../tools/kit/cores/telemetry';

test('payments behind a failed one are parked in order, unchecked, with a record that says so; other accounts continue', async () => {
  const processor = holding();
  const delivery = await processor.deliver(
    message(1),
    message(2),
    message(3),
    aMessage({ transaction_id: 'tx-9', account_id: 'carol' }),
  );
  expect(delivery.returned).toEqual([]);
  expect(processor.deadLetters.sent.map(({ messageId }) => messageId)).toEqual(['m1']);
  expect(processor.deadLetters.parked).toEqual([
    { messageId: 'm2', behind: 'tx-1' },
    { messageId: 'm3', behind: 'tx-1' },
  ]);
  expect(waiting(processor)).toEqual(['tx-1', 'tx-2', 'tx-3']);
  for (const id of ['tx-2', 'tx-3']) {
    expect(processor.store.record(id)).toMatchObject({
      payment_status: 'PROCESSING',
      attempts: 1,
      parked_behind: 'tx-1',
    });
    expect(processor.store.record(id).history).toEqual([
      expect.objectContaining({ status: 'PROCESSING', attempt: 1, reason: 'parked behind tx-1' }),
    ]);
  }
  expect(processor.fraudApi.called.sort()).toEqual(['tx-1', 'tx-9']);
  expect(processor.telemetry.counts).toEqual({
    PaymentsProcessed: 2,
    PaymentsFailed: 1,
    PaymentsApproved: 1,
    MessagesQuarantined: 1,
    PaymentsParked: 2,
  });
  for (const transaction_id of ['tx-2', 'tx-3']) {
    expect(processor.telemetry.logs).toContainEqual({
      event: expect.any(String) as string,
      transaction_id,
      account_hash: hashOf('alice'),
      history_hash: processor.store.record(transaction_id).history.at(-1)!.hash,
    });
  }
  expect(processor.held.since).toEqual([{ accountId: 'alice', since: '2026-01-02T03:04:05.678Z' }]);
});

test('and so are payments of a later batch', async () => {
  const processor = holding();
  await processor.deliver(message(1));
  await processor.deliver(message(2));
  expect(processor.deadLetters.parked).toEqual([{ messageId: 'm2', behind: 'tx-1' }]);
});

test('the oldest goes when it comes again, the next after it, and with the last the hold ends [G3]', async () => {
  const processor = holding();
  await processor.deliver(message(1), message(2), message(3));
  redrive(processor, 'tx-1', 'tx-2');
  processor.fraudApi.answer('tx-1', decided('decline'));
  await processor.deliver(message(1), message(2));
  expect([waiting(processor), processor.held.accounts]).toEqual([['tx-3'], ['alice']]);
  expect(processor.store.record('tx-2')).toMatchObject({ payment_status: 'APPROVED' });
  expect(processor.store.record('tx-2')).not.toHaveProperty('parked_behind');
  redrive(processor, 'tx-3');
  await processor.deliver(message(4), message(3));
  expect(processor.deadLetters.parked.map(({ messageId }) => messageId)).toEqual(['m2', 'm3', 'm4']);
  expect(waiting(processor)).toEqual(['tx-4']);
  redrive(processor, 'tx-4');
  await processor.deliver(message(4));
  expect(processor.held.accounts).toEqual([]);
  expect(processor.fraudApi.called).toEqual(['tx-1', 'tx-1', 'tx-2', 'tx-3', 'tx-4']);
});

test('a newer one that is redriven alone is parked again, in its old place', async () => {
  const processor = holding();
  await processor.deliver(message(1), message(2), message(3));
  await processor.deliver({ ...message(3), sequenceNumber: '12', messageId: 'm12' });
  expect(processor.deadLetters.parked.at(-1)).toEqual({ messageId: 'm12', behind: 'tx-1' });
  expect(processor.held.read('alice').map(({ sequenceNumber }) => sequenceNumber)).toEqual(['1', '2', '3']);
});

test('a redelivery of an ended payment is a duplicate, also in a held account', async () => {
  const processor = holding();
  processor.fraudApi.answer('tx-1', decided('approve'));
  processor.fraudApi.answer('tx-2', REFUSED);
  await processor.deliver(message(1), message(2));
  expect((await processor.deliver(message(1, 2), message(2, 2))).returned).toEqual([]);
  expect([processor.deadLetters.parked, waiting(processor)]).toEqual([[], ['tx-2']]);
  expect(processor.count('DuplicatesIgnored')).toBe(2);
});

test('a payment that is parked while its record is open is claimed first: the fence refuses a late write of its former owner', async () => {
  const processor = holding();
  await processor.deliver(message(1));
  processor.store.put(aRecord(aPayment({ transaction_id: 'tx-2' }), { attempts: 2 }));
  await processor.deliver(message(2, 3));
  expect(processor.store.record('tx-2')).toMatchObject({
    payment_status: 'PROCESSING',
    attempts: 3,
    parked_behind: 'tx-1',
  });
  expect(processor.deadLetters.parked).toEqual([{ messageId: 'm2', behind: 'tx-1' }]);
  const entry = hashed(anEntry({ status: 'APPROVED', attempt: 2 }), undefined, aRecord());
  const late = { transactionId: 'tx-2', fence: 2, entry, changes: transitionFields(entry) };
  expect(await processor.store.transition(late)).toBe(false);
});

test('a conflicting payment is quarantined, also in a held account, and holds nothing', async () => {
  const processor = holding();
  await processor.deliver(aMessage({ transaction_id: 'tx-0' }, { sequenceNumber: '0', messageId: 'm0' }));
  const conflict = aMessage(
    { ...aPayment({ transaction_id: 'tx-0', amount: 7 }) },
    { sequenceNumber: '2', messageId: 'm2' },
  );
  await processor.deliver(message(1), conflict);
  expect(processor.deadLetters.sent.at(-1)).toMatchObject({ messageId: 'm2', failure: 'CONFLICTING_TRANSACTION' });
  expect(waiting(processor)).toEqual(['tx-1']);
});

test("a parked payment's transaction id is its own: another account's payment of that id conflicts, and the parked one continues [G4]", async () => {
  const processor = holding();
  await processor.deliver(message(1), message(2));
  await processor.deliver(aMessage({ transaction_id: 'tx-2', account_id: 'carol' }, { messageId: 'of carol' }));
  expect(processor.deadLetters.sent.at(-1)).toMatchObject({
    messageId: 'of carol',
    failure: 'CONFLICTING_TRANSACTION',
  });
  processor.fraudApi.answer('tx-1', decided('approve'));
  redrive(processor, 'tx-1', 'tx-2');
  await processor.deliver(message(1), message(2));
  expect(processor.store.record('tx-2')).toMatchObject({ account_id: 'alice', payment_status: 'APPROVED' });
  expect(processor.held.accounts).toEqual([]);
});

test('a hold that ends while a payment is being parked: the payment is decided, and is not parked any more', async () => {
  const processor = holding();
  await processor.deliver(message(1));
  processor.store.beforeNext('insert', () => {
    processor.held.lift('alice', processor.held.read('alice')[0]!);
  });
  await processor.deliver(message(2));
  expect(processor.store.record('tx-2').payment_status).toBe('APPROVED');
  expect(processor.store.record('tx-2')).not.toHaveProperty('parked_behind');
  expect([processor.deadLetters.parked, processor.held.accounts, processor.count('PaymentsParked')]).toEqual([
    [],
    [],
    0,
  ]);
});

test('a payment that fails once more keeps its place, and has one entry', async () => {
  const processor = holding();
  await processor.deliver(message(1), message(2));
  redrive(processor, 'tx-1');
  await processor.deliver({ ...message(1), sequenceNumber: '12', messageId: 'm12' });
  expect(
    processor.held.read('alice').map(({ transactionId, sequenceNumber }) => [transactionId, sequenceNumber]),
  ).toEqual([
    ['tx-1', '1'],
    ['tx-2', '2'],
  ]);
  processor.fraudApi.answer('tx-1', decided('approve'));
  redrive(processor, 'tx-1');
  await processor.deliver({ ...message(1), sequenceNumber: '13', messageId: 'm13' });
  expect(waiting(processor)).toEqual(['tx-2']);
});

test('a discarded payment that comes again is a duplicate, also when SQS moves its dead letter back, and holds no account', async () => {
  const processor = holding();
  processor.store.put(
    aRecord(aPayment({ transaction_id: 'tx-1' }), {
      ...DISCARDED_RECORD,
      dead_lettered_at: '2026-01-02T03:01:00.000Z',
    }),
  );
  await processor.deliver(message(1), { ...message(1), messageId: 'copy', isDeadLetterCopy: true });
  expect([processor.count('DuplicatesIgnored'), processor.deadLetters.sent, processor.held.accounts]).toEqual([
    2,
    [],
    [],
  ]);
});

test('an invalid message waits for no payment, and no payment waits for it', async () => {
  const processor = holding();
  const invalid = aMessage({ body: '{}', messageId: 'm0' });
  await processor.deliver(invalid, message(2));
  expect(processor.store.record('tx-2').payment_status).toBe('APPROVED');
  await processor.deliver(message(1), invalid);
  expect(processor.deadLetters.parked).toEqual([]);
});

test("with 'continue' an account that was held before does not wait", async () => {
  const processor = new Processor();
  hold(processor, 1);
  processor.store.put(aRecord(aPayment({ transaction_id: 'tx-1' }), REFUSED_RECORD));
  await processor.deliver(message(2));
  expect([processor.store.record('tx-2').payment_status, processor.deadLetters.parked]).toEqual(['APPROVED', []]);
});

test("with 'continue' no account is ever held", async () => {
  const processor = new Processor();
  processor.fraudApi.answer('tx-1', REFUSED);
  await processor.deliver(message(1), message(2));
  expect(processor.held.accounts).toEqual([]);
  expect(processor.store.record('tx-2').payment_status).toBe('APPROVED');
});
