import { BrokenCircuitError, DelegateBackoff, handleType, retry, type RetryPolicy } from 'cockatiel';
import { fraudRequest, METRICS, parseFraudAnswer, type PaymentMessage } from '../../contract';
import type { Clock, FraudApi, FraudCheck, FraudCheckLimits, Random, Telemetry } from '../core/ports';
import { type ApiKey, ApiKeyError } from './api-key';
import { Circuit, FailedTryError } from './circuit';
import { readBody, retryAfterSeconds, seenIn } from './http-answer';

export interface FraudApiSettings {
  readonly url: string;
  /** Milliseconds one try may take. */
  readonly timeoutMs: number;
  /** Tries in one receive, the first included. */
  readonly maxAttempts: number;
}

/** Full jitter: anything up to 100 ms before the second try, 200 ms before the third, and so on to 5 s. */
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;
/** They speak of us or of the API's load, not of the payment; every other 4xx refuses the payment for good. */
const TRANSIENT_4XX = new Set([401, 403, 408, 425, 429]);

type Answered = Exclude<FraudCheck, { kind: 'unavailable' }>;
type Failed = (seen: string, retryAfterSeconds?: number) => FailedTryError;

/** The fraud API over HTTP: some tries with growing waits, within the payment's share of the remaining time. */
export class HttpFraudApi implements FraudApi {
  private readonly circuit: Circuit;
  private readonly retries: RetryPolicy;

  constructor(
    private readonly settings: FraudApiSettings,
    private readonly telemetry: Telemetry,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly apiKey?: ApiKey,
  ) {
    this.circuit = new Circuit(() => {
      telemetry.count(METRICS.circuitOpened);
      telemetry.warn('Circuit to the fraud API opened', {});
    });
    this.retries = retry(
      handleType(FailedTryError, (error) => error.nextTryInMs !== undefined),
      { maxAttempts: settings.maxAttempts - 1, backoff: new DelegateBackoff(nextTryInMs) },
    );
  }

  isCircuitOpen(): boolean {
    return this.circuit.isOpen;
  }

  async check(payment: PaymentMessage, limits: FraudCheckLimits): Promise<FraudCheck> {
    if (this.clock.now() >= limits.deadline) return { kind: 'unavailable', cause: 'no time left' };
    let failure: FailedTryError | undefined;
    const tryOnce = async (attempt: number): Promise<Answered> => {
      try {
        return await this.call(payment, attempt, limits);
      } catch (error) {
        if (error instanceof FailedTryError) failure = error;
        throw error;
      }
    };
    try {
      return await this.retries.execute(({ attempt }) => this.circuit.run(payment.transaction_id, () => tryOnce(attempt)));
    } catch (error) {
      if (error instanceof BrokenCircuitError && failure === undefined && limits.lastReceive) {
        return lastTry(() => tryOnce(this.settings.maxAttempts));
      }
      return unavailable(error, failure);
    }
  }

  /** @throws FailedTryError when there was no decision and no refusal */
  private async call(payment: PaymentMessage, attempt: number, limits: FraudCheckLimits): Promise<Answered> {
    const failed = (seen: string, after?: number) => this.failedTry(seen, attempt, limits, after);
    const key = await this.readKey(limits, failed);
    const began = this.clock.now();
    const timeoutMs = Math.ceil(Math.max(1, Math.min(this.settings.timeoutMs, limits.deadline - began)));
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(this.settings.url, {
        method: 'POST',
        redirect: 'manual',
        headers: headers(payment, key),
        body: JSON.stringify(fraudRequest(payment)),
        signal: AbortSignal.any([limits.signal, timeout]),
      });
      if (response.status === 401 && key !== undefined) this.apiKey?.refused(key);
      return await this.answer(response, failed);
    } catch (error) {
      throw error instanceof FailedTryError ? error : failed(seenIn(error));
    } finally {
      this.telemetry.fraudCheckLatency(this.clock.now() - began);
    }
  }

  /** Not in the try's own time, which is made for the API's call: the first read takes longer than any other. */
  private async readKey(limits: FraudCheckLimits, failed: Failed): Promise<string | undefined> {
    try {
      return await this.apiKey?.read(limits);
    } catch (error) {
      if (!(error instanceof ApiKeyError)) throw error;
      this.telemetry.warn('Fraud API not called', { error_code: error.seen });
      throw failed(error.seen);
    }
  }

  private async answer(response: Response, failed: Failed): Promise<Answered> {
    const { status } = response;
    if (status === 200) {
      const body = await readBody(response);
      const answer = body === undefined ? undefined : parseFraudAnswer(body);
      if (answer === undefined) throw failed('HTTP 200 with an unreadable answer');
      return { kind: 'decided', answer };
    }
    await response.body?.cancel();
    if (status >= 400 && status < 500 && !TRANSIENT_4XX.has(status)) return { kind: 'refused', httpStatus: status };
    throw failed(`HTTP ${status}`, retryAfterSeconds(response, this.clock.now()));
  }

  private failedTry(seen: string, attempt: number, limits: FraudCheckLimits, retryAfter?: number): FailedTryError {
    this.telemetry.count(METRICS.fraudCheckErrors);
    const at = this.clock.now();
    const backoff = this.random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);
    const wait = Math.max(backoff, (retryAfter ?? 0) * 1_000);
    const inTime = !limits.signal.aborted && at + wait < limits.deadline;
    return new FailedTryError(seen, { at, nextTryInMs: inTime ? wait : undefined, retryAfterSeconds: retryAfter });
  }
}

function headers(payment: PaymentMessage, key: string | undefined): Record<string, string> {
  return {
    'content-type': 'application/json',
    'idempotency-key': payment.transaction_id,
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
  };
}

function nextTryInMs({ result }: { result: { error: Error } | { value: unknown } }): number {
  return 'error' in result && result.error instanceof FailedTryError ? (result.error.nextTryInMs ?? 0) : 0;
}

async function lastTry(tryOnce: () => Promise<Answered>): Promise<FraudCheck> {
  try {
    return await tryOnce();
  } catch (error) {
    return unavailable(error, error instanceof FailedTryError ? error : undefined);
  }
}

function unavailable(error: unknown, failure: FailedTryError | undefined): FraudCheck {
  if (!(error instanceof FailedTryError || error instanceof BrokenCircuitError)) throw error;
  return {
    kind: 'unavailable',
    cause: failure?.seen ?? 'circuit open',
    ...(failure && { failedAt: failure.at }),
    ...(failure?.retryAfterSeconds !== undefined && { retryAfterSeconds: failure.retryAfterSeconds }),
  };
}
