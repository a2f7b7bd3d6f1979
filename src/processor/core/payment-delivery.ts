import type { Held, PaymentIdentity, PaymentMessage } from '../../contract';
import type { QueueMessage } from './ports';

/** A payment, as one delivery brought it. */
export interface PaymentDelivery {
  readonly message: QueueMessage;
  readonly payment: PaymentMessage;
  readonly identity: PaymentIdentity;
  /** Its entry in the account's hold, if it comes to be held by this delivery. */
  readonly held: Held;
}

/** The message is done with: decided, failed and quarantined, or settled before. SQS may delete it. */
export interface Acknowledged {
  readonly kind: 'acknowledged';
}

/** The message, and the rest of its account's behind it, goes back to the queue. */
export interface Returned {
  readonly kind: 'returned';
  readonly errorCode: string;
  /** What the last call of the fraud API ended with, if that is why. */
  readonly cause?: string | undefined;
  /** When the fraud API failed this payment last (ms since the epoch), if that is why. */
  readonly fraudCheckFailedAt?: number | undefined;
  /** The fraud API's own wish. */
  readonly retryAfterSeconds?: number | undefined;
  /** Another invocation owns the message: its visibility is not ours to set. */
  readonly ownedElsewhere?: true;
}

export type Outcome = Acknowledged | Returned;

export const ACKNOWLEDGED: Acknowledged = { kind: 'acknowledged' };
export const FENCE_LOST: Returned = { kind: 'returned', errorCode: 'FENCE_LOST', ownedElsewhere: true };
