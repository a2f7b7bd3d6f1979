import { anEntry, aPayment, aRecord } from '../../../tools/kit/payments/payments';
import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { buryFailed } from '../../../tools/kit/cores/dead-letters';

const published = ({ outcomes }: DeadLetterWorld) =>
  outcomes.map(({ transaction_id, status, attempt }) => `${transaction_id} ${status} ${attempt}`);
const OUTAGE = { accountIds: ['alice'] };
const APPROVED = {
  payment_status: 'APPROVED',
  fraud: { decision: 'approve', score: 0.1, reasons: [] },
  history: [anEntry(), anEntry({ status: 'APPROVED' })],
} as const;

test('a redrive publishes the failure before the record is PROCESSING again [G14]', async () => {
  const world = new DeadLetterWorld(1, 'topic');
  buryFailed(world, {});
  world.fail('publish an outcome');
  expect(await world.redrive()).toMatchObject({ redriven: 0, more: true, errors: { 'outcome topic: Throttled': 1 } });
  expect(world.record('tx-1')).toMatchObject({ payment_status: 'FAILED', attempts: 3 });
  world.clock.advance(180_000);
  expect(await world.redrive()).toMatchObject({ redriven: 1 });
  expect(published(world)).toEqual(['tx-1 FAILED 3']);
});

test('a discard of a payment without an outcome publishes its failure, and keeps the dead letter until then', async () => {
  const world = new DeadLetterWorld(1, 'topic');
  const payment = aPayment();
  world.records.put(aRecord(payment, { attempts: 2 }));
  world.bury(payment);
  world.fail('publish an outcome');
  expect(await world.discard()).toMatchObject({ discarded: 0, more: true });
  expect(world.deadLetters.messages).toHaveLength(1);
  world.clock.advance(180_000);
  expect(await world.discard()).toMatchObject({ discarded: 1 });
  expect(world.deadLetters.messages).toEqual([]);
  const { timestamp: at } = world.record('tx-1');
  expect(world.outcomes).toEqual([
    expect.objectContaining({ status: 'FAILED', attempt: 2, at, failure_code: 'DISCARDED' }),
  ]);
});

test('a discard of a failed payment repeats its failure as it was', async () => {
  const world = new DeadLetterWorld(1, 'topic');
  buryFailed(world, {});
  const { timestamp: at } = world.record('tx-1');
  await world.discard();
  expect(world.outcomes).toEqual([
    expect.objectContaining({ status: 'FAILED', attempt: 3, at, failure_code: 'FRAUD_CHECK_UNAVAILABLE' }),
  ]);
});

test('a payment that was never claimed has the attempt 0', async () => {
  const world = new DeadLetterWorld(1, 'topic');
  world.bury(aPayment());
  await world.discard();
  expect(published(world)).toEqual(['tx-1 FAILED 0']);
});

test.each(['redrive', 'discard'] as const)(
  'the copy of a decided payment is deleted after its outcome: %s',
  async (action) => {
    const world = new DeadLetterWorld(1, 'topic');
    const payment = aPayment();
    world.records.put(aRecord(payment, APPROVED));
    world.bury(payment);
    world.fail('publish an outcome');
    expect(await world[action]()).toMatchObject({ settled: 0, more: true });
    world.clock.advance(180_000);
    expect(await world[action]()).toMatchObject({ settled: 1 });
    expect(published(world)).toEqual(['tx-1 APPROVED 1']);
  },
);

test.each(['redrive', 'discard'] as const)(
  '%s by id repeats the outcome of a payment without a dead letter',
  async (action) => {
    const world = new DeadLetterWorld(1, 'topic');
    world.records.put(aRecord(aPayment(), APPROVED));
    expect(await world[action]({ transactionIds: ['tx-1'] })).toMatchObject({ notFound: ['tx-1'] });
    expect(published(world)).toEqual(['tx-1 APPROVED 1']);
  },
);

test.each(['redrive', 'discard'] as const)('a dry run publishes nothing: %s', async (action) => {
  const world = new DeadLetterWorld(1, 'topic');
  buryFailed(world, {});
  await world[action]({ ...OUTAGE, dryRun: true });
  expect(world.outcomes).toEqual([]);
});

test('a review whose outcome cannot be published is resolved, says so, and publishes when the event is repeated', async () => {
  const world = new DeadLetterWorld(1, 'topic');
  const fraud = { decision: 'review', score: 0.7, reasons: [] } as const;
  world.records.put(aRecord(aPayment(), { payment_status: 'REVIEW', fraud, history: [anEntry({ status: 'REVIEW' })] }));
  world.fail('publish an outcome', 'refused', { spared: 1 }); // not the review's, but the decision's
  const event = { transactionIds: ['tx-1'], decision: 'approve' };
  const error = { errors: { 'outcome topic: Throttled': 1 }, more: true };
  expect(await world.resolve(event)).toMatchObject({ resolved: 1, ids: { resolved: ['tx-1'] }, ...error });
  expect(world.metrics).toEqual([['ReviewsResolved', 1]]);
  expect(published(world)).toEqual(['tx-1 REVIEW 1']);
  expect(await world.resolve(event)).toMatchObject({ resolved: 0, resolvedBefore: 1, errors: {} });
  expect(published(world).at(-1)).toBe('tx-1 APPROVED 1');
});
