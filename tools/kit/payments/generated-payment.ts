import type { PaymentMessage } from '../../../src/contract';
import { POISON_PREFIX } from '../embedded/fraud-api';
import type { SeededRandom } from '../random';

const CURRENCIES = ['SGD', 'USD', 'EUR', 'JPY', 'IDR'];

export interface GeneratedFields extends Required<
  Pick<PaymentMessage, 'transaction_id' | 'requested_at' | 'reference'>
> {
  /** Number of accounts, of which a few are much busier than the rest, as in life. */
  readonly accounts: number;
  /** Whether the embedded fraud API refuses it permanently. */
  readonly isPoison: boolean;
}

/** A made-up payment, the same for the same random numbers. */
export function generatedPayment(
  random: SeededRandom,
  { accounts, isPoison, transaction_id, requested_at, reference }: GeneratedFields,
): PaymentMessage {
  return {
    schema_version: 1,
    transaction_id,
    account_id: `account-${Math.floor(accounts * random.next() ** 1.5) + 1}`,
    amount: random.between(100, 500_000),
    currency: CURRENCIES[random.between(0, CURRENCIES.length - 1)]!,
    beneficiary_id: `${isPoison ? POISON_PREFIX : ''}shop-${random.between(1, 200)}`,
    requested_at,
    reference,
  };
}
