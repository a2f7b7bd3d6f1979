import { setMaxListeners } from 'node:events';
import type { HttpFraudApi } from '../../src/processor/adapters/http-fraud-api';
import type { Wait } from '../../src/processor/core/batch';
import { STOP_CALLS_MS } from '../../src/processor/core/invocation';
import type { Clock, QueueMessage, Telemetry } from '../../src/processor/core/ports';
import { hashOf, RecordedTelemetry } from '../support/telemetry';
import type { Queued } from './fifo-queue';
import { callFraudApi } from './fraud-call';
import type { Ending, Invocation } from './invocation';
import { deadLettersFor, tableFor } from './ports';
import { SETTINGS } from './settings';
import type { SimulatedWorld } from './simulated-world';
import { onAbort } from './virtual-globals';

/** What Lambda gets to know: the messages to come back, or that the invocation failed as a whole. */
export type Answer = { readonly handedBack: ReadonlySet<string> } | 'failed';

const LATENCY_MS = { low: 1, high: 25 };
const NEVER = new Promise<never>(() => undefined);

/** A call's own way to fail when the function gives it up. */
interface Call<T> {
  readonly what: string;
  readonly signal: AbortSignal;
  readonly takesEffect: () => T;
  readonly givenUp: () => Error;
  /** One way. */
  readonly latencyMs?: number;
}

/**
 * One process of the function, with what it keeps from one invocation to the next: the circuit. It does what
 * `handler.ts` does around the core. A crash or a timeout ends it; calls that have left by then take effect all the same.
 */
export class FunctionProcess {
  private isAlive = true;
  private die: (ending: Ending) => void = () => undefined;
  private telemetry = new RecordedTelemetry();
  private readonly fraudApi: HttpFraudApi;
  private readonly clock: Clock;
  invocation: Invocation | undefined;

  constructor(
    private readonly world: SimulatedWorld,
    readonly name: string,
    clockAheadMs: number,
  ) {
    this.clock = { now: () => world.time.now() + clockAheadMs };
    const { fraudTimeoutMs: timeoutMs, fraudAttempts: maxAttempts } = SETTINGS;
    this.fraudApi = new world.core.HttpFraudApi(
      { url: 'https://fraud.simulated/', timeoutMs, maxAttempts },
      {
        telemetry: this.telemetryOfNow(),
        clock: this.clock,
        random: () => world.random.next(),
        post: (_url, request) => callFraudApi(world, this, request),
      },
    );
  }

  get canRun(): boolean {
    return this.isAlive;
  }

  /** Ends with the function's answer, its crash, or Lambda's timeout. */
  async invoke(invocation: Invocation): Promise<Answer> {
    const { time, watch } = this.world;
    this.invocation = invocation;
    this.telemetry = new RecordedTelemetry();
    const died = new Promise<'failed'>((resolve) => {
      this.die = (ending) => {
        if (invocation.ending !== undefined) return;
        this.isAlive = false;
        invocation.ending = ending;
        watch.tell(this.name, ending);
        resolve('failed');
      };
    });
    const stopWaiting = time.after(SETTINGS.functionTimeoutMs, () => { this.die('timed out'); });
    try {
      return await Promise.race([this.handle(invocation), died]);
    } finally {
      stopWaiting();
      this.invocation = undefined;
    }
  }

  /**
   * One call to a service. Of what may go wrong here, everything is possible in a real network: the process ends
   * before the request leaves, or after it took effect, and the answer finds nobody.
   */
  call<T>({ what, signal, takesEffect, givenUp, latencyMs = this.latency() }: Call<T>): Promise<T> {
    const { time, watch, troubles } = this.world;
    if (!this.isAlive) return NEVER;
    const fault = troubles.next('function')?.fault;
    if (fault === 'crash before') {
      this.die('crashed');
      return NEVER;
    }
    return new Promise((resolve, reject) => {
      let isWaiting = true;
      onAbort(signal, () => { if (isWaiting) reject(givenUp()); });
      time.after(latencyMs, () => {
        const answer = outcomeOf(takesEffect, resolve, reject);
        watch.tell(this.name, `${what}${answer.isError ? ': error' : ''}`);
        if (fault === 'crash after') this.die('crashed');
        time.after(latencyMs, () => {
          isWaiting = false;
          if (this.isAlive) answer.arrives();
        });
      });
    });
  }

  private async handle(invocation: Invocation): Promise<Answer> {
    const { core, random, time } = this.world;
    const calls = new AbortController();
    setMaxListeners(0, calls.signal); // one for each call of a batch
    const stopCalls = time.after(SETTINGS.functionTimeoutMs - STOP_CALLS_MS, () => {
      invocation.isDisturbed = true;
      calls.abort();
    });
    const { signal } = calls;
    const services = {
      telemetry: this.telemetryOfNow(),
      clock: this.clock,
      random: () => random.next(),
      accountHash: hashOf,
      fraudApi: this.fraudApi,
      ...tableFor(this, this.world, invocation),
      deadLetters: deadLettersFor(this, this.world, invocation),
    };
    const settings = { ...SETTINGS, releaseId: 'simulated', onFailedPayment: this.world.onFailedPayment };
    const run = { requestId: invocation.requestId, deadline: this.clock.now() + SETTINGS.functionTimeoutMs, signal };
    const { failed, waits } = await core.processBatch(invocation.messages.map(asMessage), services, settings, run);
    stopCalls();
    await this.hide(waits, invocation);
    calls.abort();
    if (invocation.ending !== undefined) return NEVER;
    invocation.ending = 'answered';
    invocation.counts = this.telemetry.counts;
    invocation.latencies = this.telemetry.latencies.length;
    return { handedBack: new Set(failed.map(({ messageId }) => messageId)) };
  }

  private async hide(waits: readonly Wait[], invocation: Invocation): Promise<void> {
    if (waits.length === 0) return;
    await this.call({
      what: `hides ${waits.map(({ message, seconds }) => `${message.messageId} for ${seconds} s`).join(', ')}`,
      signal: new AbortController().signal,
      takesEffect: () => { this.world.hide(waits, invocation); },
      givenUp: () => new Error('never'),
    });
  }

  /** The fraud API's adapter lives longer than an invocation; what it counts belongs to the one that runs. */
  private telemetryOfNow(): Telemetry {
    return {
      count: (metric, times) => { this.telemetry.count(metric, times); },
      fraudCheckLatency: (milliseconds) => { this.telemetry.fraudCheckLatency(milliseconds); },
      info: () => undefined,
      warn: (event, { error_code = '' }) => { this.world.watch.tell(this.name, `${event} ${error_code}`); },
      error: (event, { error_code = '' }) => { this.world.watch.tell(this.name, `${event} ${error_code}`); },
      trace: (_segment, work) => work(),
    };
  }

  private latency(): number {
    const { random, troubles, time } = this.world;
    const slowness = troubles.slowness(time.elapsed);
    if (slowness > 0 && this.invocation !== undefined) this.invocation.isDisturbed = true;
    return random.between(LATENCY_MS.low, LATENCY_MS.high + slowness);
  }
}

function outcomeOf<T>(work: () => T, resolve: (value: T) => void, reject: (error: unknown) => void): { isError: boolean; arrives: () => void } {
  try {
    const value = work();
    return { isError: false, arrives: () => { resolve(value); } };
  } catch (error) {
    return { isError: true, arrives: () => { reject(error); } };
  }
}

function asMessage({ messageId, receiptHandle, body, groupId, receives, sequenceNumber }: Queued): QueueMessage {
  return { messageId, receiptHandle: receiptHandle!, body, groupId, receiveCount: receives, sequenceNumber };
}
