import type { PaymentMessage } from '../../contract';
import type { QueueMessage } from './ports';
import type { Turn } from './turn';

/** A payment, as one delivery brought it. */
export interface Arrival {
  readonly message: QueueMessage;
  readonly payment: PaymentMessage;
  readonly turn: Turn;
}
