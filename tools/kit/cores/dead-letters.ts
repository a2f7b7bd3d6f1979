import { heldPayment, identityOf, type PaymentMessage } from '../../../src/contract';
import { anEntry, aPayment, aRecord, type RecordChanges } from '../payments/payments';
import { DeadLetterWorld } from './dead-letter-world';

const FAILED_AT = '2026-01-02T03:01:00.000Z';

/** Three payments of alice, in their order. */
export const [first, second, third] = [1, 2, 3].map((number) => aPayment({ transaction_id: `tx-${number}` })) as [
  PaymentMessage,
  PaymentMessage,
  PaymentMessage,
];

/** Fields of a record that an outage of the fraud API has failed. */
export const FAILED = {
  payment_status: 'FAILED',
  failure_code: 'FRAUD_CHECK_UNAVAILABLE',
  attempts: 3,
  history: [anEntry(), anEntry({ status: 'FAILED', attempt: 3 })],
} as const;

/** Fields of that record after a redrive. */
export const REDRIVEN = {
  attempts: 4,
  history: [...FAILED.history, anEntry({ attempt: 4, reason: 'redriven' })],
} as const;

/** Puts a failed payment's record and its dead letter into the world. @returns the letter's id */
export function buryFailed(
  world: DeadLetterWorld,
  payment: Partial<PaymentMessage>,
  fields: RecordChanges = {},
): string {
  const message = aPayment(payment);
  const failure = { ...FAILED, failure_message: 'no answer', dead_lettered_at: FAILED_AT };
  world.records.put(aRecord(message, { ...failure, ...fields }));
  return world.bury(message, fields.failure_code ?? FAILED.failure_code);
}

/** The first payment's record has the fields and holds the account; the others are parked behind it. */
export function parkBehind(world: DeadLetterWorld, fields: RecordChanges, isBuried = true): void {
  world.records.put(aRecord(first, fields));
  world.held.hold('alice', heldPayment(identityOf(first), '0'), FAILED_AT);
  if (isBuried) world.bury(first, fields.failure_code);
  for (const payment of [second, third]) {
    world.records.put(
      aRecord(payment, { parked_behind: 'tx-1', history: [anEntry({ reason: 'parked behind tx-1' })] }),
    );
    world.park(payment, 'tx-1');
  }
}

/** A world where the first payment has failed with the code, and the others are parked behind it. */
export function heldWorld(
  failure_code: 'FRAUD_CHECK_UNAVAILABLE' | 'FRAUD_CHECK_REFUSED' = 'FRAUD_CHECK_UNAVAILABLE',
): DeadLetterWorld {
  const world = new DeadLetterWorld();
  const history = [anEntry(), anEntry({ status: 'FAILED' })];
  parkBehind(world, { payment_status: 'FAILED', failure_code, dead_lettered_at: FAILED_AT, history });
  return world;
}

/** The transaction ids in alice's hold. */
export const waiting = (world: DeadLetterWorld) => world.held.read('alice').map(({ transactionId }) => transactionId);

export const ids = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
