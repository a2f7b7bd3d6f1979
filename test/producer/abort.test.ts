import { aPayment } from '../../tools/kit/payments/payments';
import { idsOf, payments, Producing } from '../../tools/kit/producer/producing';

test('an abort ends sending before the next batch; what waited is refused as aborted', async () => {
  const stop = new AbortController();
  const producing = new Producing({
    call: () => {
      stop.abort();
      return 'answered';
    },
  });

  const results = await producing.send(payments(50, 1), { signal: stop.signal });

  expect(idsOf(producing.queued)).toEqual(['payment-0']);
  expect(results[0]).toMatchObject({ status: 'accepted' });
  for (const waiting of results.slice(1))
    expect(waiting).toMatchObject({ status: 'refused', code: 'ABORTED', reason: expect.stringContaining('aborted') });
  expect(producing.sqs.batches).toHaveLength(1);
});

test('a payment that SQS refuses stays refused when the sending is aborted meanwhile', async () => {
  const stop = new AbortController();
  const producing = new Producing({
    call: () => {
      stop.abort();
      return 'denied';
    },
  });

  expect(await producing.send([aPayment()], { signal: stop.signal })).toMatchObject([
    { status: 'refused', code: 'SEND_FAILED' },
  ]);
});

test('an abort is not waited out: a throttled payment has its result at once', async () => {
  const stop = new AbortController();
  const sends: number[] = [];
  const producing = new Producing({
    entry: () => {
      if (sends.push(producing.time.elapsed) === 7) stop.abort();
      return 'throttled';
    },
  });

  expect(await producing.send([aPayment()], { signal: stop.signal })).toMatchObject([
    { status: 'refused', code: 'ABORTED' },
  ]);

  expect(sends).toHaveLength(7);
  expect(producing.time.elapsed - sends.at(-1)!).toBeLessThan(100);
});
