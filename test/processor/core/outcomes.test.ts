import { outcomeOf } from '../../../src/contract';
import { aMessage, aPayment, aRecord } from '../../../tools/kit/payments/payments';
import { decided, MemoryOutcomeTopic, Processor, REFUSED, unavailable } from '../../../tools/kit/cores/processor';

const [first, second] = [aMessage(), aMessage({ transaction_id: 'tx-2' })];
type Publishing = Processor & { readonly outcomes: MemoryOutcomeTopic };
const publishing = () => new Processor({}, undefined, undefined, { outcomes: new MemoryOutcomeTopic() }) as Publishing;
const published = ({ outcomes }: Publishing) =>
  outcomes.published.map(({ transaction_id, status, attempt }) => `${transaction_id} ${status} ${attempt}`);

test.each(['approve', 'decline', 'review'] as const)(
  'a decision is published as its record says: %s',
  async (answer) => {
    const processor = publishing();
    processor.fraudApi.answer('tx-1', decided(answer));
    await processor.deliver(first);
    const { amount, currency, account_id } = aPayment();
    const { payment_status: status, timestamp: at } = processor.store.record('tx-1');
    expect(processor.outcomes.published).toEqual([
      { schema_version: 1, transaction_id: 'tx-1', account_id, amount, currency, status, attempt: 1, at },
    ]);
    expect(processor.count('OutcomesPublished')).toBe(1);
  },
);

test('a failure is published when its dead letter is safe, with its code', async () => {
  const processor = publishing();
  processor.fraudApi.answer('tx-1', REFUSED);
  processor.deadLetters.failNext();
  expect((await processor.deliver(first)).returned).toEqual(['tx-1']);
  expect(processor.outcomes.published).toEqual([]);
  await processor.deliver(first);
  expect(processor.outcomes.published).toEqual([
    expect.objectContaining({ status: 'FAILED', attempt: 1, failure_code: 'FRAUD_CHECK_REFUSED' }),
  ]);
});

test('what has no outcome is not published: a payment that returns to the queue, an invalid message, a conflict', async () => {
  const processor = publishing();
  processor.fraudApi.answer('tx-1', unavailable(0));
  await processor.deliver(first, aMessage({ messageId: 'invalid', body: '?' }));
  processor.store.put(aRecord(aPayment({ transaction_id: 'tx-2', amount: 7 }), { payment_status: 'APPROVED' }));
  await processor.deliver(second);
  expect(processor.outcomes.published).toEqual([]);
});

test('a payment whose outcome is not published returns to the queue, and its account waits [G14]', async () => {
  const processor = publishing();
  processor.outcomes.refuses = 1;
  const { returned } = await processor.deliver(first, second);
  expect(returned).toEqual(['tx-1', 'tx-2']);
  expect(processor.store.record('tx-1').payment_status).toBe('APPROVED');
  expect(processor.fraudApi.called).toEqual(['tx-1']);
  expect(processor.count('OutcomesFailed')).toBe(1);
  expect(processor.telemetry.logs).toContainEqual(expect.objectContaining({ error_code: 'OutcomeError.Throttled' }));
});

test('the redelivery publishes it, without another check, and then the next payment follows [G14]', async () => {
  const processor = publishing();
  processor.outcomes.refuses = 1;
  await processor.deliver(first, second);
  expect((await processor.deliver(first, second)).returned).toEqual([]);
  expect(published(processor)).toEqual(['tx-1 APPROVED 1', 'tx-2 APPROVED 1']);
  expect(processor.fraudApi.called).toEqual(['tx-1', 'tx-2']);
});

test('each repetition is the same', async () => {
  const processor = publishing();
  await processor.deliver(first);
  processor.clock.advance(60_000);
  await processor.deliver(first);
  const [one, other] = processor.outcomes.published;
  expect(other).toEqual(one);
  expect(one).toEqual(outcomeOf(processor.store.record('tx-1') as never));
});

test('a failed payment that was quarantined and not published is published by its redelivery', async () => {
  const processor = publishing();
  processor.fraudApi.answer('tx-1', REFUSED);
  processor.outcomes.refuses = 1;
  expect((await processor.deliver(first)).returned).toEqual(['tx-1']);
  await processor.deliver(first);
  expect(published(processor)).toEqual(['tx-1 FAILED 1']);
  expect(processor.deadLetters.sent).toHaveLength(1);
});
