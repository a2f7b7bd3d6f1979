import { aMessage, anEntry, aPayment, aRecord } from '../../../tools/kit/payments/payments';
import { decided, Processor } from '../../../tools/kit/cores/processor';

const FAILED = {
  payment_status: 'FAILED',
  failure_code: 'FRAUD_CHECK_REFUSED',
  history: [anEntry(), anEntry({ status: 'FAILED' })],
} as const;

describe('a payment that the table does not know', () => {
  test('is claimed, checked and decided in two writes', async () => {
    const processor = new Processor();
    const payment = aPayment({ reference: 'rent', metadata: { invoice: '42' } });
    processor.fraudApi.answer('tx-1', () => {
      expect(processor.store.record('tx-1')).toMatchObject({ payment_status: 'PROCESSING', attempts: 1 });
      processor.clock.advance(50);
      return decided('review', 0.7);
    });

    const { returned } = await processor.deliver(aMessage(payment, { sequenceNumber: '20000000000000000001' }));

    expect(returned).toEqual([]);
    expect(processor.store.calls).toEqual(['insert', 'transition']);
    const claim = {
      status: 'PROCESSING',
      at: '2026-01-02T03:04:05.678Z',
      attempt: 1,
      request_id: 'request-1',
      release_id: 'release-7',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    };
    const decision = { ...claim, status: 'REVIEW', at: '2026-01-02T03:04:05.728Z' };
    expect(processor.store.record('tx-1')).toEqual({
      transaction_id: 'tx-1',
      account_id: 'alice',
      amount: 1_050,
      currency: 'EUR',
      beneficiary_id: 'bob',
      requested_at: '2026-01-02T03:04:05Z',
      reference: 'rent',
      metadata: { invoice: '42' },
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      payment_status: 'REVIEW',
      timestamp: decision.at,
      attempts: 1,
      fraud: { decision: 'review', score: 0.7, reasons: ['because review'] },
      sequence_number: '20000000000000000001',
      history: [claim, decision],
      release_id: 'release-7',
    });
  });

  test.each([
    ['approve', 'APPROVED'],
    ['decline', 'DECLINED'],
    ['review', 'REVIEW'],
  ] as const)('ends by the decision "%s" as %s', async (decision, status) => {
    const processor = new Processor();
    processor.fraudApi.answer('tx-1', decided(decision));
    await processor.deliver(aMessage());
    expect(processor.store.record('tx-1').payment_status).toBe(status);
  });

  test('has no reference in its record when it has none', async () => {
    const processor = new Processor();
    await processor.deliver(aMessage());
    expect(processor.store.record('tx-1')).not.toHaveProperty('reference');
  });
});

describe('a delivery of a payment that has ended', () => {
  test.each(['APPROVED', 'DECLINED', 'REVIEW'] as const)(
    '%s: acknowledged, nothing written, no check',
    async (payment_status) => {
      const processor = new Processor();
      const record = aRecord(aPayment(), { payment_status });
      processor.store.put(record);
      const { returned } = await processor.deliver(aMessage());
      expect(returned).toEqual([]);
      expect(processor.store.record('tx-1')).toEqual(record);
      expect(processor.store.calls).toEqual(['insert', 'read']);
      expect(processor.fraudApi.called).toEqual([]);
      expect(processor.telemetry.counts).toEqual({ DuplicatesIgnored: 1 });
    },
  );

  test('FAILED and in the dead-letter queue: acknowledged, no second copy', async () => {
    const processor = new Processor();
    const record = aRecord(aPayment(), { ...FAILED, dead_lettered_at: '2026-01-02T03:00:01.000Z' });
    processor.store.put(record);
    expect((await processor.deliver(aMessage())).returned).toEqual([]);
    expect(processor.store.record('tx-1')).toEqual(record);
    expect(processor.deadLetters.sent).toEqual([]);
    expect(processor.telemetry.counts).toEqual({ DuplicatesIgnored: 1 });
  });

  test('the log has the last hash again, as its first line may have died with an invocation', async () => {
    const processor = new Processor();
    await processor.deliver(aMessage());
    processor.telemetry.logs.length = 0;
    await processor.deliver(aMessage());
    expect(processor.telemetry.logs).toEqual([
      expect.objectContaining({
        event: 'Duplicate ignored',
        status: 'APPROVED',
        history_hash: processor.store.record('tx-1').history.at(-1)!.hash,
      }),
    ]);
  });

  test('twice in one batch: decided once', async () => {
    const processor = new Processor();
    await processor.deliver(aMessage(), { ...aMessage(), messageId: 'again' });
    expect(processor.fraudApi.called).toEqual(['tx-1']);
    expect(processor.telemetry.counts).toEqual({ PaymentsProcessed: 1, PaymentsApproved: 1, DuplicatesIgnored: 1 });
  });
});

