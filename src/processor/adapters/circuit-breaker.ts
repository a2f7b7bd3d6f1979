import {
  BrokenCircuitError,
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  handleType,
  type IBreaker,
} from 'cockatiel';

/** Failed calls in a row that open the circuit, if they are of so many payments. */
export const FAILED_CALLS = 10;
export const FAILED_PAYMENTS = 3;
const FAILED_CHECKS = 3;
/** Milliseconds for which the open circuit refuses calls, before one call may test the API. */
export const HALF_OPEN_AFTER_MS = 30_000;

/** A call of the fraud API that failed, and may succeed later. */
export class FailedCallError extends Error {
  override readonly name = 'FailedCallError';
  /** Milliseconds until the next call of this receive; none when the payment's time is up before. */
  readonly nextCallInMs: number | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The API's `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    /** A short description of the failure. */
    readonly seen: string,
    { at, nextCallInMs, retryAfterSeconds }: Pick<FailedCallError, 'at' | 'nextCallInMs' | 'retryAfterSeconds'>,
  ) {
    super(`A call of the fraud API failed: ${seen}.`);
    this.at = at;
    this.nextCallInMs = nextCallInMs;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The calls for one payment in one receive. */
interface Check {
  readonly transactionId: string;
  /** The row in which the check began, and how many failed checks of that row had ended by then. */
  readonly row: number;
  readonly after: number;
  /** The latest row in which one of its calls failed. */
  failedInRow?: number;
}

/**
 * Opens after ten failed calls in a row, of three payments whose checks came one after the other. Checks that overlap count
 * as one: calls that fail together may be a short interruption, which each payment survives by its own retries.
 */
export class CircuitBreaker {
  private readonly failures = new ConsecutiveFailures();
  private readonly policy: CircuitBreakerPolicy;
  /** Milliseconds since the epoch, by the clock that cockatiel reads. */
  private openedAt = -Infinity;

  constructor(onOpen: () => void) {
    this.policy = circuitBreaker(handleType(FailedCallError), {
      halfOpenAfter: HALF_OPEN_AFTER_MS,
      breaker: this.failures,
    });
    this.policy.onBreak(() => {
      this.openedAt = Date.now();
      onOpen();
    });
  }

  get isOpen(): boolean {
    return this.policy.state === CircuitState.Open;
  }

  /** Milliseconds until a call may test the API; 0 while the circuit is not open. */
  get refusesForMs(): number {
    return this.isOpen ? Math.max(0, this.openedAt + HALF_OPEN_AFTER_MS - Date.now()) : 0;
  }

  /**
   * Runs one payment's check, which makes its calls through `call`.
   * @param mayBeCut whether a call is refused while the circuit is open, with a BrokenCircuitError
   */
  async run<T>(
    transactionId: string,
    mayBeCut: boolean,
    check: (call: (work: () => Promise<T>) => Promise<T>) => Promise<T>,
  ): Promise<T> {
    const one = this.failures.begin(transactionId);
    try {
      return await check((work) => this.call(one, mayBeCut, work));
    } finally {
      this.failures.end(one);
    }
  }

  private async call<T>(check: Check, mayBeCut: boolean, work: () => Promise<T>): Promise<T> {
    try {
      return await this.policy.execute(async () => {
        try {
          return await work();
        } catch (error) {
          this.failures.add(check);
          throw error;
        }
      });
    } catch (error) {
      if (error instanceof BrokenCircuitError && !mayBeCut) return work();
      throw error;
    }
  }
}

/** Failed calls since the last answer. */
class ConsecutiveFailures implements IBreaker {
  /** Calls that failed in this row. */
  state = 0;
  private row = 0;
  private readonly payments = new Set<string>();
  /** Checks with a failed call, of which each began after the one before had ended: all so far, and those that have ended. */
  private checks = 0;
  private endedChecks = 0;

  begin(transactionId: string): Check {
    return { transactionId, row: this.row, after: this.endedChecks };
  }

  add(check: Check): void {
    this.payments.add(check.transactionId);
    check.failedInRow = this.row;
    this.checks = Math.max(this.checks, this.placeOf(check));
  }

  end(check: Check): void {
    if (check.failedInRow === this.row) this.endedChecks = Math.max(this.endedChecks, this.placeOf(check));
  }

  success(): void {
    this.state = 0;
    this.row++;
    this.checks = 0;
    this.endedChecks = 0;
    this.payments.clear();
  }

  failure(): boolean {
    this.state++;
    return this.state >= FAILED_CALLS && this.payments.size >= FAILED_PAYMENTS && this.checks >= FAILED_CHECKS;
  }

  /** A check that began before the last answer is the first of its row. */
  private placeOf({ row, after }: Check): number {
    return (row === this.row ? after : 0) + 1;
  }
}
