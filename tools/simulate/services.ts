import type { OnFailedPayment } from '../../src/contract';
import type { FifoQueue } from '../kit/fifo-queue';
import type { VirtualTime } from '../kit/virtual-time';
import type { DeadLetterQueue } from './dead-letter-queue';
import type { RunLog } from './run-log';
import type { PaymentTable } from './payment-table';

/** A run, as the invariants see it: the services that hold payments, not the code under test. */
export interface SimulatedServices {
  readonly time: VirtualTime;
  readonly log: RunLog;
  readonly queue: FifoQueue;
  readonly deadLetters: DeadLetterQueue;
  readonly table: PaymentTable;
  /** The pipeline's setting at this moment. */
  readonly onFailedPayment: OnFailedPayment;
}
