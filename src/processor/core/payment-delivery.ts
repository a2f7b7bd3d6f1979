import type { Held, PaymentIdentity, PaymentMessage } from '../../contract';
import type { QueueMessage } from './ports';

/** A payment in one delivery. */
export interface PaymentDelivery {
  readonly message: QueueMessage;
  readonly payment: PaymentMessage;
  readonly identity: PaymentIdentity;
  /** The entry that the payment gets in the account's hold, if this delivery fails or parks it. */
  readonly held: Held;
}

/** The message is done: decided, failed and quarantined, parked, or settled before. SQS may delete it. */
export interface Acknowledged {
  readonly kind: 'acknowledged';
}

/** The message returns to the queue, and the rest of its account's messages behind it. */
export interface Returned {
  readonly kind: 'returned';
  readonly errorCode: string;
  /** How the last call of the fraud API ended, if that is why. */
  readonly cause?: string | undefined;
  /** When the fraud API failed this payment last (ms since the epoch), if that is why. */
  readonly fraudCheckFailedAt?: number | undefined;
  /** The fraud API's `Retry-After`. */
  readonly retryAfterSeconds?: number | undefined;
  /** Another invocation owns the message, so this one must not set its visibility. */
  readonly ownedElsewhere?: true;
}

export type Outcome = Acknowledged | Returned;

export const ACKNOWLEDGED: Acknowledged = { kind: 'acknowledged' };
export const FENCE_LOST: Returned = { kind: 'returned', errorCode: 'FENCE_LOST', ownedElsewhere: true };
