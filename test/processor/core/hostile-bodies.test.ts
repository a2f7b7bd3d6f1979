import fc from 'fast-check';
import { aBody, aMessage } from '../../../tools/kit/payments/payments';
import { MemoryDeadLetters, Processor } from '../../../tools/kit/cores/processor';
import { ManualClock } from '../../../tools/kit/cores/telemetry';
import { runs } from '../../../tools/kit/thorough';

const LONG = '4 '.repeat(130_000);
const HEALTHY = aMessage({ account_id: 'healthy', transaction_id: 'healthy' });
const TIME_LEFT_MS = 60_000;

/** Masking the copy of a body takes time in which nothing else runs. */
class SlowDeadLetters extends MemoryDeadLetters {
  constructor(
    private readonly clock: ManualClock,
    private readonly milliseconds: number,
  ) {
    super();
  }

  override send(...args: Parameters<MemoryDeadLetters['send']>): Promise<void> {
    this.clock.advance(this.milliseconds);
    return super.send(...args);
  }
}

function processorThatMasksIn(milliseconds: number) {
  const clock = new ManualClock();
  return new Processor({}, undefined, undefined, { clock, deadLetters: new SlowDeadLetters(clock, milliseconds) });
}

const longBodies = (count: number, body = LONG) =>
  Array.from({ length: count }, (_, at) =>
    aMessage({ body, messageId: `hostile-${at}` }, { groupId: `hostile-${at}` }),
  );

test('nine bodies of six seconds each leave the payment behind them more than half a minute [G10]', async () => {
  const processor = processorThatMasksIn(6_000);
  const began = processor.clock.now();
  const { returned, retryDelays } = await processor.deliverWith(
    { timeLeftMs: TIME_LEFT_MS },
    ...longBodies(9),
    HEALTHY,
  );
  expect(processor.store.record('healthy').payment_status).toBe('APPROVED');
  expect(processor.fraudApi.calls.map(({ limits }) => limits.deadline - processor.clock.now())).toEqual([
    expect.closeTo(37_000, -2),
  ]);
  expect(processor.deadLetters.sent.map(({ messageId, failure }) => `${messageId} ${failure}`)).toEqual([
    'hostile-0 INVALID_JSON',
    'hostile-1 INVALID_JSON',
    'hostile-2 INVALID_JSON',
  ]);
  expect(returned).toEqual(['hostile-3', 'hostile-4', 'hostile-5', 'hostile-6', 'hostile-7', 'hostile-8']);
  expect(Object.keys(retryDelays)).toEqual(returned);
  expect(processor.clock.now() - began).toBe(18_000);
});

test('long bodies take at most a quarter of the time and one body more; later receives quarantine the returned ones', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 9 }),
      fc.nat({ max: 15_000 }),
      fc.nat({ max: 9 }),
      fc.integer({ min: 1, max: 10 }),
      async (count, cost, place, groups) => {
        const processor = processorThatMasksIn(cost);
        const hostile = longBodies(count).map((message, at) => ({ ...message, groupId: `hostile-${at % groups}` }));
        const began = processor.clock.now();
        let left = await processor.deliverWith(
          { timeLeftMs: TIME_LEFT_MS },
          ...hostile.slice(0, place),
          HEALTHY,
          ...hostile.slice(place),
        );
        expect(processor.clock.now() - began).toBeLessThanOrEqual((TIME_LEFT_MS - 5_000) / 4 + cost);
        expect(processor.store.record('healthy').payment_status).toBe('APPROVED');
        for (let receives = 1; left.returned.length > 0; receives++) {
          expect(receives).toBeLessThan(10);
          left = await processor.deliverWith(
            { timeLeftMs: TIME_LEFT_MS },
            ...hostile.filter(({ messageId }) => left.returned.includes(messageId)),
          );
        }
        expect(processor.deadLetters.sent).toHaveLength(count);
      },
    ),
    { numRuns: runs(200) },
  );
});

test('a long body may be a valid payment; once the share is used up it waits with the messages behind it, in order', async () => {
  const processor = processorThatMasksIn(20_000);
  const padded = (transaction_id: string) =>
    aMessage({
      body: aBody({ transaction_id: `"${transaction_id}"` }) + ' '.repeat(200_000),
      messageId: transaction_id,
    });
  const batch = [padded('first'), aMessage({ transaction_id: 'second' })];
  expect((await processor.deliverWith({ timeLeftMs: TIME_LEFT_MS }, ...batch)).returned).toEqual([]);
  expect(processor.fraudApi.called).toEqual(['first', 'second']);

  const late = [padded('third'), aMessage({ transaction_id: 'fourth' })];
  expect((await processor.deliverWith({ timeLeftMs: TIME_LEFT_MS }, ...longBodies(1), ...late)).returned).toEqual([
    'third',
    'fourth',
  ]);
  expect((await processor.deliver(...late)).returned).toEqual([]);
  expect(processor.fraudApi.called).toEqual(['first', 'second', 'third', 'fourth']);
});

test('a long body is not begun when those before it took exactly a quarter of the time', async () => {
  const processor = processorThatMasksIn(5_000);
  const { returned } = await processor.deliverWith({ timeLeftMs: 65_000 }, ...longBodies(4));
  expect(returned).toEqual(['hostile-3']);
});

test('short bodies take nothing from the share of the long ones', async () => {
  const processor = processorThatMasksIn(5_000);
  const long = aMessage({ body: LONG, messageId: 'long' }, { groupId: 'long' });
  const { returned } = await processor.deliverWith({ timeLeftMs: TIME_LEFT_MS }, ...longBodies(4, 'no payment'), long);
  expect(returned).toEqual([]);
});

test('short invalid messages are quarantined however late it is', async () => {
  const processor = processorThatMasksIn(5_000);
  const { returned } = await processor.deliverWith({ timeLeftMs: TIME_LEFT_MS }, ...longBodies(9, 'not JSON'), HEALTHY);
  expect(returned).toEqual([]);
  expect(processor.deadLetters.sent).toHaveLength(9);
});
