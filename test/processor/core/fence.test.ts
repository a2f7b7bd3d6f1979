import type { PaymentRecord, PaymentStatus } from '../../../src/contract';
import { aMessage, aPayment, aRecord, type RecordChanges } from '../../../tools/kit/payments/payments';
import { decided, Processor, REFUSED, unavailable } from '../../../tools/kit/cores/processor';

/** Another invocation takes our payment over while its check runs, and leaves the record like this. */
function overtakenDuringCheck(processor: Processor, fields: RecordChanges, check = decided('approve')): PaymentRecord {
  const others = aRecord(aPayment(), { attempts: 2, ...fields });
  processor.fraudApi.answer('tx-1', () => {
    processor.store.put(others);
    return check;
  });
  return others;
}

const LAST_RECEIVE = { receiveCount: 3 };

describe.each([
  ['decides', decided('approve')],
  ['fails the payment', REFUSED],
  ['fails the payment on its last receive', unavailable(0)],
])('the former owner %s too late', (_name, check) => {
  test('while the new owner works: nothing is written, the message returns to the queue, its visibility is not changed', async () => {
    const processor = new Processor();
    const others = overtakenDuringCheck(processor, {}, check);
    const delivery = await processor.deliver(aMessage({}, LAST_RECEIVE));
    expect(processor.store.record('tx-1')).toEqual(others);
    expect(processor.deadLetters.sent).toEqual([]);
    expect([delivery.returned, delivery.retryDelays]).toEqual([['tx-1'], {}]);
    expect(processor.telemetry.counts).toEqual({ PaymentsRetried: 1 });
    expect(processor.telemetry.logs).toEqual([
      expect.objectContaining({ message_id: 'tx-1', error_code: 'FENCE_LOST' }),
    ]);
  });

  test.each(['APPROVED', 'DECLINED', 'REVIEW'] as const)(
    'after the new owner made it %s: acknowledged, not counted',
    async (payment_status) => {
      const processor = new Processor();
      const others = overtakenDuringCheck(processor, { payment_status }, check);
      expect((await processor.deliver(aMessage({}, LAST_RECEIVE))).returned).toEqual([]);
      expect(processor.store.record('tx-1')).toEqual(others);
      expect(processor.telemetry.logs).toEqual([]);
      expect(processor.deadLetters.sent).toEqual([]);
      expect(processor.telemetry.counts).toEqual({});
    },
  );

  test('after the new owner made it FAILED: the message returns to the queue, as its quarantine may be unfinished', async () => {
    const processor = new Processor();
    const others = overtakenDuringCheck(processor, { payment_status: 'FAILED' }, check);
    const delivery = await processor.deliver(aMessage({}, LAST_RECEIVE));
    expect([delivery.returned, delivery.retryDelays]).toEqual([['tx-1'], {}]);
    expect(processor.store.record('tx-1')).toEqual(others);
    expect(processor.deadLetters.sent).toEqual([]);
  });
});

describe('two invocations take over the same payment at once: the slower one', () => {
  test.each<[PaymentStatus, string[]]>([
    ['PROCESSING', ['tx-1']],
    ['APPROVED', []],
    ['FAILED', ['tx-1']],
  ])('finds it %s and makes no check', async (payment_status, returned) => {
    const processor = new Processor();
    const others = aRecord(aPayment(), { attempts: 2, payment_status });
    processor.store.put(aRecord());
    processor.store.beforeNext('transition', () => {
      processor.store.put(others);
    });
    const delivery = await processor.deliver(aMessage());
    expect([delivery.returned, delivery.retryDelays]).toEqual([returned, {}]);
    expect(processor.store.record('tx-1')).toEqual(others);
    expect(processor.fraudApi.called).toEqual([]);
  });
});

test.each(['claim', 'decision'] as const)(
  'a record that vanishes before our %s is not ours any more',
  async (write) => {
    const processor = new Processor();
    if (write === 'claim') processor.store.put(aRecord());
    processor.store.beforeNext('transition', () => {
      processor.store.records.delete('tx-1');
    });
    const delivery = await processor.deliver(aMessage());
    expect([delivery.returned, delivery.retryDelays]).toEqual([['tx-1'], {}]);
    expect(processor.telemetry.logs).toEqual([
      expect.objectContaining({ message_id: 'tx-1', error_code: 'FENCE_LOST' }),
    ]);
  },
);

test('a record with our number of attempts, but not PROCESSING, is not ours either', async () => {
  const processor = new Processor();
  const others = overtakenDuringCheck(processor, { attempts: 1, payment_status: 'FAILED' });
  await processor.deliver(aMessage());
  expect(processor.store.record('tx-1')).toEqual(others);
});

test("the account's followers return with it, unchecked and with their visibility untouched; other accounts continue", async () => {
  const processor = new Processor();
  overtakenDuringCheck(processor, {});
  const delivery = await processor.deliver(
    aMessage(),
    aMessage({ transaction_id: 'tx-2' }),
    aMessage({ transaction_id: 'tx-3', account_id: 'carol' }),
  );
  expect([delivery.returned, delivery.retryDelays]).toEqual([['tx-1', 'tx-2'], {}]);
  expect(processor.fraudApi.called.sort()).toEqual(['tx-1', 'tx-3']);
  expect(processor.store.record('tx-3').payment_status).toBe('APPROVED');
});

test('two processors, one message, at the same time: one decision [G5]', async () => {
  const one = new Processor();
  const other = new Processor({}, one.store, 'request-of-other');
  one.fraudApi.answer('tx-1', async () => {
    expect((await other.deliver(aMessage({}, { receiveCount: 2 }))).returned).toEqual([]);
    return decided('decline');
  });
  expect((await one.deliver(aMessage())).returned).toEqual([]);
  expect(one.store.record('tx-1')).toMatchObject({ payment_status: 'APPROVED', attempts: 2 });
  expect(one.store.record('tx-1').history.map(({ status }) => status)).toEqual([
    'PROCESSING',
    'PROCESSING',
    'APPROVED',
  ]);
  expect([one.count('PaymentsProcessed'), other.count('PaymentsProcessed')]).toEqual([0, 1]);
});
