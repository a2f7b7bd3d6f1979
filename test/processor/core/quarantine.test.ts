import type { FailedRecord } from '../../../src/contract';
import type { MemoryStore } from '../../../tools/kit/cores/memory-store';
import { aMessage, aPayment, aRecord } from '../../../tools/kit/payments/payments';
import { Processor, REFUSED, unavailable, NOT_CALLED } from '../../../tools/kit/cores/processor';
import { hashOf } from '../../../tools/kit/cores/telemetry';

const FOLLOWER = aMessage({ transaction_id: 'follower' });

describe('a payment that the fraud API refuses permanently', () => {
  test('is failed, copied, noted and acknowledged in this order, on its first receive', async () => {
    const processor = new Processor();
    const steps: string[] = [];
    const noteState = () =>
      steps.push(`${processor.store.record('tx-1').payment_status}, ${processor.deadLetters.sent.length} sent`);
    processor.store.beforeNext('transition', noteState);
    processor.store.beforeNext('markDeadLettered', noteState);
    processor.fraudApi.answer('tx-1', REFUSED);

    expect((await processor.deliver(aMessage())).returned).toEqual([]);

    expect(steps).toEqual(['PROCESSING, 0 sent', 'FAILED, 1 sent']);
    expect(processor.deadLetters.sent).toEqual([
      { messageId: 'tx-1', groupId: 'alice', failure: 'FRAUD_CHECK_REFUSED' },
    ]);
    expect(processor.store.record('tx-1')).toMatchObject({
      payment_status: 'FAILED',
      failure_code: 'FRAUD_CHECK_REFUSED',
      failure_message: 'The fraud API refused the payment permanently: HTTP 422.',
      dead_lettered_at: '2026-01-02T03:04:05.678Z',
    });
    expect(processor.store.record('tx-1').history.map(({ status }) => status)).toEqual(['PROCESSING', 'FAILED']);
    expect(processor.telemetry.counts).toEqual({ PaymentsProcessed: 1, PaymentsFailed: 1, MessagesQuarantined: 1 });
    expect(processor.telemetry.logs).toEqual([
      expect.objectContaining({
        transaction_id: 'tx-1',
        account_hash: hashOf('alice'),
        status: 'FAILED',
        error_code: 'FRAUD_CHECK_REFUSED',
        failure_message: 'The fraud API refused the payment permanently: HTTP 422.',
      }),
    ]);
  });

  test("does not hold its account's next ones up", async () => {
    const processor = new Processor();
    processor.fraudApi.answer('tx-1', REFUSED);
    expect((await processor.deliver(aMessage(), FOLLOWER)).returned).toEqual([]);
    expect(processor.store.record('follower').payment_status).toBe('APPROVED');
  });
});

