import { aBody, aMessage, aRecord } from '../../../tools/kit/payments/payments';
import { Processor } from '../../../tools/kit/cores/processor';

const POISON = {
  INVALID_JSON: '{"schema_version":1,',
  INVALID_PAYMENT: aBody({ amount: '0' }),
  CARD_NUMBER: aBody({ reference: '"4111 1111 1111 1111"' }),
  MESSAGE_GROUP_MISMATCH: aBody({ account_id: '"mallory"' }),
};

test.each(Object.entries(POISON))(
  '%s goes to the dead-letter queue at once, and the table is not touched',
  async (failure, body) => {
    const processor = new Processor();
    const delivery = await processor.deliver(
      aMessage({ body, messageId: 'poison' }),
      aMessage({ transaction_id: 'next' }),
    );
    expect(delivery.returned).toEqual([]);
    expect(processor.deadLetters.sent).toEqual([{ messageId: 'poison', groupId: 'alice', failure }]);
    expect(processor.deadLetters.attempts).toEqual([0]);
    expect([...processor.store.records.keys()]).toEqual(['next']);
    expect(processor.store.writes).toBe(2);
    expect(processor.fraudApi.called).toEqual(['next']);
    expect(processor.telemetry.counts).toEqual({ MessagesQuarantined: 1, PaymentsProcessed: 1, PaymentsApproved: 1 });
  },
);

test.each(Object.entries(POISON))(
  "%s: its transaction id's record, if there is one, stays as it is",
  async (_failure, body) => {
    const processor = new Processor();
    const record = aRecord();
    processor.store.put(record);
    await processor.deliver(aMessage({ body, messageId: 'poison' }));
    expect(processor.store.record('tx-1')).toEqual(record);
    expect(processor.store.calls).toEqual([]);
  },
);

test('the corrected successor of an invalid message is processed under the same id', async () => {
  const processor = new Processor();
  await processor.deliver(aMessage({ body: POISON.INVALID_PAYMENT, messageId: 'poison' }));
  await processor.deliver(aMessage());
  expect(processor.store.record('tx-1').payment_status).toBe('APPROVED');
});

test('when the dead-letter queue refuses it, it returns to the queue with its followers, and is quarantined the next time', async () => {
  const processor = new Processor();
  const poison = aMessage({ body: '?', messageId: 'poison' });
  const next = aMessage({ transaction_id: 'next' });
  processor.deadLetters.failNext();
  expect((await processor.deliver(poison, next)).returned).toEqual(['poison', 'next']);
  expect(processor.telemetry.counts).toEqual({ PaymentsRetried: 2 });
  expect(processor.telemetry.logs).toContainEqual(
    expect.objectContaining({ message_id: 'poison', error_code: 'DeadLetterError.Throttled' }),
  );
  expect((await processor.deliver(poison, next)).returned).toEqual([]);
  expect(processor.deadLetters.sent).toHaveLength(1);
});

test('the logs hold nothing of the body', async () => {
  const processor = new Processor();
  const poison = Object.entries(POISON).map(([failure, body]) => aMessage({ body, messageId: `message ${failure}` }));
  await processor.deliver(...poison, aMessage({ reference: 'rent', metadata: { invoice: '42' } }));
  expect(processor.telemetry.logs).toEqual([
    ...Object.keys(POISON).map((failure) => ({
      event: 'Message quarantined',
      message_id: `message ${failure}`,
      error_code: failure,
    })),
    {
      event: 'Payment decided',
      transaction_id: 'tx-1',
      account_hash: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      status: 'APPROVED',
      history_hash: processor.store.record('tx-1').history.at(-1)!.hash,
    },
  ]);
});
