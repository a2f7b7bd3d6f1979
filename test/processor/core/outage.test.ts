import { type Outage, type OutageSettings, runThroughOutage } from '../../../tools/kit/cores/outage';
import { aMessage } from '../../../tools/kit/payments/payments';
import { Processor, unavailable } from '../../../tools/kit/cores/processor';

const HALF_AN_HOUR = 1_800;

const backlog = (count: number, receiveCount = 1) =>
  Array.from({ length: count }, (_, at) => aMessage({ transaction_id: `tx-${at}` }, { receiveCount }));
const idsOf = (messages: readonly { messageId: string }[]) => messages.map(({ messageId }) => messageId);
const run = (messages: ReturnType<typeof backlog>, outage: Outage, settings: Partial<OutageSettings> = {}) =>
  runThroughOutage(messages, outage, { maxReceiveCount: 3, ...settings });

test.each(['fraud API', 'table'] as const)(
  'received a moment before half an hour without %s: all of the account are decided, in order',
  async (of) => {
    const messages = backlog(15);
    const { trail, redriven, deadLetters, ended } = await run(
      messages,
      { of, from: 1, seconds: HALF_AN_HOUR },
      { checkTakesMs: 400 },
    );
    expect(trail.settled).toEqual(idsOf(messages));
    expect([redriven, deadLetters.sent]).toEqual([[], []]);
    expect(ended).toBeGreaterThan(HALF_AN_HOUR);
  },
);

test('a payment with one receive left fails; a payment behind it with two receives left is decided', async () => {
  const messages = [aMessage({ transaction_id: 'head' }, { receiveCount: 3 }), ...backlog(3, 2)];
  const { deadLetters, trail, redriven } = await run(messages, { of: 'fraud API', from: 0, seconds: HALF_AN_HOUR });
  expect(idsOf(deadLetters.sent)).toEqual(['head']);
  expect(trail.settled).toEqual(idsOf(messages));
  expect(redriven).toEqual([]);
});

describe('an invalid message', () => {
  test('is quarantined while the API is down, and does not delay the account', async () => {
    const processor = new Processor();
    processor.fraudApi.answer('tx-0', unavailable(processor.clock.now()));
    const { returned } = await processor.deliver(aMessage({ body: '?', messageId: 'poison' }), ...backlog(2));
    expect(idsOf(processor.deadLetters.sent)).toEqual(['poison']);
    expect(returned).toEqual(['tx-0', 'tx-1']);
  });

  test('behind a payment that waits: quarantined as soon as that one is decided', async () => {
    const messages = [
      ...backlog(1),
      aMessage({ body: '?', messageId: 'poison' }),
      aMessage({ transaction_id: 'refused' }),
    ];
    const { deadLetters, trail } = await run(
      messages,
      { of: 'fraud API', from: 0, seconds: HALF_AN_HOUR },
      { refused: ['refused'] },
    );
    expect(deadLetters.sent).toMatchObject([{ failure: 'INVALID_JSON' }, { failure: 'FRAUD_CHECK_REFUSED' }]);
    expect(trail.settled).toEqual(['tx-0', 'refused']);
  });
});

describe('when the outage does not end in time', () => {
  test('of the API: ten payments fail one after the other, each with a call of its own; then the next ten follow', async () => {
    const messages = backlog(20);
    const { deadLetters, trail, store, called } = await run(messages, {
      of: 'fraud API',
      from: 0,
      seconds: 2_200,
      circuitOpens: true,
    });
    const [firstTen, nextTen] = [messages.slice(0, 10), messages.slice(10)].map(idsOf);
    expect(idsOf(deadLetters.sent)).toEqual(firstTen);
    expect(trail.settled).toEqual(idsOf(messages));
    expect(called).toEqual([...firstTen!, ...nextTen!]);
    expect(store.record('tx-9')).toMatchObject({ payment_status: 'FAILED', failure_code: 'FRAUD_CHECK_UNAVAILABLE' });
    expect(store.record('tx-10').payment_status).toBe('APPROVED');
  });

  test('of the table: SQS moves payments without receives left, and those behind them, to the dead-letter queue; none has a record', async () => {
    const messages = backlog(12);
    const { redriven, deadLetters, store } = await run(messages, { of: 'table', from: 0, seconds: 1_900 });
    expect(redriven).toEqual(idsOf(messages.slice(0, 10)));
    expect(deadLetters.sent).toEqual([]);
    expect([...store.records.keys()]).toEqual(['tx-10', 'tx-11']);
  });
});
