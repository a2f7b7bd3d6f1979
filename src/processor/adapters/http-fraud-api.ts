import { BrokenCircuitError, DelegateBackoff, handleType, retry, type RetryPolicy } from 'cockatiel';
import { METRICS, type PaymentMessage, UnreadableAnswerError } from '../../contract';
import { AbortTimer } from '../../runtime/abort-timer';
import type { Clock } from '../../runtime/ports';
import type { FraudApi, FraudCheck, FraudCheckLimits, Random, Telemetry } from '../core/ports';
import { CircuitBreaker, FailedCallError } from './circuit-breaker';
import { AdapterError, type Answered, type FraudApiProtocol } from './fraud-api-protocol';
import { retryAfterSeconds, seenIn } from './http-answer';
import { type HttpAnswer, type HttpRequest, send, type Send } from './http-client';

export interface FraudApiSettings {
  readonly protocol: FraudApiProtocol;
  /** Milliseconds one call may take. */
  readonly timeoutMs: number;
  /** Calls in one receive, the first included. */
  readonly maxAttempts: number;
}

/** The dependencies of the adapter. */
export interface FraudApiPorts {
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly random: Random;
  readonly apiKey?: ApiKey | undefined;
  /** @default Node's own client */
  readonly send?: Send;
}

/** Full jitter: up to 100 ms before the second call, 200 ms before the third, and so on to 5 s. */
export const FIRST_BACKOFF_MS = 100;
export const LONGEST_BACKOFF_MS = 5_000;
/** A timer may fire a moment before the clock has advanced as far. */
const TIMER_MARGIN_MS = 50;

/** The time for a payment's calls in one receive. The invocation's signal aborts them. */
export interface CallLimits extends FraudCheckLimits {
  readonly signal: AbortSignal;
}

export type KeyLimits = Pick<CallLimits, 'deadline' | 'signal'>;

/** The fraud API's key. */
export interface ApiKey {
  /** @throws ApiKeyError when it cannot be read within the limits */
  read(limits: KeyLimits): Promise<string>;
  /** The API refused this key: if it is still the known one, the next call reads it again. */
  refused(key: string): void;
}

/** The key cannot be read now; it may be readable later. */
export class ApiKeyError extends Error {
  override readonly name = 'ApiKeyError';

  /** @param seen a short description, without the key */
  constructor(readonly seen: string) {
    super(`${seen}.`);
  }
}

type Failed = (seen: string, retryAfterSeconds?: number) => FailedCallError;

/** The fraud API over HTTP: some calls with growing pauses between them, within the payment's share of the remaining time. */
export class HttpFraudApi {
  private readonly circuit: CircuitBreaker;
  private readonly retries: RetryPolicy;
  private readonly send: Send;

  constructor(
    private readonly settings: FraudApiSettings,
    private readonly ports: FraudApiPorts,
  ) {
    const { telemetry } = ports;
    this.send = ports.send ?? send;
    this.circuit = new CircuitBreaker(() => {
      telemetry.count(METRICS.circuitOpened);
      telemetry.warn('Circuit to the fraud API opened', {});
    });
    this.retries = retry(
      handleType(FailedCallError, (error) => error.nextCallInMs !== undefined),
      { maxAttempts: settings.maxAttempts - 1, backoff: new DelegateBackoff(nextCallInMs) },
    );
  }

  /** The core's port, for one invocation. */
  during(signal: AbortSignal): FraudApi {
    return {
      check: (payment, limits) => this.check(payment, { ...limits, signal }),
      isCircuitOpen: () => this.isCircuitOpen(),
      waitForCircuit: (latest) => this.waitForCircuit(latest),
    };
  }

  isCircuitOpen(): boolean {
    return this.circuit.isOpen;
  }

  async waitForCircuit(latest: number): Promise<void> {
    const milliseconds = Math.min(this.circuit.refusesForMs, latest - this.ports.clock.now());
    if (milliseconds <= 0) return;
    // One timer: if the clock steps back meanwhile, another look at it would prolong the wait beyond the invocation.
    await new Promise((resolve) => setTimeout(resolve, milliseconds + TIMER_MARGIN_MS));
  }

  async check(payment: PaymentMessage, limits: CallLimits): Promise<FraudCheck> {
    if (this.ports.clock.now() >= limits.deadline) return { kind: 'unavailable', cause: 'no time left' };
    let failure: FailedCallError | undefined;
    const callOnce = async (attempt: number): Promise<Answered> => {
      try {
        return await this.call(payment, attempt, limits);
      } catch (error) {
        if (error instanceof FailedCallError) failure = error;
        throw error;
      }
    };
    try {
      return await this.circuit.run<Answered>(payment.transaction_id, !limits.lastReceive, (call) =>
        this.retries.execute(({ attempt }) => call(() => callOnce(attempt))),
      );
    } catch (error) {
      return unavailable(error, failure);
    }
  }

