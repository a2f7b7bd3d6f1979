import { aMessage, anEntry, aPayment, aRecord } from '../../support/payments';
import { decided, Processor, REFUSED } from '../../support/processor';

/** An account whose first payment fails for good; the queue numbers its messages. */
function holding(): Processor {
  const processor = new Processor({ onFailedPayment: 'hold' });
  processor.fraudApi.answer('tx-1', REFUSED);
  return processor;
}

const message = (number: number, receiveCount = 1) =>
  aMessage({ transaction_id: `tx-${number}` }, { sequenceNumber: String(number), receiveCount, messageId: `m${number}` });

const waiting = (processor: Processor) => processor.held.read('alice').map(({ transactionId }) => transactionId);

test('what comes behind a failed payment is parked in order, untried and without a record; other accounts go on', async () => {
  const processor = holding();
  const delivery = await processor.deliver(message(1), message(2), message(3), aMessage({ transaction_id: 'tx-9', account_id: 'carol' }));
  expect(delivery.handedBack).toEqual([]);
  expect(processor.deadLetters.sent.map(({ messageId }) => messageId)).toEqual(['m1']);
  expect(processor.deadLetters.parked).toEqual([{ messageId: 'm2', behind: 'tx-1' }, { messageId: 'm3', behind: 'tx-1' }]);
  expect(waiting(processor)).toEqual(['tx-1', 'tx-2', 'tx-3']);
  expect([...processor.store.records.keys()].sort()).toEqual(['tx-1', 'tx-9']);
  expect(processor.telemetry.counts).toEqual({ PaymentsProcessed: 2, PaymentsFailed: 1, PaymentsApproved: 1, MessagesQuarantined: 1 });
});

test('and so is what comes in a later batch', async () => {
  const processor = holding();
  await processor.deliver(message(1));
  await processor.deliver(message(2));
  expect(processor.deadLetters.parked).toEqual([{ messageId: 'm2', behind: 'tx-1' }]);
});

test('the eldest goes when it comes again, the next after it, and with the last the hold ends', async () => {
  const processor = holding();
  await processor.deliver(message(1), message(2), message(3));
  processor.store.records.delete('tx-1'); // as a redrive leaves it to be tried again
  processor.fraudApi.answer('tx-1', decided('decline'));
  await processor.deliver(message(1), message(2));
  expect([waiting(processor), processor.held.accounts]).toEqual([['tx-3'], ['alice']]);
  await processor.deliver(message(4), message(3));
  expect(processor.deadLetters.parked.map(({ messageId }) => messageId)).toEqual(['m2', 'm3', 'm4']);
  expect(waiting(processor)).toEqual(['tx-4']);
  await processor.deliver(message(4));
  expect(processor.held.accounts).toEqual([]);
  expect(processor.fraudApi.asked).toEqual(['tx-1', 'tx-1', 'tx-2', 'tx-3', 'tx-4']);
});

test('a younger one that is redriven alone is parked again, in its old place', async () => {
  const processor = holding();
  await processor.deliver(message(1), message(2), message(3));
  await processor.deliver({ ...message(3), sequenceNumber: '12', messageId: 'm12' });
  expect(processor.deadLetters.parked.at(-1)).toEqual({ messageId: 'm12', behind: 'tx-1' });
  expect(processor.held.read('alice').map(({ sequenceNumber }) => sequenceNumber)).toEqual(['1', '2', '3']);
});

test('a redelivery of what has come to its end is a duplicate, whoever waits', async () => {
  const processor = holding();
  processor.fraudApi.answer('tx-1', decided('approve'));
  processor.fraudApi.answer('tx-2', REFUSED);
  await processor.deliver(message(1), message(2));
  expect((await processor.deliver(message(1, 2), message(2, 2))).handedBack).toEqual([]);
  expect([processor.deadLetters.parked, waiting(processor)]).toEqual([[], ['tx-2']]);
  expect(processor.count('DuplicatesIgnored')).toBe(2);
});

test('a payment that is parked while its record is open is claimed first: a late write of its former owner meets a new fence', async () => {
  const processor = holding();
  await processor.deliver(message(1));
  processor.store.put(aRecord(aPayment({ transaction_id: 'tx-2' }), { attempts: 2 }));
  await processor.deliver(message(2, 3));
  expect(processor.store.record('tx-2')).toMatchObject({ payment_status: 'PROCESSING', attempts: 3 });
  expect(processor.deadLetters.parked).toEqual([{ messageId: 'm2', behind: 'tx-1' }]);
  const late = { transactionId: 'tx-2', fence: 2, entry: anEntry({ status: 'APPROVED', attempt: 2 }) };
  expect(await processor.store.transition(late)).toBe(false);
});

test('a conflicting payment that was parked is refused in its turn, and waits no more', async () => {
  const processor = holding();
  processor.store.put();
  await processor.deliver(aMessage({ transaction_id: 'tx-0' }, { sequenceNumber: '0', messageId: 'm0' }));
  const conflict = aMessage({ ...aPayment({ transaction_id: 'tx-0', amount: 7 }) }, { sequenceNumber: '2', messageId: 'm2' });
  await processor.deliver(message(1), conflict);
  expect(processor.deadLetters.sent.at(-1)).toMatchObject({ messageId: 'm2', failure: 'CONFLICTING_TRANSACTION' });
  expect(waiting(processor)).toEqual(['tx-1']);
});

test('what is no payment waits for nobody, and nobody for it', async () => {
  const processor = holding();
  const invalid = aMessage({ body: '{}', messageId: 'm0' });
  await processor.deliver(invalid, message(2));
  expect(processor.store.record('tx-2').payment_status).toBe('APPROVED');
  await processor.deliver(message(1), invalid);
  expect(processor.deadLetters.parked).toEqual([]);
});

test("with 'continue' no account is ever held", async () => {
  const processor = new Processor();
  processor.fraudApi.answer('tx-1', REFUSED);
  await processor.deliver(message(1), message(2));
  expect(processor.held.accounts).toEqual([]);
  expect(processor.store.record('tx-2').payment_status).toBe('APPROVED');
});
