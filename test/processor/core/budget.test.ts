import { aMessage } from '../../../tools/kit/payments/payments';
import { decided, Processor, TIME_FOR_CHECKS_MS } from '../../../tools/kit/cores/processor';

const messages = (account: string, count: number) =>
  Array.from({ length: count }, (_, at) => aMessage({ account_id: account, transaction_id: `${account}${at + 1}` }));

/** The time that each check was given, in milliseconds from its call. */
function watchBudgets(
  processor: Processor,
  ids: readonly string[],
  takesMs: (id: string) => number,
): Map<string, number> {
  const budgets = new Map<string, number>();
  for (const id of ids) {
    processor.fraudApi.answer(id, (_payment, { deadline }) => {
      budgets.set(id, Math.round(deadline - processor.clock.now()));
      processor.clock.advance(takesMs(id));
      return decided('approve');
    });
  }
  return budgets;
}

test("one payment may use all the time left but the reserve's five seconds", async () => {
  const processor = new Processor();
  const budgets = watchBudgets(processor, ['a1'], () => 0);
  await processor.deliverWith({ timeLeftMs: 65_000 }, ...messages('a', 1));
  expect(budgets.get('a1')).toBe(60_000);
});

test("an account's payments share the time that is left between those still to do", async () => {
  const processor = new Processor();
  const times: Record<string, number> = { a1: 10_000, a2: 90_000, a3: 0, a4: 0 };
  const budgets = watchBudgets(processor, Object.keys(times), (id) => times[id] ?? 0);
  await processor.deliver(...messages('a', 4));
  expect(Object.fromEntries(budgets)).toEqual({
    a1: TIME_FOR_CHECKS_MS / 4,
    a2: Math.round((TIME_FOR_CHECKS_MS - 10_000) / 3),
    a3: (TIME_FOR_CHECKS_MS - 100_000) / 2,
    a4: TIME_FOR_CHECKS_MS - 100_000,
  });
});

test('accounts that are worked on at the same time do not shorten one another', async () => {
  const processor = new Processor();
  const accounts = Array.from({ length: 10 }, (_, at) => String.fromCharCode(97 + at));
  const ids = accounts.map((account) => `${account}1`);
  const budgets = watchBudgets(processor, ids, () => 0);
  await processor.deliver(...accounts.flatMap((account) => messages(account, 1)));
  expect([...budgets.values()]).toEqual(accounts.map(() => TIME_FOR_CHECKS_MS));
});

test('accounts that wait for their turn keep their share', async () => {
  const processor = new Processor({ groupConcurrency: 1 });
  const budgets = watchBudgets(processor, ['a1', 'b1', 'b2', 'c1'], () => 0);
  await processor.deliver(...messages('a', 1), ...messages('b', 2), ...messages('c', 1));
  expect(Object.fromEntries(budgets)).toEqual({
    a1: TIME_FOR_CHECKS_MS / 4,
    b1: TIME_FOR_CHECKS_MS / 3,
    b2: TIME_FOR_CHECKS_MS / 2,
    c1: TIME_FOR_CHECKS_MS,
  });
});

test('with two accounts at a time, those that wait count half', async () => {
  const processor = new Processor({ groupConcurrency: 2 });
  const budgets = watchBudgets(processor, ['a1', 'b1', 'c1'], () => 0);
  await processor.deliver(...messages('a', 1), ...messages('b', 1), ...messages('c', 1));
  expect([budgets.get('a1'), budgets.get('b1'), budgets.get('c1')]).toEqual([
    TIME_FOR_CHECKS_MS / 1.5,
    TIME_FOR_CHECKS_MS / 1.5,
    TIME_FOR_CHECKS_MS,
  ]);
});

test('every account is started, though every payment uses up its share', async () => {
  const processor = new Processor({ groupConcurrency: 1 });
  const all = [...messages('a', 6), ...messages('b', 4)];
  const ids = all.map(({ messageId }) => messageId);
  const budgets: Map<string, number> = watchBudgets(processor, ids, (id) => budgets.get(id) ?? 0);
  expect((await processor.deliver(...all)).returned).toEqual([]);
  expect([...budgets.keys()]).toEqual(ids);
});

test.each([
  ['none left', 5_000],
  ['less than the reserve', 3_000],
])('%s: payments are returned to the queue unchecked, even on their last receive', async (_name, timeLeftMs) => {
  const processor = new Processor();
  const last = messages('a', 2).map((message) => ({ ...message, receiveCount: 3 }));
  const { returned } = await processor.deliverWith({ timeLeftMs }, ...last);
  expect(returned).toEqual(['a1', 'a2']);
  expect(processor.store.calls).toEqual([]);
  expect(processor.fraudApi.called).toEqual([]);
  expect(processor.deadLetters.sent).toEqual([]);
  expect(processor.telemetry.counts).toEqual({ PaymentsRetried: 2 });
  expect(processor.telemetry.logs).toContainEqual(
    expect.objectContaining({ message_id: 'a1', error_code: 'OUT_OF_TIME' }),
  );
});

test('when the time is up in the middle, decided payments stay decided and the rest returns to the queue', async () => {
  const processor = new Processor();
  watchBudgets(processor, ['a1', 'a2'], () => TIME_FOR_CHECKS_MS / 2);
  expect((await processor.deliver(...messages('a', 4))).returned).toEqual(['a3', 'a4']);
  expect(processor.store.record('a2').payment_status).toBe('APPROVED');
});