describe('a payment without a decision', () => {
  test.each([1, 2])('is returned to the queue on receive %i of 3, with its follower', async (receiveCount) => {
    const processor = new Processor();
    processor.fraudApi.answer('tx-1', unavailable(0));
    expect((await processor.deliver(aMessage({}, { receiveCount }), FOLLOWER)).returned).toEqual(['tx-1', 'follower']);
    expect(processor.store.record('tx-1').payment_status).toBe('PROCESSING');
    expect(processor.deadLetters.sent).toEqual([]);
    expect(processor.fraudApi.called).toEqual(['tx-1']);
    expect(processor.fraudApi.calls[0]?.limits.lastReceive).toBe(false);
    const told = {
      message_id: 'tx-1',
      messages: 2,
      receive_count: receiveCount,
      error_code: 'FRAUD_CHECK_UNAVAILABLE',
      cause: 'HTTP 503',
    };
    expect(processor.telemetry.logs).toEqual([expect.objectContaining(told)]);
  });

  test.each([3, 4])('is failed on receive %i of 3, and its follower continues', async (receiveCount) => {
    const processor = new Processor();
    processor.fraudApi.answer('tx-1', unavailable(0));
    expect((await processor.deliver(aMessage({}, { receiveCount }), FOLLOWER)).returned).toEqual([]);
    expect(processor.fraudApi.calls[0]?.limits.lastReceive).toBe(true);
    expect(processor.store.record('tx-1')).toMatchObject({
      payment_status: 'FAILED',
      failure_code: 'FRAUD_CHECK_UNAVAILABLE',
      failure_message: `The fraud API brought no decision in ${receiveCount} receives; the last call: HTTP 503.`,
    });
    expect(processor.deadLetters.sent).toMatchObject([{ messageId: 'tx-1', failure: 'FRAUD_CHECK_UNAVAILABLE' }]);
    expect(processor.store.record('follower').payment_status).toBe('APPROVED');
  });

  test('is returned to the queue even on its last receive when it had no call of its own', async () => {
    const processor = new Processor();
    processor.fraudApi.answer('tx-1', NOT_CALLED);
    expect((await processor.deliver(aMessage({}, { receiveCount: 3 }))).returned).toEqual(['tx-1']);
    expect(processor.store.record('tx-1').payment_status).toBe('PROCESSING');
    expect(processor.deadLetters.sent).toEqual([]);
  });
});

describe('a redelivery finishes an interrupted quarantine [G7]', () => {
  type Breaks = (processor: Processor) => void;
  const store =
    (operation: Parameters<MemoryStore['failNext']>[0], fault: Parameters<MemoryStore['failNext']>[1]): Breaks =>
    ({ store: memory }) => {
      memory.failNext(operation, fault);
    };

  test.each<[string, Breaks, { copiesAfterBreak: number; copies: number }]>([
    ['before the record is FAILED', store('transition', 'refused'), { copiesAfterBreak: 0, copies: 1 }],
    ['after the record is FAILED', store('transition', 'written but no answer'), { copiesAfterBreak: 0, copies: 1 }],
    [
      'before the copy is sent',
      ({ deadLetters }) => {
        deadLetters.failNext();
      },
      { copiesAfterBreak: 0, copies: 1 },
    ],
    [
      'after the copy is sent',
      ({ deadLetters }) => {
        deadLetters.failNext('sent but no answer');
      },
      { copiesAfterBreak: 1, copies: 2 },
    ],
    ['before the copy is noted', store('markDeadLettered', 'refused'), { copiesAfterBreak: 1, copies: 2 }],
    ['after the copy is noted', store('markDeadLettered', 'written but no answer'), { copiesAfterBreak: 1, copies: 1 }],
  ])('%s', async (_name, breaks, { copiesAfterBreak, copies }) => {
    const processor = new Processor();
    processor.fraudApi.answer('tx-1', REFUSED);
    breaks(processor);

    const broken = await processor.deliver(aMessage(), FOLLOWER);
    expect(broken.returned).toEqual(['tx-1', 'follower']);
    expect(processor.deadLetters.sent).toHaveLength(copiesAfterBreak);
    const counted = processor.count('PaymentsFailed');

    const redelivered = await processor.deliver(aMessage({}, { receiveCount: 2 }), { ...FOLLOWER, receiveCount: 2 });
    expect(redelivered.returned).toEqual([]);
    expect(processor.store.record('tx-1')).toMatchObject({
      payment_status: 'FAILED',
      failure_code: 'FRAUD_CHECK_REFUSED',
      dead_lettered_at: '2026-01-02T03:04:05.678Z',
    });
    expect(processor.store.record('tx-1').history.filter(({ status }) => status === 'FAILED')).toHaveLength(1);
    expect(processor.deadLetters.sent).toEqual(
      Array.from({ length: copies }, () => ({ messageId: 'tx-1', groupId: 'alice', failure: 'FRAUD_CHECK_REFUSED' })),
    );
    expect(counted + processor.count('PaymentsFailed')).toBeLessThanOrEqual(1);
    expect(processor.store.record('follower').payment_status).toBe('APPROVED');
  });

  test('by its own lost write: FAILED was ours, so the copy is sent at once', async () => {
    const processor = new Processor();
    processor.fraudApi.answer('tx-1', REFUSED);
    processor.store.failNext('transition', 'written twice');
    processor.store.failNext('markDeadLettered', 'written twice');
    expect((await processor.deliver(aMessage())).returned).toEqual([]);
    expect(processor.deadLetters.sent).toHaveLength(1);
    expect(processor.store.record('tx-1')).toHaveProperty('dead_lettered_at');
  });

  test('of a record without a failure code: the copy gets the code with which a redrive sends it again', async () => {
    const processor = new Processor();
    processor.store.put(aRecord(aPayment(), { payment_status: 'FAILED' }));
    expect((await processor.deliver(aMessage())).returned).toEqual([]);
    expect(processor.deadLetters.sent).toEqual([
      { messageId: 'tx-1', groupId: 'alice', failure: 'FRAUD_CHECK_UNAVAILABLE' },
    ]);
  });

  test('while another delivery finishes it too: both acknowledge, one counts it', async () => {
    const processor = new Processor();
    const failed = aRecord(aPayment(), { payment_status: 'FAILED', failure_code: 'FRAUD_CHECK_REFUSED' });
    processor.store.put(failed);
    processor.store.beforeNext('markDeadLettered', () => {
      processor.store.put({ ...failed, dead_lettered_at: '2026-01-02T03:00:02.000Z' } as FailedRecord);
    });
    expect((await processor.deliver(aMessage())).returned).toEqual([]);
    expect(processor.store.record('tx-1').dead_lettered_at).toBe('2026-01-02T03:00:02.000Z');
    expect(processor.count('MessagesQuarantined')).toBe(0);
  });
});

