import type { Random } from './ports';

/** While the circuit is open; the first receive's wait outlives a short outage, without spending the next one. */
const CIRCUIT_OPEN_SECONDS = 300;
/** SQS hides a message for 12 hours from its receive; Lambda may have held it for 15 minutes of them. */
const LONGEST_SECONDS = 43_200 - 900;

export interface RetryState {
  readonly receiveCount: number;
  readonly maxReceiveCount: number;
  readonly circuitOpen: boolean;
  /** The fraud API answered another payment since this one's last failed try, so it is well. */
  readonly apiIsWell: boolean;
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * Seconds until a message that was returned to the queue is received again. It depends on the receives left, which SQS counts,
 * rather than on what one environment of fifty has seen: the last receive comes after an outage of half an hour.
 * @param waits ceiling of the short wait (20 by default), floor of the long one (1,860 by default: 31 minutes)
 */
export function retryDelaySeconds(state: RetryState, waits: readonly [number, number], random: Random): number {
  const [short, long] = waits;
  const receivesLeft = state.maxReceiveCount - state.receiveCount;
  const longWait = long * (1 + random() / 10);
  const shortWait = short * (0.25 + 0.75 * random());
  const wait = (): number => {
    if (receivesLeft === 1) return state.apiIsWell ? shortWait : longWait;
    return state.circuitOpen ? Math.min(CIRCUIT_OPEN_SECONDS, longWait) : shortWait;
  };
  return Math.min(LONGEST_SECONDS, Math.ceil(Math.max(wait(), state.retryAfterSeconds ?? 0)));
}
