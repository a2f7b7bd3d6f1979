import {
  heldPayment,
  holdKey,
  identityOf,
  MOST_HISTORY_ENTRIES,
  type PaymentMessage,
  writeHeld,
} from '../../src/contract';
import { ProcessorBench } from '../../tools/kit/bundles/processor-bench';
import { payment, type Payment, recordOf } from '../../tools/kit/payments/black-box-payments';
import { putLargest } from '../../tools/kit/bundles/item-size';
import { anEntry, claims } from '../../tools/kit/payments/payments';

const AT = '2026-01-02T03:01:00.000Z';

let bench: ProcessorBench;
beforeAll(async () => {
  bench = await ProcessorBench.start({ ON_FAILED_PAYMENT: 'hold' });
});
afterAll(() => bench.close());

/** Fills the account's hold, with the payment as its oldest entry. The second oldest, which is parked, has a record, too. */
async function fillHold(oldest: Payment): Promise<number> {
  const { account_id } = oldest;
  const others = Array.from({ length: 5_000 }, (_, index) =>
    payment({ account_id, transaction_id: `${account_id}-${String(index + 2).padStart(50, '0')}` }),
  );
  await bench.put(recordOf(others[0]!, { parked_behind: oldest.transaction_id }));
  const entries = [oldest, ...others].map((one, index) =>
    writeHeld(heldPayment(identityOf(one as unknown as PaymentMessage), String(index + 1))),
  );
  return putLargest(
    (count) => ({
      transaction_id: holdKey(account_id),
      held: new Set(entries.slice(0, count)),
      payment_status: 'HELD',
      timestamp: AT,
    }),
    (item) => bench.put(item),
  );
}

test('a record that fills its item is claimed and decided', async () => {
  const paid = payment();
  const attempts = await putLargest(
    (count) => recordOf(paid, { attempts: count, history: claims(count) }),
    (item) => bench.put(item),
  );
  expect(attempts).toBeGreaterThan(2_000);

  expect((await bench.pay({ body: paid })).returned).toEqual([]);

  const record = (await bench.record(paid.transaction_id))!;
  expect(record).toMatchObject({
    payment_status: 'APPROVED',
    attempts: attempts + 1,
    history_omitted: attempts + 1 - MOST_HISTORY_ENTRIES,
  });
  expect(record.history).toHaveLength(MOST_HISTORY_ENTRIES + 1);
  expect(record.history[0]).toEqual(claims(1)[0]);
  expect(record.history.slice(-2)).toEqual([
    expect.objectContaining({ status: 'PROCESSING', attempt: attempts + 1 }),
    expect.objectContaining({ status: 'APPROVED' }),
  ]);
});

test('a short history is appended to, and is not sent again', async () => {
  const paid = payment();
  await bench.put(recordOf(paid, { history: claims(5), attempts: 5 }));
  const before = bench.table.inputs('UpdateItem').length;
  await bench.pay({ body: paid });
  const updates = bench.table.inputs('UpdateItem').slice(before);
  expect(updates).toHaveLength(2);
  for (const { UpdateExpression } of updates) expect(UpdateExpression).toContain('list_append(#history, :entries)');
  expect(await bench.record(paid.transaction_id)).not.toHaveProperty('history_omitted');
});

test('payments that do not fit a full hold return to the queue, in order, and the log says why; other accounts continue [G3]', async () => {
  const [later, latest] = ['later', 'latest'].map((id) =>
    payment({ account_id: 'full', transaction_id: id.padEnd(64, '-') }),
  ) as [Payment, Payment];
  const other = payment();
  const failed = payment({ account_id: 'full' });
  await bench.put(recordOf(failed, { payment_status: 'FAILED' }));
  expect(await fillHold(failed)).toBeGreaterThan(3_000);
  const since = bench.lines.length;

  const messages = await bench.deliver({ body: later }, { body: latest }, { body: other });
  const run = await bench.run(messages);

  expect(run.returned).toEqual([0, 1]);
  expect(await bench.deadLettersOfEach(messages.slice(0, 2))).toEqual([[], []]);
  expect(await bench.record(later.transaction_id)).toMatchObject({
    payment_status: 'PROCESSING',
    parked_behind: failed.transaction_id,
  });
  expect(await bench.record(latest.transaction_id)).toBeUndefined();
  expect(await bench.record(other.transaction_id)).toMatchObject({ payment_status: 'APPROVED' });
  await bench.restart({ ON_FAILED_PAYMENT: 'hold' }); // its output is complete then
  expect(bench.lines.slice(since).filter((line) => line.includes('"StoreError.ItemTooLarge"'))).not.toEqual([]);
});

test('a full hold is left by its oldest payment, and then has room for another [G3]', async () => {
  const oldest = payment({ account_id: 'lifted' });
  await bench.put(
    recordOf(oldest, { attempts: 3, history: [...claims(2), anEntry({ attempt: 3, reason: 'redriven' })] }),
  );
  await fillHold(oldest);

  const [first, second] = await bench.deliver({ body: oldest }, { body: payment({ account_id: 'lifted' }) });
  const run = await bench.run([first!, second!]);

  expect(run.returned).toEqual([]);
  expect(await bench.record(oldest.transaction_id)).toMatchObject({ payment_status: 'APPROVED' });
  expect(
    (await bench.deadLettersOf(second!)).map(({ MessageAttributes }) => MessageAttributes?.parked_behind?.StringValue),
  ).toEqual([expect.stringMatching(/^lifted-0+2$/)]);
});
