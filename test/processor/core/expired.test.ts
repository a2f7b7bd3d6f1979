import { DeadLetterWorld } from '../../../tools/kit/cores/dead-letter-world';
import { Processor, unavailable } from '../../../tools/kit/cores/processor';
import { aMessage, aPayment, aRecord } from '../../../tools/kit/payments/payments';

/** The clock of the tests stands at 2026-01-02T03:04:05.678Z. */
const OLD = aPayment({ requested_at: '2025-12-30T03:04:05Z' });
const SETTINGS = { maxPaymentAgeHours: 72 };
const HOUR_MS = 3_600_000;

test('a payment that is older than allowed fails unasked, in its turn, counted and quarantined', async () => {
  const processor = new Processor(SETTINGS);
  await processor.deliver(aMessage({ transaction_id: 'tx-0' }), aMessage(OLD), aMessage({ transaction_id: 'tx-2' }));
  expect(processor.fraudApi.called).toEqual(['tx-0', 'tx-2']);
  const record = processor.store.record('tx-1');
  const failure = {
    failure_code: 'PAYMENT_EXPIRED',
    failure_message: 'The payment was requested at 2025-12-30T03:04:05Z, more than 72 h before its turn.',
  };
  expect(record).toMatchObject({
    payment_status: 'FAILED',
    attempts: 1,
    dead_lettered_at: record.timestamp,
    ...failure,
  });
  expect(record.history).toMatchObject([{ status: 'PROCESSING' }, { status: 'FAILED', ...failure }]);
  expect(processor.deadLetters.sent).toEqual([{ messageId: 'tx-1', groupId: 'alice', failure: 'PAYMENT_EXPIRED' }]);
  expect(processor.telemetry.counts).toMatchObject({ PaymentsProcessed: 3, PaymentsFailed: 1, MessagesQuarantined: 1 });
});

test.each<[string, number | undefined, string]>([
  ['not older to the second', 72, '2025-12-30T03:04:06Z'],
  ['as old as it may be', 72, '2025-12-30t03:04:06.999999999-00:00'],
  ['at the end of a leap second', 72, '2026-12-31T23:59:60Z'],
  ['of any age without a limit', undefined, '1990-01-01T00:00:00Z'],
  ['from the future', 1, '2036-01-01T00:00:00Z'],
])('a payment %s is checked: %s h, %s', async (_, maxPaymentAgeHours, requested_at) => {
  const processor = new Processor({ maxPaymentAgeHours });
  await processor.deliver(aMessage({ requested_at }));
  expect(processor.store.record('tx-1').payment_status).toBe('APPROVED');
});

test('a leap second has an age, too', async () => {
  const processor = new Processor(SETTINGS);
  await processor.deliver(aMessage({ requested_at: '2016-12-31T23:59:60.5Z' }));
  expect(processor.store.record('tx-1').failure_code).toBe('PAYMENT_EXPIRED');
});

describe('a payment that waited in the dead-letter queue', () => {
  const OVERRIDE = { transactionIds: ['tx-1'], reason: 'its sender still wants it' };
  type Event = Readonly<Record<string, unknown>>;

  /** Failed in an outage; then two weeks pass, and operators redrive it by these events. @param outages of the API after a redrive, by its number */
  async function redriven(events: readonly Event[], outages: readonly number[] = []) {
    const processor = new Processor(SETTINGS);
    const world = new DeadLetterWorld();
    processor.fraudApi.answer('tx-1', unavailable(0));
    await processor.deliver(aMessage({}, { receiveCount: 3 }));
    processor.clock.advance(14 * 24 * HOUR_MS);
    const ends: (string | undefined)[] = [];
    for (const [index, event] of events.entries()) {
      world.records.put(processor.store.record('tx-1'));
      world.bury(aPayment());
      const answer = await world.redrive(event);
      processor.store.put(world.record('tx-1'));
      processor.fraudApi.answer('tx-1', ...(outages.includes(index) ? [unavailable(0)] : []));
      if (answer.redriven > 0) await processor.deliver(aMessage({}, { sequenceNumber: '2', receiveCount: 3 }));
      const { payment_status, failure_code } = processor.store.record('tx-1');
      ends.push(answer.left.wouldFailAgain > 0 ? 'left' : (failure_code ?? payment_status));
    }
    return { ends, reasons: processor.store.record('tx-1').history.flatMap(({ reason }) => reason ?? []) };
  }

  test('is decided by the first redrive that names its id, with a reason', async () => {
    expect(await redriven([OVERRIDE])).toEqual({
      ends: ['APPROVED'],
      reasons: ['redriven by id after FRAUD_CHECK_UNAVAILABLE: its sender still wants it'],
    });
  });

  test.each<[string, Event]>([
    ['with the others', {}],
    ['with the others, for a reason', { reason: 'by id after all: the API is up again' }],
    ['by its id without a reason', { transactionIds: ['tx-1'] }],
  ])('expires when it is redriven %s, is then left, and decided by an override', async (_, event) => {
    const { ends } = await redriven([event, event, OVERRIDE]);
    expect(ends).toEqual(['PAYMENT_EXPIRED', 'left', 'APPROVED']);
  });

  test('that an operator allowed any age is of any age until it is redriven otherwise', async () => {
    const { ends } = await redriven([OVERRIDE, {}, OVERRIDE], [0]);
    expect(ends).toEqual(['FRAUD_CHECK_UNAVAILABLE', 'PAYMENT_EXPIRED', 'APPROVED']);
  });
});

test('with hold, an expired payment holds its account like any that failed', async () => {
  const processor = new Processor({ ...SETTINGS, onFailedPayment: 'hold' });
  await processor.deliver(
    aMessage(OLD),
    aMessage({ transaction_id: 'tx-2' }, { sequenceNumber: '18849496460467696129' }),
  );
  expect(processor.deadLetters.parked).toEqual([{ messageId: 'tx-2', behind: 'tx-1' }]);
});

test('a payment that was decided before it was too old is a duplicate', async () => {
  const processor = new Processor(SETTINGS);
  processor.store.put(aRecord(OLD, { payment_status: 'APPROVED' }));
  await processor.deliver(aMessage(OLD));
  expect([processor.store.record('tx-1').payment_status, processor.count('DuplicatesIgnored')]).toEqual([
    'APPROVED',
    1,
  ]);
});
