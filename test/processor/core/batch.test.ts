import { setImmediate as nextTick } from 'node:timers/promises';
import { aMessage } from '../../../tools/kit/payments/payments';
import { decided, Processor, unavailable } from '../../../tools/kit/cores/processor';

const of = (account_id: string, transaction_id: string) => aMessage({ account_id, transaction_id });

describe('one account', () => {
  test("its payments are decided one after the other, in the queue's order [G2]", async () => {
    const processor = new Processor();
    let running = 0;
    for (const id of ['a1', 'a2', 'a3']) {
      processor.fraudApi.answer(id, async () => {
        expect(++running).toBe(1);
        await nextTick();
        running--;
        return decided('approve');
      });
    }
    expect((await processor.deliver(of('a', 'a1'), of('a', 'a2'), of('a', 'a3'))).returned).toEqual([]);
    expect(processor.fraudApi.called).toEqual(['a1', 'a2', 'a3']);
  });

  test('stops at the first payment that is returned to the queue: those before are done, those behind are not checked', async () => {
    const processor = new Processor();
    processor.fraudApi.answer('a2', unavailable(0));
    const { returned } = await processor.deliver(of('a', 'a1'), of('a', 'a2'), of('a', 'a3'), of('a', 'a4'));
    expect(returned).toEqual(['a2', 'a3', 'a4']);
    expect(processor.fraudApi.called).toEqual(['a1', 'a2']);
    expect([...processor.store.records.keys()]).toEqual(['a1', 'a2']);
    expect(processor.telemetry.counts).toEqual({ PaymentsProcessed: 1, PaymentsApproved: 1, PaymentsRetried: 3 });
  });
});

describe('several accounts', () => {
  test('are worked on at the same time', async () => {
    const processor = new Processor();
    const accounts = Array.from({ length: 10 }, (_, at) => `account-${at}`);
    const all = meeting(10);
    for (const account of accounts) processor.fraudApi.answer(account, all);
    const { returned } = await processor.deliver(...accounts.map((account) => of(account, account)));
    expect(returned).toEqual([]);
  }, 2_000);

  test("keep each account's order, however the batch mixes them", async () => {
    const processor = new Processor();
    await processor.deliver(of('b', 'b1'), of('a', 'a1'), of('b', 'b2'), of('a', 'a2'), of('b', 'b3'));
    expect(processor.fraudApi.called.filter((id) => id.startsWith('a'))).toEqual(['a1', 'a2']);
    expect(processor.fraudApi.called.filter((id) => id.startsWith('b'))).toEqual(['b1', 'b2', 'b3']);
  });

  test('do not stop for one another', async () => {
    const processor = new Processor();
    processor.fraudApi.answer('a1', unavailable(0));
    const { returned } = await processor.deliver(of('a', 'a1'), of('b', 'b1'), of('a', 'a2'), of('b', 'b2'));
    expect(returned).toEqual(['a1', 'a2']);
    expect(processor.store.record('b2').payment_status).toBe('APPROVED');
  });

  test.each([1, 3])('GROUP_CONCURRENCY %i: no more accounts at once, and in the end all', async (groupConcurrency) => {
    const processor = new Processor({ groupConcurrency });
    let running = 0;
    let most = 0;
    const accounts = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const account of accounts) {
      processor.fraudApi.answer(account, async () => {
        most = Math.max(most, ++running);
        await nextTick();
        running--;
        return decided('approve');
      });
    }
    await processor.deliver(...accounts.map((account) => of(account, account)));
    expect(most).toBe(groupConcurrency);
    expect(processor.count('PaymentsApproved')).toBe(accounts.length);
  });
});

test('an empty batch is answered', async () => {
  expect((await new Processor().deliver()).returned).toEqual([]);
});

describe('an unexpected error', () => {
  test.each([
    ['an error', new TypeError('MARKED'), 'Unexpected.TypeError'],
    ['a value that is no error', { name: 'MARKED', message: 'MARKED' }, 'Unexpected.object'],
  ])(
    '%s: the message is returned to the queue, never acknowledged, even on its last receive; the others continue',
    async (_name, thrown, errorCode) => {
      const processor = new Processor();
      processor.fraudApi.answer('a1', () => Promise.reject(thrown));
      const { returned } = await processor.deliver({ ...of('a', 'a1'), receiveCount: 3 }, of('a', 'a2'), of('b', 'b1'));
      expect(returned).toEqual(['a1', 'a2']);
      expect(processor.store.record('a1').payment_status).toBe('PROCESSING');
      expect(processor.store.record('b1').payment_status).toBe('APPROVED');
      expect(processor.deadLetters.sent).toEqual([]);
      expect(processor.telemetry.logs).toContainEqual({
        event: 'Message not processed',
        message_id: 'a1',
        error_code: errorCode,
      });
      expect(JSON.stringify(processor.telemetry.logs)).not.toContain('MARKED');
    },
  );
});

test('what the invocation counts', async () => {
  const processor = new Processor();
  processor.fraudApi.answer('declined', decided('decline'));
  processor.fraudApi.answer('reviewed', decided('review'));
  processor.fraudApi.answer('refused', { kind: 'refused', httpStatus: 400 });
  processor.fraudApi.answer('unavailable', unavailable(0));
  await processor.deliver(
    of('a', 'approved'),
    of('a', 'approved'),
    of('a', 'declined'),
    of('b', 'reviewed'),
    of('b', 'refused'),
    of('c', 'unavailable'),
    of('c', 'unchecked'),
    aMessage({ body: '?', messageId: 'poison' }),
  );
  expect(processor.telemetry.counts).toEqual({
    PaymentsProcessed: 4,
    PaymentsApproved: 1,
    PaymentsDeclined: 1,
    PaymentsReview: 1,
    PaymentsFailed: 1,
    DuplicatesIgnored: 1,
    MessagesQuarantined: 2,
    PaymentsRetried: 2,
  });
});

/** A check that ends only when that many run at the same time. */
function meeting(expected: number) {
  let arrived = 0;
  let allAreHere = (): void => undefined;
  const everybody = new Promise<void>((resolve) => (allAreHere = resolve));
  return async () => {
    if (++arrived === expected) allAreHere();
    await everybody;
    return decided('approve');
  };
}

test('each payment is a segment of the trace, and its fraud check one within', async () => {
  const processor = new Processor();
  await processor.deliver(aMessage());
  expect(processor.telemetry.segments).toEqual(['payment', 'fraud check']);
});
