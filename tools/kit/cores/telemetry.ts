import { createAccountHash, type MetricName } from '../../../src/contract';
import type { Telemetry } from '../../../src/processor/core/ports';
import type { Clock, LogFields } from '../../../src/runtime/ports';

/** The key in the function's environment with which it hashes accounts. */
export const ACCOUNT_HASH_KEY = 'the key of the tests, 32 characters at least';
export const hashOf = createAccountHash(ACCOUNT_HASH_KEY);

/** Stands still until told. */
export class ManualClock implements Clock {
  private time = Date.parse('2026-01-02T03:04:05.678Z');

  now(): number {
    return this.time;
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}

/** Keeps what was counted, logged and traced. */
export class RecordedTelemetry implements Telemetry {
  readonly counts: Partial<Record<MetricName, number>> = {};
  readonly latencies: number[] = [];
  readonly segments: string[] = [];
  readonly logs: (LogFields & { readonly event: string })[] = [];

  count(metric: MetricName, times = 1): void {
    this.counts[metric] = (this.counts[metric] ?? 0) + times;
  }

  fraudCheckLatency(milliseconds: number): void {
    this.latencies.push(milliseconds);
  }

  info(event: string, fields: LogFields): void {
    if (event === '') throw new Error('A log entry without a message.');
    this.logs.push({ event, ...fields });
  }

  warn(event: string, fields: LogFields): void {
    this.info(event, fields);
  }

  error(event: string, fields: LogFields): void {
    this.info(event, fields);
  }

  trace<T>(segment: string, work: () => Promise<T>): Promise<T> {
    this.segments.push(segment);
    return work();
  }
}
