import { byStatus, type MetricName, type OnFailedPayment } from '../../src/contract';
import type { Queued } from '../kit/fifo-queue';

/** The answer to Lambda: the messages to return to the queue, or the failure of the whole invocation. */
export type Answer = { readonly returned: ReadonlySet<string> } | 'failed';

/** How an invocation ended. */
export type Ending = 'answered' | 'crashed' | 'timed out';

/** One invocation of the payment processor, with what the invariants have to know about it. */
export class Invocation {
  ending: Ending | undefined;
  /** Something other than the fraud API went wrong while it ran: its messages may have spent a receive for nothing. */
  isDisturbed = false;
  /** It was so late that its calls were given up. */
  isOverdue = false;
  /** Writes that happened without the function hearing of it, so that it may have counted one too few. */
  unanswered = 0;
  fraudCalls = 0;
  /** Calls of the fraud API that brought a decision or a refusal. */
  answeredCalls = 0;
  /** Transaction ids of which it heard that they are refused permanently. */
  readonly refused = new Set<string>();
  /** Transaction ids for which it called the fraud API: how often, and when first (ms). */
  readonly called = new Map<string, { readonly calls: number; readonly firstAt: number }>();
  /** Transaction ids to whose call the API answered with a Retry-After. */
  readonly gotRetryAfter = new Set<string>();
  /** Transaction ids that it brought to an end in the table. */
  readonly settled = new Set<string>();
  /** Counts of the records and messages that it has written and sent. */
  readonly done = {
    ...byStatus(() => 0),
    deadLettered: 0,
    refusedMessages: 0,
    parked: 0,
    outcomesPublished: 0,
    outcomesFailed: 0,
  };
  /** The metrics that it emitted at its end; nothing if it did not reach its end. */
  counts: Partial<Record<MetricName, number>> = {};
  latencies = 0;

  constructor(
    readonly requestId: string,
    readonly messages: readonly Queued[],
    readonly onFailedPayment: OnFailedPayment,
  ) {}
}

/** One invocation of the DLQ processor, with what the invariants have to know about it. */
export class DlqInvocation {
  /** Transaction ids and message ids that the event names. */
  readonly asksFor: ReadonlySet<string>;
  /** Accounts one of whose letters it has left after an error. */
  readonly stoppedAccounts = new Set<string>();
  /** Payments, by fingerprint, that it has redriven, discarded or resolved. */
  readonly changed = new Set<string>();
  /** Transaction ids that it has resolved. */
  readonly resolved = new Set<string>();
  /** How often it has counted each metric. */
  private readonly counted = new Map<MetricName, number>();

  constructor(
    readonly requestId: string,
    readonly beganAt: number,
    readonly event: Readonly<Record<string, unknown>>,
  ) {
    this.asksFor = new Set((event.transactionIds ?? []) as string[]);
  }

  count(metric: MetricName): void {
    this.counted.set(metric, this.countOf(metric) + 1);
  }

  countOf(metric: MetricName): number {
    return this.counted.get(metric) ?? 0;
  }
}
