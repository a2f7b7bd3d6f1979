import { circuitBreaker, type CircuitBreakerPolicy, CircuitState, handleType, type IBreaker } from 'cockatiel';

const FAILED_TRIES = 10;
const FAILED_PAYMENTS = 3;
/** How long calls are cut short before one may test the API. */
const HALF_OPEN_AFTER_MS = 30_000;

/** A try of the fraud API that failed, and may succeed later. */
export class FailedTryError extends Error {
  override readonly name = 'FailedTryError';
  /** Milliseconds until the next try of this receive; none when the payment's time is up before. */
  readonly nextTryInMs: number | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The API's own wish. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    /** In a word or two. */
    readonly seen: string,
    { at, nextTryInMs, retryAfterSeconds }: Pick<FailedTryError, 'at' | 'nextTryInMs' | 'retryAfterSeconds'>,
  ) {
    super(`A try of the fraud API failed: ${seen}.`);
    this.at = at;
    this.nextTryInMs = nextTryInMs;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Opens after ten failed tries in a row from at least three payments, so that one odd payment cannot open it. */
export class Circuit {
  private readonly breaker = new RowOfFailures();
  private readonly policy: CircuitBreakerPolicy;

  constructor(onOpen: () => void) {
    this.policy = circuitBreaker(handleType(FailedTryError), { halfOpenAfter: HALF_OPEN_AFTER_MS, breaker: this.breaker });
    this.policy.onBreak(onOpen);
  }

  get isOpen(): boolean {
    return this.policy.state === CircuitState.Open;
  }

  /** @throws BrokenCircuitError without a try while the circuit is open; whatever the try throws otherwise */
  run<T>(transactionId: string, tryOnce: () => Promise<T>): Promise<T> {
    return this.policy.execute(async () => {
      try {
        return await tryOnce();
      } catch (error) {
        this.breaker.payments.add(transactionId);
        throw error;
      }
    });
  }
}

class RowOfFailures implements IBreaker {
  readonly payments = new Set<string>();
  state = 0;

  success(): void {
    this.state = 0;
    this.payments.clear();
  }

  failure(): boolean {
    this.state++;
    return this.state >= FAILED_TRIES && this.payments.size >= FAILED_PAYMENTS;
  }
}
