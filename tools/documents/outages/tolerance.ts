import { retryDelaySeconds } from '../../../src/processor/core/retry-delay';

/** The settings of a queue and its function; all times in seconds. */
export interface QueueSettings {
  readonly maxReceiveCount: number;
  readonly visibilityTimeout: number;
  readonly retention: number;
  readonly retryDelays: readonly [number, number];
  readonly functionTimeout: number;
  /** Messages of one account that a receive takes at most. */
  readonly batchSize: number;
}

const ALMOST_ONE = 0.999_999;

/**
 * The longest outage that a payment certainly survives, in seconds: from the first receive within it to the last one, with
 * every wait as short as it may be.
 * @param receivesLeft when the outage begins
 */
export function outageTolerance(receivesLeft: number, circuitOpen: boolean, settings: QueueSettings): number {
  const first = settings.maxReceiveCount - receivesLeft + 1;
  return sumOfWaits(first, settings, { circuitOpen, random: () => 0 });
}

/** Seconds until an account's next messages have their turn, if those before never succeed and every receive takes its longest. */
export function slowestTurn(settings: QueueSettings, retryAfterSeconds = 0): number {
  const slowest = { random: () => ALMOST_ONE, retryAfterSeconds };
  const waits = [true, false].map((circuitOpen) => sumOfWaits(1, settings, { ...slowest, circuitOpen }));
  return Math.max(...waits) + settings.maxReceiveCount * settings.functionTimeout;
}

/** How many payments of one account reach their last receive before SQS deletes them for their age, if the outage does not end. */
export function paymentsBeforeRetention(settings: QueueSettings, retryAfterSeconds = 0): number {
  return Math.floor(settings.retention / slowestTurn(settings, retryAfterSeconds)) * settings.batchSize;
}

interface Chance {
  readonly circuitOpen: boolean;
  readonly random: () => number;
  readonly retryAfterSeconds?: number;
}

function sumOfWaits(
  firstReceive: number,
  { maxReceiveCount, retryDelays }: QueueSettings,
  { random, ...state }: Chance,
): number {
  let sum = 0;
  for (let receiveCount = firstReceive; receiveCount < maxReceiveCount; receiveCount++) {
    sum += retryDelaySeconds({ receiveCount, maxReceiveCount, apiIsWell: false, ...state }, retryDelays, random);
  }
  return sum;
}
