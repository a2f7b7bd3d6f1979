import { Logger } from '@aws-lambda-powertools/logger';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';
import { traced } from '../../runtime/traced';
import type { Analysis } from '../analyze';
import { ActionUnavailableError, InvalidEventError } from '../event';
import { ReadError, type Trace } from '../ports';

/** Errors whose texts hold nothing of a payment. Another's may quote one, so only its name is told. */
const TOLD = [InvalidEventError, ActionUnavailableError, ReadError];

/** Powertools: logs and traces, with counts and without a word of any payment. */
export class PowertoolsTelemetry {
  private readonly logger = new Logger();
  private readonly tracer = new Tracer();

  begin(context: Context): void {
    this.logger.addContext(context);
  }

  analyzed({ failedPayments, byFailureCode, deadLetters, more, stoppedBy }: Analysis): void {
    this.logger.info('Failed payments analyzed', {
      failed_payments: failedPayments,
      by_failure_code: byFailureCode,
      dead_letters_visible: deadLetters?.visible,
      dead_letters_in_flight: deadLetters?.inFlight,
      more,
      stopped_by: stoppedBy,
    });
  }

  failed(error: unknown): void {
    const told = TOLD.some((type) => error instanceof type) ? (error as Error).message : undefined;
    this.logger.error('Nothing done', { error_code: error instanceof Error ? error.name : typeof error, reason: told });
  }

  readonly trace: Trace = (segment, work) => traced(this.tracer, segment, work);
}