test('FAILED, but not known to be in the dead-letter queue: the copy is sent and noted, without a check', async () => {
  const processor = new Processor();
  const record = aRecord(aPayment(), FAILED);
  processor.store.put(record);
  expect((await processor.deliver(aMessage())).returned).toEqual([]);
  expect(processor.deadLetters.sent).toEqual([{ messageId: 'tx-1', groupId: 'alice', failure: 'FRAUD_CHECK_REFUSED' }]);
  expect(processor.store.record('tx-1')).toEqual({ ...record, dead_lettered_at: '2026-01-02T03:04:05.678Z' });
  expect(processor.fraudApi.called).toEqual([]);
  expect(processor.telemetry.counts).toEqual({ MessagesQuarantined: 1 });
});

test('PROCESSING: taken over with one attempt more, the new sequence number and an entry in the history', async () => {
  const processor = new Processor();
  processor.store.put(aRecord(aPayment(), { attempts: 4, history: [anEntry({ attempt: 4 })], sequence_number: '1' }));
  processor.fraudApi.answer('tx-1', () => {
    expect(processor.store.record('tx-1')).toMatchObject({
      payment_status: 'PROCESSING',
      attempts: 5,
      sequence_number: '2',
    });
    return decided('approve');
  });

  await processor.deliver(aMessage({}, { sequenceNumber: '2' }));

  const ours = { at: '2026-01-02T03:04:05.678Z', attempt: 5, request_id: 'request-1', release_id: 'release-7' };
  expect(processor.store.record('tx-1')).toMatchObject({
    payment_status: 'APPROVED',
    attempts: 5,
    sequence_number: '2',
    timestamp: ours.at,
    release_id: 'release-7',
    history: [anEntry({ attempt: 4 }), { ...ours, status: 'PROCESSING' }, { ...ours, status: 'APPROVED' }],
  });
});

test("another account's payment under the same id in one batch: the one that is claimed first is decided, the other is quarantined", async () => {
  const processor = new Processor();
  processor.fraudApi.answer(
    'tx-1',
    () =>
      new Promise((resolve) => {
        setImmediate(resolve, decided('approve'));
      }),
  );
  await processor.deliver(aMessage(), aMessage({ account_id: 'carol' }, { messageId: 'of carol' }));
  expect(processor.deadLetters.sent).toEqual([
    { messageId: 'of carol', groupId: 'carol', failure: 'CONFLICTING_TRANSACTION' },
  ]);
  expect(processor.fraudApi.called).toEqual(['tx-1']);
  expect(processor.store.record('tx-1')).toMatchObject({
    account_id: 'alice',
    payment_status: 'APPROVED',
    attempts: 1,
  });
});

test('another payment under the same id: the message is quarantined, the record is left alone', async () => {
  const processor = new Processor();
  for (const status of ['PROCESSING', 'APPROVED', 'FAILED'] as const) {
    const record = aRecord(aPayment({ transaction_id: status, amount: 1 }), { payment_status: status });
    processor.store.put(record);
    const { returned } = await processor.deliver(aMessage({ transaction_id: status, amount: 2 }));
    expect(returned).toEqual([]);
    expect(processor.store.record(status)).toEqual(record);
    expect(processor.deadLetters.sent.pop()).toEqual({
      messageId: status,
      groupId: 'alice',
      failure: 'CONFLICTING_TRANSACTION',
    });
    expect(processor.fraudApi.called).toEqual([]);
    expect(processor.telemetry.counts).toEqual({ MessagesQuarantined: 1 });
  }
});
