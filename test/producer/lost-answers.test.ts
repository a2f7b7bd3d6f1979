import { Processor } from '../../tools/kit/cores/processor';
import { aMessage, aPayment } from '../../tools/kit/payments/payments';
import { idOf } from '../../tools/kit/producer/faulty-sqs';
import { payments, Producing } from '../../tools/kit/producer/producing';

const MINUTE = 60_000;

test.each(['lost after', 'hangs after', 'arrives late', 'broken after'] as const)(
  'an answer that is lost once (%s) is asked for again, under the same id, and SQS has the payment once',
  async (fate) => {
    const producing = new Producing({ call: (call) => (call === 1 ? fate : 'answered') });

    const results = await producing.send(payments(3, 1));
    await producing.run(() => producing.time.sleep(2 * MINUTE));

    const [first, second] = producing.sqs.sendsOf('payment-0');
    expect(second).toEqual(first);
    expect(producing.sqs.sendsOf('payment-0')).toHaveLength(2);
    expect(results.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(producing.queued).toEqual(payments(3, 1));
  },
);

test('the outcome is unknown when the last call had no answer, or an earlier one had none and the last was refused', async () => {
  const lost = new Producing({ call: () => 'lost after' });
  const refused = new Producing({ call: (call) => (call === 1 ? 'lost after' : 'denied') });
  for (const producing of [lost, refused]) {
    const results = await producing.send(payments(2, 1));

    expect(results[0]).toMatchObject({
      status: 'unknown',
      code: 'ANSWER_LOST',
      reason: expect.stringMatching(/may be in the queue.*Send it again unchanged/),
    });
    expect(results[1]).toMatchObject({ status: 'refused', code: 'BLOCKED_BY', blockedBy: 'payment-0' });
    expect(producing.queued).toEqual(payments(1, 1));
  }
});

test('a call that the producer ended is reported as timed out', async () => {
  const producing = new Producing({ call: () => 'hangs after' });

  expect(await producing.send(payments(1, 1))).toMatchObject([
    { status: 'unknown', reason: expect.stringContaining('Timeout') },
  ]);
});

test('in an outage in which calls hang and many accounts wait their turn, nothing is repeated when SQS may have forgotten it', async () => {
  const producing = new Producing({ call: () => 'hangs after' });
  const sends = new Map<string, number[]>();
  const began = producing.time.elapsed;
  const fates = producing.sqs.fates;
  producing.sqs.fates = {
    ...fates,
    entry: (id) => {
      sends.set(id, [...(sends.get(id) ?? []), producing.time.elapsed - began]);
      return 'stored';
    },
  };

  const results = await producing.send(payments(400, 400));

  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['unknown']));
  expect(producing.queued).toHaveLength(400);
  for (const times of sends.values()) expect(times.at(-1)! - times[0]!).toBeLessThan(2.5 * MINUTE);
});

test('a payment that was unknown and is sent again after the window is in the queue twice, and is decided once', async () => {
  const payment = aPayment();
  const producing = new Producing({ call: () => 'lost after' });
  const [first] = await producing.send([payment]);
  producing.sqs.fates = { call: () => 'answered', entry: () => 'stored' };
  await producing.run(() => producing.time.sleep(6 * MINUTE));
  const [again] = await producing.send([payment]);
  expect([first?.status, again?.status]).toEqual(['unknown', 'accepted']);
  expect(producing.sqs.messages.map(({ body }) => idOf({ MessageBody: body }))).toEqual(['tx-1', 'tx-1']);

  const processor = new Processor();
  for (const { body, messageId, groupId } of producing.sqs.messages)
    await processor.deliver({ ...aMessage({ body, messageId }), groupId });

  expect(processor.fraudApi.called).toEqual(['tx-1']);
  expect(processor.store.record('tx-1').history.map(({ status }) => status)).toEqual(['PROCESSING', 'APPROVED']);
  expect(processor.count('DuplicatesIgnored')).toBe(1);
});
