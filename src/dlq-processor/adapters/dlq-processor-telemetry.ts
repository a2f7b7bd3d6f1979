import { maskId } from '../../contract';
import { ServiceError } from '../../runtime/ports';
import { PowertoolsTelemetry } from '../../runtime/telemetry';
import type { Analysis } from '../core/analysis';
import type { BulkAnswer } from '../core/bulk-answer';
import { InvalidEventError } from '../core/event';
import type { ResolveAnswer } from '../core/resolve';
import type { Answer } from '../core/operate';

/** Errors whose messages contain no part of a payment. Of any other error only the name is logged. */
const LOGGED = [InvalidEventError, ServiceError];

/** Logs and traces, and one line for each invocation's answer. */
export class DlqProcessorTelemetry extends PowertoolsTelemetry {
  /** Logs the result as one line: fields for a query, `summary` for a person. */
  answered(answer: Answer): void {
    if (answer.action === 'analyze') this.analyzed(answer);
    else if (answer.action === 'resolve') this.resolved(answer);
    else if (answer.action !== 'measure') this.changed(answer); // a measurement is in its metric's line
  }

  failed(error: unknown): void {
    const reason = LOGGED.some((type) => error instanceof type) ? (error as Error).message : undefined;
    this.error('Nothing done', { error_code: error instanceof Error ? error.name : typeof error, reason });
  }

  private analyzed(analysis: Analysis): void {
    this.logger.info('Failed payments analyzed', {
      summary: analysis.summary,
      failed_payments: analysis.failedPayments,
      by_failure_code: analysis.byFailureCode,
      by_release: analysis.byRelease,
      by_age: analysis.byAge,
      accounts: analysis.accounts,
      by_account: analysis.byAccount.map(({ accountHash, failed }) => ({ account_hash: accountHash, failed })),
      first_seen: analysis.firstSeen,
      last_seen: analysis.lastSeen,
      held_accounts: analysis.heldAccounts?.count,
      longest_held: analysis.heldAccounts?.longest.map(({ accountHash, since, waiting, waitsFor }) => ({
        account_hash: accountHash,
        since,
        waiting,
        waits_for: waitsFor?.transactionId,
        state: waitsFor?.state,
      })),
      patterns: analysis.patterns.map(({ kind, subject, failed }) => ({ kind, subject, failed })),
      alerted: analysis.alerted,
      dead_letters_visible: analysis.deadLetters?.visible,
      dead_letters_in_flight: analysis.deadLetters?.inFlight,
      sample: analysis.sample,
      more: analysis.more,
      stopped_by: analysis.stoppedBy,
    });
  }

  /** The payments' ids are in lines of their own. */
  private resolved(answer: ResolveAnswer): void {
    this.logger.info('Reviews resolved', {
      decision: answer.decision,
      actor: answer.actor,
      dry_run: answer.dryRun,
      resolved: answer.resolved,
      resolved_before: answer.resolvedBefore,
      decided_otherwise: answer.decidedOtherwise,
      not_in_review: answer.notInReview,
      not_found: answer.notFound,
      errors: answer.errors,
      more: answer.more,
      stopped_by: answer.stoppedBy,
    });
  }

  private changed({
    action,
    actor,
    dryRun,
    seen,
    redriven,
    discarded,
    settled,
    left,
    waitsFor,
    errors,
    more,
    stoppedBy,
  }: BulkAnswer): void {
    this.logger.info(action === 'redrive' ? 'Dead letters redriven' : 'Dead letters discarded', {
      actor,
      dry_run: dryRun,
      seen,
      redriven,
      discarded,
      settled,
      left,
      waits_for: waitsFor.map(maskId),
      errors,
      more,
      stopped_by: stoppedBy,
    });
  }
}
