import type { PaymentOutcome } from '../../src/contract';
import { payment } from '../../tools/kit/payments/black-box-payments';
import { ProcessorBench } from '../../tools/kit/bundles/processor-bench';

let bench: ProcessorBench;
beforeAll(async () => {
  bench = await ProcessorBench.start();
  await bench.restart({ OUTCOME_TOPIC_ARN: bench.subscriber.topicArn });
});
afterAll(() => bench.close());

const idsOf = (outcomes: readonly PaymentOutcome[]) => outcomes.map(({ transaction_id }) => transaction_id);

test('a subscriber gets the outcomes of an account in their order, each as its record says [G14]', async () => {
  const payments = [1, 2, 3].map(() => payment({ account_id: 'in-order' }));
  await bench.pay(...payments.map((body) => ({ body })));
  const got = bench.subscriber.outcomes.filter(({ account_id }) => account_id === 'in-order');
  expect(idsOf(got)).toEqual(payments.map(({ transaction_id }) => transaction_id));
  const { timestamp: at, amount, currency } = (await bench.record(payments[0]!.transaction_id))!;
  expect(got[0]).toEqual({
    schema_version: 1,
    transaction_id: payments[0]!.transaction_id,
    account_id: 'in-order',
    amount,
    currency,
    status: 'APPROVED',
    attempt: 1,
    at,
  });
});

test('after a call that the topic refused, the next receive publishes, without a second check', async () => {
  const one = payment();
  bench.sns.fail('Publish', 'refused');
  const [message] = await bench.deliver({ body: one });
  expect((await bench.run([message!])).returned).toEqual([0]);
  expect(idsOf(bench.subscriber.outcomes)).not.toContain(one.transaction_id);
  expect((await bench.run([message!])).returned).toEqual([]);
  expect(idsOf(bench.subscriber.outcomes)).toContain(one.transaction_id);
  expect(bench.fraud.callsFor(one.transaction_id)).toHaveLength(1);
});
