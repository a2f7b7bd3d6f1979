import { isResolution, METRICS, type PaymentRecord, STATUS_OF_DECISION } from '../../src/contract';
import type { ResolveAnswer } from '../../src/dlq-processor/core/resolve';
import type { ResolveRequest } from '../../src/dlq-processor/core/event';
import { addedEntries } from '../kit/cores/record-audit';
import type { DlqInvocation } from './invocation';
import type { OutcomeRules } from './outcome-rules';
import type { SimulatedServices } from './services';

/** The decisions of payments in review by operators, and what they are told of them. */
export class ReviewRules {
  constructor(
    private readonly services: SimulatedServices,
    private readonly outcomes: OutcomeRules,
  ) {}

  /** A call of the DLQ processor to a service. A resolution reads and changes records, publishes their outcomes, and touches nothing else. */
  onCall(what: string, { event, requestId }: DlqInvocation): void {
    if (event.action === 'resolve' && !/^((reads|resolves) \S+$|publishes )/.test(what))
      this.violated(`${requestId} resolves reviews, and ${what}`);
  }

  /** The DLQ processor has decided a payment. */
  onResolved(before: PaymentRecord | undefined, after: PaymentRecord, by: DlqInvocation): void {
    const { decision, reason, actor, transactionIds } = by.event as unknown as ResolveRequest;
    const [entry, ...more] = (before && addedEntries(before, after)) ?? [];
    const isAsked = by.event.action === 'resolve' && [...transactionIds].includes(after.transaction_id);
    const isTold = entry?.reason === reason && entry.actor === actor && entry.request_id === by.requestId;
    const isRight =
      before?.payment_status === 'REVIEW' &&
      after.payment_status === STATUS_OF_DECISION[decision] &&
      after.fraud === before.fraud &&
      after.attempts === before.attempts &&
      more.length === 0 &&
      entry?.status === after.payment_status &&
      entry.attempt === after.attempts;
    if (!isAsked || !isTold || !isRight)
      this.violated(
        `${after.transaction_id}, ${before?.payment_status ?? 'without a record'}, by ${by.requestId}: ${JSON.stringify(after.history)}`,
      );
    by.resolved.add(after.transaction_id);
  }

  /** What an operator is told stays true, because a resolution is never changed. */
  onAnswered({ decision, dryRun, ids, errors, stoppedBy }: ResolveAnswer, by: DlqInvocation): void {
    const status = STATUS_OF_DECISION[decision];
    const { resolved = [], resolvedBefore = [], decidedOtherwise = [] } = ids;
    const isBy = (transactionId: string, isTheSame: boolean) => {
      const record = this.services.table.read(transactionId);
      return (
        record !== undefined && isResolution(record.history.at(-1)!) && (record.payment_status === status) === isTheSame
      );
    };
    const wrong = [
      ...(dryRun ? [] : resolved.filter((id) => !by.resolved.has(id))),
      ...resolvedBefore.filter((id) => !isBy(id, true)),
      ...decidedOtherwise.filter((id) => !isBy(id, false)),
      // A write without an answer ends the run with an error.
      ...(stoppedBy === 'error' ? [] : [...by.resolved].filter((id) => !resolved.includes(id))),
    ];
    for (const id of wrong)
      this.services.log.violated(
        'answers true',
        `${by.requestId} answers ${JSON.stringify({ ids, errors })}: not so for ${id}`,
      );
    // The outcome that was refused may be that of the last one: then the error ended the run.
    const published = stoppedBy === 'error' ? resolved.slice(0, -1) : resolved;
    if (!dryRun)
      for (const id of [...published, ...resolvedBefore, ...decidedOtherwise])
        this.outcomes.onAnswered(this.services.table.read(id)!, by.requestId);
    if (by.countOf(METRICS.reviewsResolved) !== (dryRun ? 0 : resolved.length))
      this.services.log.violated('metrics equal transitions', `${by.requestId} counts other reviews than it answers`);
  }

  private violated(what: string): void {
    this.services.log.violated('reviews decided once', what);
  }
}
