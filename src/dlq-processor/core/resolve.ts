import {
  addEntry,
  type DecidedRecord,
  hasEnded,
  isOwnWrite,
  isResolution,
  maskId,
  METRICS,
  type PaymentRecord,
  type Resolution,
  STATUS_OF_DECISION,
} from '../../contract';
import { historyEntry, type Invocation, paymentFields } from '../../runtime/ports';
import type { ResolveRequest } from './event';
import { actOnRecord, codeOf, publishOutcome, type Services, timeIsLeft } from './ports';

const MOST_IDS = 100;

/** The result for a payment. */
export type Resolved =
  /** This run decided it. */
  | 'resolved'
  /** An operator had decided it so before: the same event was sent again, or somebody else was faster. */
  | 'resolvedBefore'
  /** An operator had decided the contrary. It stays. */
  | 'decidedOtherwise'
  /** It is not decided yet, it failed, or the fraud API itself approved or declined it. */
  | 'notInReview'
  | 'notFound';

/** What a run did with the payments that its event names. Each counts once. */
export interface ResolveAnswer extends Readonly<Record<Resolved, number>> {
  readonly action: 'resolve';
  readonly decision: Resolution;
  readonly actor: string;
  /** Nothing was changed: the counts say what would be done. */
  readonly dryRun: boolean;
  /** Transaction ids, at most 100 for each result. */
  readonly ids: Readonly<Partial<Record<Resolved, readonly string[]>>>;
  /** Errors by service and code. Payments after the one concerned were left; its own outcome may be unpublished: send the event again. */
  readonly errors: Readonly<Record<string, number>>;
  /** Whether the same event has more to do. */
  readonly more: boolean;
  readonly stoppedBy?: 'limit' | 'deadline' | 'error';
}

/**
 * Decides payments in `REVIEW`, each by one conditional write: of two operators who disagree only the first one decides. The attempt
 * stays, because it counts the claims of the payment processor.
 */
export function resolve(request: ResolveRequest, services: Services, invocation: Invocation): Promise<ResolveAnswer> {
  return new Resolve(request, services, invocation).run();
}

type Ended = Pick<ResolveAnswer, 'stoppedBy' | 'errors'>;

class Resolve {
  private readonly results: Readonly<Record<Resolved, string[]>> = {
    resolved: [],
    resolvedBefore: [],
    decidedOtherwise: [],
    notInReview: [],
    notFound: [],
  };

  constructor(
    private readonly request: ResolveRequest,
    private readonly services: Services,
    private readonly invocation: Invocation,
  ) {}

  async run(): Promise<ResolveAnswer> {
    const { action, decision, actor, dryRun } = this.request;
    const ended = await this.resolveAll();
    const { resolved, resolvedBefore, decidedOtherwise, notInReview, notFound } = this.results;
    return {
      action,
      decision,
      actor,
      dryRun,
      resolved: resolved.length,
      resolvedBefore: resolvedBefore.length,
      decidedOtherwise: decidedOtherwise.length,
      notInReview: notInReview.length,
      notFound: notFound.length,
      ids: Object.fromEntries(
        Object.entries(this.results).flatMap(([result, ids]) =>
          ids.length === 0 ? [] : [[result, ids.slice(0, MOST_IDS)]],
        ),
      ),
      more: ended.stoppedBy !== undefined,
      ...ended,
    };
  }

  /** Throws nothing: the answer must say what was done before. */
  private async resolveAll(): Promise<Ended> {
    const { transactionIds, limit } = this.request;
    try {
      for (const id of transactionIds) {
        if (!timeIsLeft(this.services, this.invocation)) return { stoppedBy: 'deadline', errors: {} };
        if ((await this.resolve(id, this.results.resolved.length < limit)) === 'limit')
          return { stoppedBy: 'limit', errors: {} };
      }
      return { errors: {} };
    } catch (error) {
      this.services.telemetry.warn('Answer incomplete', { error_code: codeOf(error) });
      return { stoppedBy: 'error', errors: { [codeOf(error)]: 1 } };
    }
  }

  private resolve(id: string, isWithinLimit: boolean): Promise<'done' | 'limit'> {
    return actOnRecord(this.services, id, async (record) => {
      if (record?.payment_status !== 'REVIEW') return this.leave(id, record);
      if (!isWithinLimit) return 'limit';
      if (this.request.dryRun) return this.add('resolved', id);
      await publishOutcome(this.services, record);
      const decided = await this.decide(record);
      if (decided === undefined) return 'changed';
      this.add('resolved', id); // before its outcome: the answer tells of the write even if nothing can be published
      await publishOutcome(this.services, decided);
      return 'done';
    });
  }

  private async leave(id: string, record: PaymentRecord | undefined): Promise<'done'> {
    if (record !== undefined && hasEnded(record) && !this.request.dryRun) await publishOutcome(this.services, record);
    return this.add(this.resultOf(record), id);
  }

  private add(result: Resolved, id: string): 'done' {
    this.results[result].push(id);
    return 'done';
  }

  private resultOf(record: PaymentRecord | undefined): Resolved {
    if (record === undefined) return 'notFound';
    if (!isResolution(record.history.at(-1)!)) return 'notInReview';
    return record.payment_status === this.status ? 'resolvedBefore' : 'decidedOtherwise';
  }

  /** @returns what the record says now of the outcome; undefined when somebody else has changed it */
  private async decide(record: DecidedRecord): Promise<DecidedRecord | undefined> {
    const { reason, actor } = this.request;
    const { payments, telemetry, clock, accountHash } = this.services;
    const change = addEntry(
      record,
      historyEntry(this.invocation, clock, this.status, record.attempts, { reason, actor }),
    );
    const isWritten =
      (await payments.resolve({ record, ...change })) ||
      isOwnWrite(await payments.read(record.transaction_id), change.entry);
    if (!isWritten) return undefined;
    const payment = { ...record, transaction_id: maskId(record.transaction_id) };
    telemetry.info('Payment resolved', {
      ...paymentFields(payment, accountHash),
      status: this.status,
      reason,
      actor,
      history_hash: change.entry.hash,
    });
    telemetry.count(METRICS.reviewsResolved);
    return { ...record, payment_status: this.status, timestamp: change.entry.at };
  }

  private get status() {
    return STATUS_OF_DECISION[this.request.decision];
  }
}
