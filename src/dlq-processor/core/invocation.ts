import type { AccountHash, PaymentStatus, HistoryEntry } from '../../contract';
import type {
  AlertThrottle,
  AlertTopic,
  Clock,
  DeadLetterQueue,
  Holds,
  PaymentQueue,
  Payments,
  StatusIndex,
  Telemetry,
} from './ports';

/** What the core works with, made once for the function's life. */
export interface Services {
  readonly index: StatusIndex;
  readonly payments: Payments;
  readonly holds: Holds;
  readonly deadLetters: DeadLetterQueue;
  readonly paymentQueue: PaymentQueue;
  readonly topic: AlertTopic;
  readonly alertMemory: AlertThrottle;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly accountHash: AccountHash;
}

/** One invocation of the function. */
export interface Invocation {
  readonly requestId: string;
  readonly releaseId: string;
  /** Milliseconds since the epoch; Lambda ends the function then. */
  readonly deadline: number;
  /** Aborted when no more work can be finished. What only gives messages back has `lastCalls`. */
  readonly signal: AbortSignal;
  /** Aborted just before the deadline. */
  readonly lastCalls: AbortSignal;
}

/** Before the deadline: no work is started any more. More than the slowest call takes, with all its tries. */
export const RESERVE_MS = 15_000;

/** Before the deadline: work that was started is given up, so that there is time to give messages back. */
export const STOP_WORK_MS = 5_000;

/** Before the deadline: the answer must go out, or all that it says is lost. */
export const ANSWER_MS = 1_000;

export function timeIsLeft({ clock }: Pick<Services, 'clock'>, { deadline }: Pick<Invocation, 'deadline'>): boolean {
  return clock.now() < deadline - RESERVE_MS;
}

/** What an operator's action adds to a record's history. */
export function historyEntry(
  { clock }: Pick<Services, 'clock'>,
  { requestId: request_id, releaseId: release_id }: Invocation,
  status: PaymentStatus,
  attempt: number,
  reason: string,
): HistoryEntry {
  return { status, at: new Date(clock.now()).toISOString(), attempt, request_id, release_id, reason };
}
