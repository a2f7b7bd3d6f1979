import type { Random } from './ports';

/** While the circuit is open: the first retry delay outlives a short outage without spending another receive. */
const CIRCUIT_OPEN_SECONDS = 300;
/** SQS hides a message for 12 hours from its receive; Lambda may have held it for 15 minutes of them. */
const LONGEST_SECONDS = 43_200 - 900;

export interface RetryState {
  readonly receiveCount: number;
  readonly maxReceiveCount: number;
  readonly circuitOpen: boolean;
  /** The fraud API answered another payment since this one's last failed call. */
  readonly apiIsWell: boolean;
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * Seconds until a message that was returned to the queue is received again. It depends on the receives left, which SQS counts,
 * not on the state of one of fifty environments: the last receive comes after an outage of half an hour.
 * @param delays maximum of the short delay (20 by default), minimum of the long one (1,860 by default: 31 minutes)
 */
export function retryDelaySeconds(state: RetryState, delays: readonly [number, number], random: Random): number {
  const [short, long] = delays;
  const receivesLeft = state.maxReceiveCount - state.receiveCount;
  const longDelay = long * (1 + random() / 10);
  const shortDelay = short * (0.25 + 0.75 * random());
  const delay = (): number => {
    if (receivesLeft === 1) return state.apiIsWell ? shortDelay : longDelay;
    return state.circuitOpen ? Math.min(CIRCUIT_OPEN_SECONDS, longDelay) : shortDelay;
  };
  return Math.min(LONGEST_SECONDS, Math.ceil(Math.max(delay(), state.retryAfterSeconds ?? 0)));
}
