import { aMessage, anEntry, aPayment, aRecord } from '../../../tools/kit/payments/payments';
import { decided, Processor, NOT_CALLED } from '../../../tools/kit/cores/processor';

describe("our own write, whose answer was lost, is found by the client's retry and is ours", () => {
  test('when claiming', async () => {
    const processor = new Processor();
    processor.store.failNext('insert', 'written twice');
    await processor.deliver(aMessage());
    expect(processor.store.record('tx-1')).toMatchObject({ payment_status: 'APPROVED', attempts: 1 });
    expect(processor.store.record('tx-1').history).toHaveLength(2);
  });

  test('when taking over', async () => {
    const processor = new Processor();
    processor.store.put(aRecord());
    processor.store.failNext('transition', 'written twice');
    await processor.deliver(aMessage());
    expect(processor.store.record('tx-1')).toMatchObject({ payment_status: 'APPROVED', attempts: 2 });
    expect(processor.store.record('tx-1').history.map(({ status }) => status)).toEqual([
      'PROCESSING',
      'PROCESSING',
      'APPROVED',
    ]);
  });

  test('when deciding: and it is counted', async () => {
    const processor = new Processor();
    processor.store.failNext('transition', 'written twice');
    expect((await processor.deliver(aMessage())).returned).toEqual([]);
    expect(processor.telemetry.counts).toEqual({ PaymentsProcessed: 1, PaymentsApproved: 1 });
  });

  test('but a claim of another invocation is not', async () => {
    const processor = new Processor();
    processor.fraudApi.answer('tx-1', NOT_CALLED, decided('approve'));
    await processor.deliver(aMessage());
    await processor.deliver(aMessage({}, { receiveCount: 2 }));
    expect(processor.store.record('tx-1').attempts).toBe(2);
  });

  test('nor is one with our request id from another time', async () => {
    const processor = new Processor();
    processor.store.put(aRecord(aPayment(), { history: [anEntry({ request_id: 'request-1' })] }));
    await processor.deliver(aMessage());
    expect(processor.store.record('tx-1').attempts).toBe(2);
  });
});

describe('when the table does not answer, the message is returned to the queue', () => {
  test.each(['insert', 'read', 'transition'] as const)('to the %s', async (operation) => {
    const processor = new Processor();
    if (operation === 'read') processor.store.put(aRecord());
    processor.store.failNext(operation);
    expect((await processor.deliver(aMessage())).returned).toEqual(['tx-1']);
    expect(processor.telemetry.counts).toEqual({ PaymentsRetried: 1 });
    expect(processor.deadLetters.sent).toEqual([]);
    expect(processor.telemetry.logs).toContainEqual(
      expect.objectContaining({ message_id: 'tx-1', error_code: 'StoreError.Throttled' }),
    );
  });

  test('even on its last receive: it does not fail because of the table', async () => {
    const processor = new Processor();
    processor.store.failNext('transition');
    expect((await processor.deliver(aMessage({}, { receiveCount: 3 }))).returned).toEqual(['tx-1']);
    expect(processor.store.record('tx-1').payment_status).toBe('PROCESSING');
  });

  test('and a decision that was written nevertheless is found by the redelivery', async () => {
    const processor = new Processor();
    processor.store.failNext('transition', 'written but no answer');
    expect((await processor.deliver(aMessage())).returned).toEqual(['tx-1']);
    expect((await processor.deliver(aMessage({}, { receiveCount: 2 }))).returned).toEqual([]);
    expect(processor.fraudApi.called).toEqual(['tx-1']);
    expect(processor.store.record('tx-1').history).toHaveLength(2);
  });

  test('also when the record has vanished before it is read', async () => {
    const processor = new Processor();
    processor.store.put(aRecord());
    processor.store.beforeNext('read', () => processor.store.records.delete('tx-1'));
    expect((await processor.deliver(aMessage())).returned).toEqual(['tx-1']);
    expect(processor.fraudApi.called).toEqual([]);
    expect(processor.telemetry.logs).toContainEqual(
      expect.objectContaining({ error_code: 'StoreError.RecordVanished' }),
    );
  });
});
