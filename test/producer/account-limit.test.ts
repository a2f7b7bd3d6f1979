import { idsOf, payments, Producing } from '../../tools/kit/producer/producing';

test('maxPaymentsPerAccount: further payments of an account are refused in their order, other accounts continue, and a new run begins again [G9]', async () => {
  const producing = new Producing({
    entry: (id, send) =>
      id === 'payment-2' && send === 1 ? 'throttled' : id === 'payment-4' ? 'unfit content' : 'stored',
  });
  const sent = [
    ...payments(12, 2),
    ...payments(14, 2)
      .slice(12)
      .map((payment) => ({ ...payment, amount: -1 })),
  ];

  const results = await producing.send(sent, { maxPaymentsPerAccount: 3 });

  // Of account-0, payment-4 is not in the queue, so that payment-6 still is the third.
  expect(results.map((result) => result.status === 'accepted' || result.code)).toEqual([
    true,
    true,
    true,
    true,
    'INVALID_PAYMENT',
    true,
    true,
    ...Array.from({ length: 5 }, () => 'ACCOUNT_LIMIT'),
    'INVALID_PAYMENT',
    'INVALID_PAYMENT',
  ]);
  expect(results[8]).toEqual({
    payment: sent[8],
    status: 'refused',
    code: 'ACCOUNT_LIMIT',
    reason: expect.stringContaining('3 payments accepted'),
  });
  expect(idsOf(producing.queued, 'account-0')).toEqual(['payment-0', 'payment-2', 'payment-6']);
  expect(idsOf(producing.queued, 'account-1')).toEqual(['payment-1', 'payment-3', 'payment-5']);

  const again = await producing.send(sent.slice(7, 12), { maxPaymentsPerAccount: 3 });
  expect(again.map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'accepted'));
});

test('maxPaymentsPerAccount: no call is made for payments above the limit', async () => {
  const producing = new Producing();
  const results = await producing.send(payments(4, 1), { maxPaymentsPerAccount: 1 });
  expect(results.map((result) => result.status === 'accepted' || result.code)).toEqual([
    true,
    'ACCOUNT_LIMIT',
    'ACCOUNT_LIMIT',
    'ACCOUNT_LIMIT',
  ]);
  expect(producing.sqs.sendsOf('payment-1')).toEqual([]);
});

test.each([0, -1, 1.5, NaN, '3' as unknown as number])(
  'maxPaymentsPerAccount: %p is refused before anything is read',
  async (maxPaymentsPerAccount) => {
    const producing = new Producing();
    await expect(producing.send(payments(1, 1), { maxPaymentsPerAccount })).rejects.toThrow(
      new RangeError(`maxPaymentsPerAccount is ${maxPaymentsPerAccount}, but must be a whole number of at least 1.`),
    );
    expect(producing.queued).toEqual([]);
  },
);
