import { METRICS } from '../../contract';
import type { Services } from './ports';

/** What waits for a person. */
export interface Measurement {
  readonly action: 'measure';
  /** Seconds since the longest waiting payment in `REVIEW` came there; 0 when none waits. */
  readonly oldestReviewSeconds: number;
}

/**
 * Measures what waits for a person. Looks at no dead letter: that would hide it from an operator's run at the same time.
 * @throws ServiceError
 */
export async function measure({ index, telemetry, clock }: Services): Promise<Measurement> {
  const since = await index.oldestReview();
  const oldestReviewSeconds = since === undefined ? 0 : Math.max(0, (clock.now() - Date.parse(since)) / 1_000);
  telemetry.record(METRICS.oldestReviewAge, oldestReviewSeconds);
  return { action: 'measure', oldestReviewSeconds };
}
