import { HALF_OPEN_AFTER_MS } from '../../src/processor/adapters/circuit-breaker';
import { retryDelaySeconds } from '../../src/processor/core/retry-delay';
import { SETTINGS } from './settings';

/** Batches of an environment that fail before its circuit opens. */
const BATCHES_UNTIL_OPEN = 3;

/**
 * Messages in flight that one environment causes at most while the fraud API answers no call: those of the batches that failed before its
 * circuit opened, of one batch per half-open time during the longest retry delay, and of the batch that it runs.
 */
export function inFlightPerEnvironment(retryAfterSeconds = 0): number {
  const hiddenMs = 1_000 * longestRetryDelay(retryAfterSeconds);
  return SETTINGS.batchSize * (hiddenMs / HALF_OPEN_AFTER_MS + BATCHES_UNTIL_OPEN + 1);
}

export function longestRetryDelay(retryAfterSeconds: number): number {
  const { maxReceiveCount, retryDelays } = SETTINGS;
  const state = { receiveCount: maxReceiveCount - 1, maxReceiveCount, circuitOpen: true, apiIsWell: false };
  return retryDelaySeconds({ ...state, retryAfterSeconds }, retryDelays, () => 1);
}
