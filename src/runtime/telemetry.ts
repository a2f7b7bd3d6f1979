import { Logger } from '@aws-lambda-powertools/logger';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context } from 'aws-lambda';
import type { Log, LogFields } from './ports';

/** Powertools: logs and traces that hold no part of a payment but its id. */
export class PowertoolsTelemetry implements Log {
  protected readonly logger = new Logger();
  private readonly tracer = new Tracer();
  /** Whether X-Ray takes the trace of this invocation: by default it takes one a second, and 5 % of the others. */
  private isSampled = false;

  begin(context: Context): void {
    this.logger.addContext(context);
    this.isSampled = this.tracer.isTraceSampled();
  }

  info(event: string, fields: LogFields): void {
    this.logger.info(event, { ...fields });
  }

  warn(event: string, fields: LogFields): void {
    this.logger.warn(event, { ...fields });
  }

  error(event: string, fields: LogFields): void {
    this.logger.error(event, { ...fields });
  }

  /** Runs work as a segment of the trace. An error only flags the segment: the trace must not show its message. */
  trace<T>(segment: string, work: () => Promise<T>): Promise<T> {
    if (!this.isSampled) return work();
    return this.tracer.provider.captureAsyncFunc(`## ${segment}`, async (subsegment) => {
      try {
        return await work();
      } catch (error) {
        subsegment?.addErrorFlag();
        throw error;
      } finally {
        subsegment?.close();
      }
    }) as Promise<T>;
  }
}
