import { POISON_PREFIX } from '../../../tools/kit/embedded/fraud-api';
import { generateSubmissions } from '../../../tools/demo/payment-input';
import { validatePaymentMessage } from '../../../src/contract';

const options = { payments: 200, accounts: 7, poison: 9, seed: 3 };

test('generated payments are valid, distinct, and as many as --payments says', () => {
  const { payments, badLines } = generateSubmissions(options);

  expect(payments).toHaveLength(200);
  expect(new Set(payments.map(({ transaction_id }) => transaction_id)).size).toBe(200);
  expect(new Set(payments.map(({ account_id }) => account_id)).size).toBe(7);
  expect(payments.filter(({ beneficiary_id }) => beneficiary_id.startsWith(POISON_PREFIX))).toHaveLength(9);
  expect(payments.map(validatePaymentMessage)).toEqual(payments);
  expect(badLines).toEqual([]);
});

test('the same seed makes the same payments, another seed others', () => {
  expect(generateSubmissions(options)).toEqual(generateSubmissions(options));
  expect(generateSubmissions(options)).not.toEqual(generateSubmissions({ ...options, seed: 4 }));
});

test('all of them can be poison', () => {
  const { payments } = generateSubmissions({ ...options, payments: 5, poison: 5 });

  expect(payments.every(({ beneficiary_id }) => beneficiary_id.startsWith(POISON_PREFIX))).toBe(true);
});
