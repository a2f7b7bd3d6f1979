import { setImmediate as nextTick } from 'node:timers/promises';
import { aMessage } from '../../../tools/kit/payments/payments';
import { Processor, NOT_CALLED } from '../../../tools/kit/cores/processor';

const of = (account_id: string, transaction_id: string, receiveCount = 1) =>
  aMessage({ account_id, transaction_id }, { receiveCount });

/** A processor whose circuit is open until `close` is called. */
function withOpenCircuit(settings = {}) {
  const processor = new Processor(settings);
  let close = (): void => undefined;
  processor.fraudApi.circuitMayBeTested = new Promise((resolve) => (close = resolve));
  return { processor, close: () => close() };
}

test('a batch that meets an open circuit waits before it claims a payment, and is decided when the API answers', async () => {
  const { processor, close } = withOpenCircuit();
  const delivery = processor.deliver(of('a', 'a1'), of('a', 'a2'), of('b', 'b1', 2));
  await nextTick();
  expect([processor.store.calls, processor.fraudApi.called]).toEqual([[], []]);
  close();
  expect((await delivery).returned).toEqual([]);
  expect(processor.count('PaymentsApproved')).toBe(3);
});

test('it waits once, however many accounts it has and whatever the test of the API brings', async () => {
  const { processor, close } = withOpenCircuit({ groupConcurrency: 1 });
  for (const id of ['a1', 'b1', 'c1']) processor.fraudApi.answer(id, NOT_CALLED);
  close();
  const { returned } = await processor.deliver(of('a', 'a1'), of('a', 'a2'), of('b', 'b1'), of('c', 'c1'));
  expect(returned).toEqual(['a1', 'a2', 'b1', 'c1']);
  expect(processor.fraudApi.waits).toHaveLength(1);
});

test('the wait leaves 10 s for checks, and the reserve', async () => {
  const processor = new Processor();
  const began = processor.clock.now();
  await processor.deliverWith({ timeLeftMs: 60_000 }, of('a', 'a1'));
  expect(processor.fraudApi.waits).toEqual([began + 45_000]);
});

test('a payment on its last receive does not wait; the one behind it does', async () => {
  const { processor, close } = withOpenCircuit();
  const delivery = processor.deliver(of('a', 'a1', 3), of('a', 'a2', 2), of('b', 'b1', 3));
  await nextTick();
  expect(processor.fraudApi.called.sort()).toEqual(['a1', 'b1']);
  close();
  expect((await delivery).returned).toEqual([]);
  expect(processor.fraudApi.called).toHaveLength(3);
});

test('payments on their last receive wait for nothing', async () => {
  const processor = new Processor();
  await processor.deliver(of('a', 'a1', 3), of('b', 'b1', 3));
  expect(processor.fraudApi.waits).toEqual([]);
});