test('a message that fails once more after its copy was redriven gets another copy, which SQS does not take for the first', async () => {
  const processor = new Processor();
  processor.fraudApi.answer('tx-1', REFUSED);
  processor.store.failNext('markDeadLettered');
  expect((await processor.deliver(aMessage())).returned).toEqual(['tx-1']);
  processor.store.put(aRecord(aPayment(), { attempts: 2 })); // the redrive's
  expect((await processor.deliver(aMessage({}, { receiveCount: 2 }))).returned).toEqual([]);
  expect(processor.deadLetters.attempts).toEqual([1, 3]);
});

describe("a failed payment's copy that SQS's own redrive has moved back", () => {
  const failed = aRecord(aPayment(), {
    payment_status: 'FAILED',
    failure_code: 'FRAUD_CHECK_REFUSED',
    dead_lettered_at: '2026-01-02T03:00:01.000Z',
  });
  const copy = aMessage({}, { isDeadLetterCopy: true, messageId: 'moved' });

  test('returns to the dead-letter queue, as only a redrive of ours opens it again', async () => {
    const processor = new Processor();
    processor.store.put(failed);
    expect((await processor.deliver(copy)).returned).toEqual([]);
    expect(processor.deadLetters.sent).toEqual([
      { messageId: 'moved', groupId: 'alice', failure: 'FRAUD_CHECK_REFUSED' },
    ]);
    expect([processor.store.record('tx-1'), processor.fraudApi.called, processor.telemetry.counts]).toEqual([
      failed,
      [],
      {},
    ]);
  });

  test('is returned to the queue when the dead-letter queue refuses it', async () => {
    const processor = new Processor();
    processor.store.put(failed);
    processor.deadLetters.failNext();
    expect((await processor.deliver(copy)).returned).toEqual(['moved']);
  });

  test('while a redelivery of its original is a duplicate', async () => {
    const processor = new Processor();
    processor.store.put(failed);
    await processor.deliver(aMessage());
    expect([processor.deadLetters.sent, processor.count('DuplicatesIgnored')]).toEqual([[], 1]);
  });
});
