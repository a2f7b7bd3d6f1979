import { Logger } from '@aws-lambda-powertools/logger';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';
import { maskId } from '../../contract';
import { traced } from '../../runtime/traced';
import type { Analysis } from '../core/analysis';
import { InvalidEventError } from '../core/event';
import { type LogFields, ServiceError, type Telemetry } from '../core/ports';
import type { BulkAnswer } from '../core/bulk-operation';

/** Errors whose texts hold nothing of a payment. Another's may quote one, so only its name is told. */
const TOLD = [InvalidEventError, ServiceError];

/** Powertools: logs and traces, with counts and without a word of any payment but its id. */
export class PowertoolsTelemetry implements Telemetry {
  private readonly logger = new Logger();
  private readonly tracer = new Tracer();

  begin(context: Context): void {
    this.logger.addContext(context);
  }

  /** What was found or done, as one line: fields for a query, `summary` for a person. */
  answered(answer: Analysis | BulkAnswer): void {
    if (answer.action === 'analyze') this.analyzed(answer);
    else this.worked(answer);
  }

  failed(error: unknown): void {
    const told = TOLD.some((type) => error instanceof type) ? (error as Error).message : undefined;
    this.logger.error('Nothing done', { error_code: error instanceof Error ? error.name : typeof error, reason: told });
  }

  info(event: string, fields: LogFields): void {
    this.logger.info(event, { ...fields });
  }

  warn(event: string, fields: LogFields): void {
    this.logger.warn(event, { ...fields });
  }

  trace<T>(segment: string, work: () => Promise<T>): Promise<T> {
    return traced(this.tracer, segment, work);
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

  private worked({
    action,
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