  /** @throws FailedCallError when there was no decision and no refusal */
  private async call(payment: PaymentMessage, attempt: number, limits: CallLimits): Promise<Answered> {
    const { clock, telemetry, apiKey } = this.ports;
    const failed = (seen: string, after?: number) => this.failedCall(seen, attempt, limits, after);
    const call = this.write(payment, failed);
    const key = await this.readKey(limits, failed);
    const began = clock.now();
    const timeoutMs = Math.ceil(Math.max(1, Math.min(this.settings.timeoutMs, limits.deadline - began)));
    const timeout = new AbortTimer(timeoutMs);
    try {
      const signal = AbortSignal.any([limits.signal, timeout.signal]);
      const answer = await this.send({
        ...call,
        headers: headers(payment, key, call.headers),
        readsBody: (status) => this.settings.protocol.readsBody(status),
        signal,
      });
      if (answer.status === 401 && key !== undefined) apiKey?.refused(key);
      return this.read(answer, failed);
    } catch (error) {
      throw error instanceof FailedCallError ? error : failed(timeout.signal.aborted ? 'timeout' : seenIn(error));
    } finally {
      timeout.stop();
      telemetry.fraudCheckLatency(clock.now() - began);
    }
  }

  /** Reads the key outside the call's timeout, which is meant for the API: the first read takes longer than any other. */
  private async readKey(limits: CallLimits, failed: Failed): Promise<string | undefined> {
    try {
      return await this.ports.apiKey?.read(limits);
    } catch (error) {
      if (!(error instanceof ApiKeyError)) throw error;
      this.ports.telemetry.warn('Fraud API not called', { error_code: error.seen });
      throw failed(error.seen);
    }
  }

  private write(payment: PaymentMessage, failed: Failed): ReturnType<FraudApiProtocol['write']> {
    try {
      return this.settings.protocol.write(payment);
    } catch (error) {
      if (!(error instanceof AdapterError)) throw error;
      this.ports.telemetry.warn('Fraud API not called', { error_code: error.seen });
      throw failed(error.seen);
    }
  }

  private read(answer: HttpAnswer, failed: Failed): Answered {
    const { status } = answer;
    const unread = (seen: string) => failed(seen, retryAfterSeconds(answer, this.ports.clock.now()));
    try {
      const answered = this.settings.protocol.read(answer);
      if (answered !== undefined) return answered;
    } catch (error) {
      if (error instanceof UnreadableAnswerError)
        throw unread(`HTTP ${status} with an unreadable answer (${error.fault})`);
      if (error instanceof AdapterError) throw unread(`HTTP ${status}, ${error.seen}`);
      throw error;
    }
    throw unread(`HTTP ${status}`);
  }

  private failedCall(seen: string, attempt: number, limits: CallLimits, retryAfter?: number): FailedCallError {
    this.ports.telemetry.count(METRICS.fraudCheckErrors);
    const at = this.ports.clock.now();
    const backoff = this.ports.random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt);
    const pause = Math.max(backoff, (retryAfter ?? 0) * 1_000);
    const inTime = !limits.signal.aborted && at + pause < limits.deadline;
    return new FailedCallError(seen, { at, nextCallInMs: inTime ? pause : undefined, retryAfterSeconds: retryAfter });
  }
}

function headers(
  payment: PaymentMessage,
  key: string | undefined,
  own: HttpRequest['headers'],
): HttpRequest['headers'] {
  return {
    accept: 'application/json',
    'content-type': 'application/json',
    'idempotency-key': payment.transaction_id,
    'user-agent': 'payment-pipeline', // some firewalls refuse a request without one
    ...own,
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
  };
}

function nextCallInMs({ result }: { result: { error: Error } | { value: unknown } }): number {
  return 'error' in result && result.error instanceof FailedCallError ? (result.error.nextCallInMs ?? 0) : 0;
}

function unavailable(error: unknown, failure: FailedCallError | undefined): FraudCheck {
  if (!(error instanceof FailedCallError || error instanceof BrokenCircuitError)) throw error;
  return {
    kind: 'unavailable',
    cause: failure?.seen ?? 'circuit open',
    ...(failure && { failedAt: failure.at }),
    ...(failure?.retryAfterSeconds !== undefined && { retryAfterSeconds: failure.retryAfterSeconds }),
  };
}
