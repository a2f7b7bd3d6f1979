import type { Held, PaymentIdentity, PaymentMessage } from '../../contract';
import type { QueueMessage } from './ports';

/** A payment, as one delivery brought it. */
export interface Arrival {
  readonly message: QueueMessage;
  readonly payment: PaymentMessage;
  readonly identity: PaymentIdentity;
  /** Its entry in the account's hold, if it comes to be held by this delivery. */
  readonly held: Held;
}
