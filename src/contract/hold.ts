import type { PaymentMessage } from './payment-message';
import { fingerprint } from './fingerprint';

/** What the function does with an account's later payments when one has failed. */
export const ON_FAILED_PAYMENT = ['continue', 'hold'] as const;

export type OnFailedPayment = (typeof ON_FAILED_PAYMENT)[number];

/** No transaction id has the character, so that a hold's key is none of a payment. */
const HOLD_PREFIX = 'hold#';
/** A sequence number has 128 bits: up to 39 digits. */
const SEQUENCE_DIGITS = 39;
/** Enough of the fingerprint to tell payments of one transaction id apart. */
const FINGERPRINT_DIGITS = 16;

/**
 * Key of the account's hold in the payment table. The item's only other attribute is the set `held`; without it the
 * account is not held any more.
 */
export function holdKey(accountId: string): string {
  return `${HOLD_PREFIX}${accountId}`;
}

/** One element of `held`: a payment that has failed, or is parked behind one. Sorted as text, the eldest comes first. */
export interface Held {
  /** SQS's, of the message with which the payment came to be held; a redriven one keeps it. */
  readonly sequenceNumber: string;
  readonly transactionId: string;
  /** Of the payment's content; a transaction id may be claimed by two. */
  readonly content: string;
}

export function heldPayment(payment: PaymentMessage, sequenceNumber: string): Held {
  return { sequenceNumber, transactionId: payment.transaction_id, content: fingerprint(payment).slice(0, FINGERPRINT_DIGITS) };
}

export function writeHeld({ sequenceNumber, transactionId, content }: Held): string {
  return [sequenceNumber.padStart(SEQUENCE_DIGITS, '0'), transactionId, content].join(' ');
}

export function readHeld(text: string): Held {
  const [sequenceNumber = '', transactionId = '', content = ''] = text.split(' ');
  return { sequenceNumber: sequenceNumber.replace(/^0+(?=.)/, ''), transactionId, content };
}

/** Whether both are the same payment, whenever each came. */
export function isSameHeld(one: Held, other: Held): boolean {
  return one.transactionId === other.transactionId && one.content === other.content;
}
