import type { PaymentMessage } from '../../src/contract';
import { aPayment } from '../../tools/kit/payments/payments';
import { payments, Producing } from '../../tools/kit/producer/producing';

/** A payment whose body has so many bytes, 26,200 or somewhat more. */
function withBytes(bytes: number, fields: Partial<PaymentMessage>): PaymentMessage {
  const filled = (more: number, reference: string) => {
    const values = Array.from({ length: 10 }, (_, key) => [
      `${key}${'\u0001'.repeat(216)}`,
      '\u0001'.repeat(key === 0 ? 216 + more : 216),
    ]);
    return aPayment({ ...fields, metadata: Object.fromEntries(values) as Record<string, string>, reference });
  };
  const lacking = bytes - Buffer.byteLength(JSON.stringify(filled(0, 'x')));
  return filled(Math.floor(lacking / 6), 'x'.repeat(1 + (lacking % 6)));
}

test('batches hold ten entries where there are as many accounts, and what one call may carry', async () => {
  const producing = new Producing();
  const escaped = (key: string) => key + '\u0001'.repeat(255);
  const largest = Object.fromEntries(Array.from({ length: 10 }, (_, key) => [escaped(`${key}`), escaped('v')]));

  await producing.send([
    ...payments(40, 40),
    ...payments(40, 40, { metadata: largest, account_id: 'big' }).map((one, index) => ({
      ...one,
      transaction_id: `big-${index}`,
      account_id: `big-${index}`,
    })),
  ]);
  // Ten of these have less than 262,144 characters, and more bytes.
  const wide = Object.fromEntries(
    Array.from({ length: 10 }, (_, key) => [
      `${key}${'\u0001'.repeat(193)}${'💶'.repeat(62)}`,
      '\u0001'.repeat(194) + '💶'.repeat(62),
    ]),
  );
  await producing.send(
    payments(10, 10, { metadata: wide }).map((one, index) => ({ ...one, transaction_id: `wide-${index}` })),
  );

  const { batches } = producing.sqs;
  const bytes = batches.map((batch) =>
    batch.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody!), 0),
  );
  expect(batches.slice(0, 4).map(({ length }) => length)).toEqual([10, 10, 10, 10]);
  expect(Math.max(...bytes)).toBeLessThanOrEqual(262_144);
  expect(Math.max(...bytes)).toBeGreaterThan(200_000);
  expect(producing.queued).toHaveLength(90);
});

test('a call carries exactly as many bytes as it may', async () => {
  const producing = new Producing();
  const sizes = [...Array.from({ length: 9 }, () => 26_214), 26_218];

  await producing.send(
    sizes.map((bytes, index) =>
      withBytes(bytes, { transaction_id: `payment-${index}`, account_id: `account-${index}` }),
    ),
  );

  expect(
    producing.sqs.batches.map((batch) =>
      batch.reduce((sum, { MessageBody }) => sum + Buffer.byteLength(MessageBody!), 0),
    ),
  ).toEqual([262_144]);
});

test('makes four calls at the same time, and no more', async () => {
  const producing = new Producing();
  const send = producing.sqs.client.send.bind(producing.sqs.client) as (...of: unknown[]) => Promise<unknown>;
  const underWay: number[] = [];
  let calls = 0;
  jest.spyOn(producing.sqs.client, 'send').mockImplementation(async (...of: unknown[]) => {
    underWay.push(++calls);
    return send(...of).finally(() => calls--);
  });

  await producing.send(payments(200, 200));

  expect(Math.max(...underWay)).toBe(4);
});

test('ends a call that hangs after ten seconds, and leaves no timer behind', async () => {
  const producing = new Producing({ call: (call) => (call === 1 ? 'hangs before' : 'answered') });

  await producing.send([aPayment()]);

  expect(producing.time.elapsed).toBeGreaterThanOrEqual(10_000);
  expect(producing.time.elapsed).toBeLessThan(11_000);
  await producing.time.runUntil(() => false);
  expect(producing.time.elapsed).toBeLessThan(11_000);
});

test('waits longer before each call, up to five seconds', async () => {
  const sends: number[] = [];
  const producing = new Producing({
    entry: () => {
      sends.push(producing.time.elapsed);
      return 'throttled';
    },
  });

  await producing.run(() => {
    jest.spyOn(Math, 'random').mockReturnValue(0.999);
    return producing.producer.send([aPayment()]);
  });

  const pauses = sends.slice(1).map((at, index) => at - sends[index]!);
  // A call takes up to 100 ms.
  for (const [index, longest] of [100, 200, 400, 800, 1_600, 3_200, 5_000].entries()) {
    expect(pauses[index]).toBeGreaterThan(0.99 * longest);
    expect(pauses[index]).toBeLessThan(longest + 100);
  }
});
