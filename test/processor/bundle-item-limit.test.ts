import { heldPayment, holdKey, identityOf, MOST_HISTORY_ENTRIES, type PaymentMessage, writeHeld } from '../../src/contract';
import { ProcessorBench } from '../support/bundle-harness';
import { payment, type Payment, recordOf } from '../support/black-box-payments';
import { mostThatFit } from '../support/item-size';
import { claims } from '../support/payments';

let bench: ProcessorBench;
beforeAll(async () => { bench = await ProcessorBench.start({ ON_FAILED_PAYMENT: 'hold' }); });
afterAll(() => bench.close());

/** Fills the account's hold; `held-1` is the oldest payment in it unless another is given. */
function fillHold(accountId: string, oldest = heldPaymentOf({ transaction_id: 'held-1' }, 1)): Promise<number> {
  const others = Array.from({ length: 5_000 }, (_, index) => heldPaymentOf({ transaction_id: `held-${String(index + 2).padStart(59, '0')}` }, index + 2));
  return mostThatFit((count) => bench.put({ transaction_id: holdKey(accountId), held: new Set([oldest, ...others].slice(0, count)) }));
}

function heldPaymentOf(fields: Partial<Payment>, sequenceNumber: number): string {
  return writeHeld(heldPayment(identityOf({ ...payment(), ...fields } as unknown as PaymentMessage), String(sequenceNumber)));
}

test('a record that fills its item is claimed and decided', async () => {
  const paid = payment();
  const attempts = await mostThatFit((count) => bench.put(recordOf(paid, { attempts: count, history: claims(count) })));
  expect(attempts).toBeGreaterThan(2_000);

  expect((await bench.pay({ body: paid })).handedBack).toEqual([]);

  const record = (await bench.record(paid.transaction_id))!;
  expect(record).toMatchObject({ payment_status: 'APPROVED', attempts: attempts + 1, history_omitted: attempts + 1 - MOST_HISTORY_ENTRIES });
  expect(record.history).toHaveLength(MOST_HISTORY_ENTRIES + 1);
  expect(record.history[0]).toEqual(claims(1)[0]);
  expect(record.history.slice(-2)).toEqual([expect.objectContaining({ status: 'PROCESSING', attempt: attempts + 1 }), expect.objectContaining({ status: 'APPROVED' })]);
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

test('what a full hold has no room for returns to the queue, in order, and the log says why; other accounts go on', async () => {
  const [later, latest] = [payment({ account_id: 'full' }), payment({ account_id: 'full' })];
  const other = payment();
  expect(await fillHold('full')).toBeGreaterThan(3_000);
  const since = bench.lines.length;

  const messages = await bench.deliver({ body: later }, { body: latest }, { body: other });
  const run = await bench.run(messages);

  expect(run.handedBack).toEqual([0, 1]);
  expect(await bench.deadLettersOfEach(messages.slice(0, 2))).toEqual([[], []]);
  expect(await bench.record(later.transaction_id)).toBeUndefined();
  expect(await bench.record(other.transaction_id)).toMatchObject({ payment_status: 'APPROVED' });
  await bench.restart({ ON_FAILED_PAYMENT: 'hold' }); // its output is complete then
  expect(bench.lines.slice(since).filter((line) => line.includes('"StoreError.ItemTooLarge"'))).not.toEqual([]);
});

test('a full hold is left by its oldest payment, and then has room for another', async () => {
  const oldest = payment({ account_id: 'lifted' });
  await fillHold('lifted', heldPaymentOf(oldest, 1));

  const [first, second] = await bench.deliver({ body: oldest }, { body: payment({ account_id: 'lifted' }) });
  const run = await bench.run([first!, second!]);

  expect(run.handedBack).toEqual([]);
  expect(await bench.record(oldest.transaction_id)).toMatchObject({ payment_status: 'APPROVED' });
  expect((await bench.deadLettersOf(second!)).map(({ MessageAttributes }) => MessageAttributes?.parked_behind?.StringValue)).toEqual([expect.stringMatching(/^held-0+2$/)]);
});
