import { isDecided, isDiscarded, type PaymentIdentity, type PaymentRecord } from './payment-record';

/** The values of `onFailedPayment`: after a failed payment, an account's later payments continue or are parked. */
export const ON_FAILED_PAYMENT = ['continue', 'hold'] as const;

/** The values of the prop `onFailedPayment`. */
export type OnFailedPayment = (typeof ON_FAILED_PAYMENT)[number];

/** No transaction id contains "#", so a hold's key is never the key of a payment. */
const HOLD_PREFIX = 'hold#';
/** A sequence number has 128 bits: up to 39 digits. */
const SEQUENCE_DIGITS = 39;
/** Enough of the fingerprint to tell payments of one transaction id apart. */
const FINGERPRINT_DIGITS = 16;

/** `payment_status` of a hold in the status index, whose `timestamp` is the time at which the account was held. No payment has it. */
export const HELD = 'HELD';

/**
 * Key of the account's hold in the payment table. The item has the set `held`, the status `HELD` and the time of the first
 * entry. It loses all three with the last entry: then the account is not held any more.
 */
export function holdKey(accountId: string): string {
  return `${HOLD_PREFIX}${accountId}`;
}

/** The account of a hold's key. */
export function accountOfHold(key: string): string {
  return key.slice(HOLD_PREFIX.length);
}

/** One entry of a hold: a payment that has failed, or is parked behind one. Sorted as text, the oldest comes first. */
export interface Held {
  /** Sequence number of the message with which the payment entered the hold. A redriven payment keeps it. */
  readonly sequenceNumber: string;
  /** Transaction id of the payment. */
  readonly transactionId: string;
  /** Part of the payment's fingerprint: another account may use the same transaction id. */
  readonly content: string;
}

/** The entry of a payment that enters a hold. @param sequenceNumber of its message */
export function heldPayment({ transaction_id, fingerprint }: PaymentIdentity, sequenceNumber: string): Held {
  return { sequenceNumber, transactionId: transaction_id, content: contentOf(fingerprint) };
}

/** The entry as the set `held` stores it. */
export function writeHeld({ sequenceNumber, transactionId, content }: Held): string {
  return [sequenceNumber.padStart(SEQUENCE_DIGITS, '0'), transactionId, content].join(' ');
}

/** The entry of an element of the set `held`. */
export function readHeld(text: string): Held {
  const [sequenceNumber, transactionId, content] = text.split(' ') as [string, string, string];
  return { sequenceNumber: sequenceNumber.replace(/^0+(?=.)/, ''), transactionId, content };
}

/** The entries of a hold's item, oldest first; none when the account is not held. */
export function readHold(item: Readonly<Record<string, unknown>> | undefined): readonly Held[] {
  const held = (item?.held ?? new Set()) as ReadonlySet<string>;
  return [...held].sort().map(readHeld);
}

/** Identifies an entry's payment, regardless of its sequence number. */
export function heldKey({ transactionId, content }: Held): string {
  return `${transactionId} ${content}`;
}

/** The key of the payment's entry, if it has one. */
export function heldKeyOf({ transaction_id, fingerprint }: PaymentIdentity): string {
  return `${transaction_id} ${contentOf(fingerprint)}`;
}

/** Whether both are the same payment, regardless of their sequence numbers. */
export function isSameHeld(one: Held, other: Held): boolean {
  return heldKey(one) === heldKey(other);
}

/**
 * Whether the account waits for this entry. It does not when the entry's payment is decided or discarded, or when its
 * transaction id belongs to another payment or has no record. Every entry has a record from the start.
 * @param record of the entry's transaction id
 */
export function isBlocking(entry: Held, record: PaymentRecord | undefined): boolean {
  if (record === undefined || contentOf(record.fingerprint) !== entry.content) return false;
  return !isDecided(record) && !isDiscarded(record);
}

/** The oldest entry's record that the account waits for; undefined when nothing blocks: the account's next payment lifts the hold. */
export async function findBlocker(
  entries: readonly Held[],
  read: (transactionId: string) => Promise<PaymentRecord | undefined>,
): Promise<PaymentRecord | undefined> {
  for (const entry of entries) {
    const record = await read(entry.transactionId);
    if (isBlocking(entry, record)) return record;
  }
  return undefined;
}

/** `parked`: what it was parked behind has ended. `on its way`: it is in the payment queue, and not decided yet. */
export type BlockerState = 'failed' | 'parked' | 'on its way';

/** The state of a payment that an account waits for. @param record the record of a payment that blocks */
export function blockerState({ payment_status, parked_behind }: PaymentRecord): BlockerState {
  if (payment_status === 'FAILED') return 'failed';
  return parked_behind === undefined ? 'on its way' : 'parked';
}

function contentOf(fingerprint: string): string {
  return fingerprint.slice(0, FINGERPRINT_DIGITS);
}
