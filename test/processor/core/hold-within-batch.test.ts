import { anEntry, aPayment, aRecord } from '../../../tools/kit/payments/payments';
import { hold, holding, message, redrive, REFUSED_RECORD, waiting } from '../../../tools/kit/cores/holding';
import { decided, Processor } from '../../../tools/kit/cores/processor';

/* What an invocation knows of a hold during its batch, and what it lifts. */

test('behind a payment whose hold ends while it is being parked, the batch finds no hold', async () => {
  const processor = holding();
  await processor.deliver(message(1));
  processor.store.beforeNext('insert', () => {
    processor.held.lift('alice', processor.held.read('alice')[0]!);
  });
  await processor.deliver(message(2), message(3));
  expect(processor.store.record('tx-3').history.map(({ status, reason }) => [status, reason])).toEqual([
    ['PROCESSING', undefined],
    ['APPROVED', undefined],
  ]);
});

test('a payment that is received again behind the one that it waited for continues in the same batch', async () => {
  const processor = holding();
  await processor.deliver(message(1), message(2));
  processor.fraudApi.answer('tx-1', decided('approve'));
  redrive(processor, 'tx-1', 'tx-2');
  const lifts = jest.spyOn(processor.held, 'lift');
  await processor.deliver(message(2), message(1), { ...message(2), messageId: 'm2 again' }, message(3));
  expect(processor.deadLetters.parked).toEqual([
    { messageId: 'm2', behind: 'tx-1' },
    { messageId: 'm2', behind: 'tx-1' },
  ]);
  expect([processor.store.record('tx-2').payment_status, processor.held.accounts]).toEqual(['APPROVED', []]);
  expect(lifts.mock.calls.map(([, { transactionId }]) => transactionId)).toEqual(['tx-1', 'tx-2']);
});

test('a hold that another invocation begins during a batch is seen by the payments behind the one that failed there', async () => {
  const processor = holding();
  processor.store.beforeNext('insert', () => {
    processor.store.put(
      aRecord(aPayment({ transaction_id: 'tx-1' }), {
        ...REFUSED_RECORD,
        dead_lettered_at: '2026-01-02T03:01:00.000Z',
      }),
    );
    hold(processor, 1);
  });
  await processor.deliver(message(1), message(2));
  expect(processor.deadLetters.parked).toEqual([{ messageId: 'm2', behind: 'tx-1' }]);
});

test('and so is the end of the blocking payment, though its invocation died before it lifted the hold', async () => {
  const processor = holding();
  await processor.deliver(message(1));
  processor.store.put(
    aRecord(aPayment({ transaction_id: 'tx-9' }), { ...REFUSED_RECORD, dead_lettered_at: '2026-01-02T03:01:00.000Z' }),
  );
  processor.store.beforeNext('insert', () => {
    processor.store.put(aRecord(aPayment({ transaction_id: 'tx-1' }), { payment_status: 'APPROVED' }));
  });
  await processor.deliver(message(2), message(9), message(3));
  expect(processor.deadLetters.parked).toEqual([
    { messageId: 'm2', behind: 'tx-1' },
    { messageId: 'm3', behind: 'tx-2' },
  ]);
});

test('an older payment that is parked comes first in the hold: the payments behind it in the batch wait for it', async () => {
  const processor = holding();
  hold(processor, 5);
  processor.store.put(aRecord(aPayment({ transaction_id: 'tx-5' }), REFUSED_RECORD));
  await processor.deliver(message(2), message(6));
  expect(processor.deadLetters.parked).toEqual([
    { messageId: 'm2', behind: 'tx-5' },
    { messageId: 'm6', behind: 'tx-2' },
  ]);
});

test('a batch reads a hold once, and the blocking record once', async () => {
  const processor = holding();
  await processor.deliver(message(1));
  processor.store.calls.length = 0;
  const reads = jest.spyOn(processor.held, 'read');
  await processor.deliver(...[2, 3, 4, 5, 6].map((number) => message(number)));
  expect([reads.mock.calls, processor.store.calls]).toEqual([
    [['alice']],
    ['read', ...Array.from({ length: 5 }, () => 'insert')],
  ]);
});

test("with 'continue' a payment that has never failed costs no read of a hold", async () => {
  const processor = new Processor();
  const reads = jest.spyOn(processor.held, 'read');
  await processor.deliver(message(1), message(2));
  await processor.deliver(message(1, 2));
  expect(reads).not.toHaveBeenCalled();
});

test("with 'continue', a payment that ends without an entry of its own leaves those of others in the hold", async () => {
  const processor = new Processor();
  hold(processor, 5);
  processor.store.put(aRecord(aPayment({ transaction_id: 'tx-2' }), REFUSED_RECORD));
  redrive(processor, 'tx-2');
  expect((await processor.deliver(message(2))).returned).toEqual([]);
  expect([processor.store.record('tx-2').payment_status, waiting(processor)]).toEqual(['APPROVED', ['tx-5']]);
});

describe.each(['hold', 'continue'] as const)(
  "with '%s', a hold that an invocation died before lifting",
  (onFailedPayment) => {
    const history = [anEntry(), anEntry({ status: 'FAILED' }), anEntry({ attempt: 2, reason: 'redriven' })];
    const open = aRecord(aPayment({ transaction_id: 'tx-1' }), { attempts: 2, history });
    const approved = aRecord(aPayment({ transaction_id: 'tx-1' }), {
      payment_status: 'APPROVED',
      attempts: 2,
      history: [...history, anEntry({ status: 'APPROVED', attempt: 2 })],
    });

    test('is lifted by a redelivery of the decided payment', async () => {
      const processor = new Processor({ onFailedPayment });
      hold(processor, 1);
      processor.store.put(approved);
      await processor.deliver(message(1, 2));
      expect([processor.held.accounts, processor.count('DuplicatesIgnored')]).toEqual([[], 1]);
    });

    test('is lifted by a delivery that finds the payment decided when it takes it over', async () => {
      const processor = new Processor({ onFailedPayment });
      hold(processor, 1);
      processor.store.put(open);
      processor.store.beforeNext('transition', () => {
        processor.store.put(approved);
      });
      await processor.deliver(message(1, 2));
      expect([processor.held.accounts, processor.fraudApi.called]).toEqual([[], []]);
    });

    test('of a conflicting payment, as earlier versions parked it, is lifted when that is quarantined', async () => {
      const processor = new Processor({ onFailedPayment });
      hold(processor, 1);
      processor.store.put(aRecord(aPayment({ transaction_id: 'tx-1', amount: 7 }), { payment_status: 'APPROVED' }));
      await processor.deliver(message(1));
      expect([processor.held.accounts, processor.deadLetters.sent]).toMatchObject([
        [],
        [{ failure: 'CONFLICTING_TRANSACTION' }],
      ]);
    });
  },
);

test('the account is held before the copy is sent', async () => {
  const processor = holding();
  processor.deadLetters.failNext();
  expect((await processor.deliver(message(1), message(2))).returned).toEqual(['m1', 'm2']);
  expect(waiting(processor)).toEqual(['tx-1']);
});
