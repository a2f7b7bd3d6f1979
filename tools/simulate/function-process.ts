import { setMaxListeners } from 'node:events';
import type { HttpFraudApi } from '../../src/processor/adapters/http-fraud-api';
import type { RetryDelay } from '../../src/processor/core/batch';
import { type QueueMessage, STOP_CALLS_MS, type Telemetry } from '../../src/processor/core/ports';
import type { Clock } from '../../src/runtime/ports';
import { hashOf, RecordedTelemetry } from '../kit/cores/telemetry';
import type { Queued } from '../kit/fifo-queue';
import { callFraudApi } from './fraud-call';
import { senderOf } from './evidence-rules';
import type { Answer, Ending, Invocation } from './invocation';
import { deadLettersFor, outcomesFor, tableFor } from './ports';
import { SETTINGS } from './settings';
import { type Call, SimulatedProcess } from './simulated-process';
import type { World } from './world';

const NEVER = new Promise<never>(() => undefined);
/** One for all: an error of its own costs more than the call that it ends. */
const ENDED = new Error('The invocation has ended.');

/**
 * One process of the function, with what it keeps from one invocation to the next: the circuit. It does what
 * `handler.ts` does around the core.
 */
export class FunctionProcess extends SimulatedProcess {
  private die: (ending: Ending) => void = () => undefined;
  private telemetry = new RecordedTelemetry();
  private readonly fraudApi: HttpFraudApi;
  private readonly clock: Clock;
  invocation: Invocation | undefined;

  constructor(world: World, name: string, clockAheadMs: number) {
    super(world, name);
    this.clock = { now: () => this.now() + clockAheadMs };
    const { fraudTimeoutMs: timeoutMs, fraudAttempts: maxAttempts } = SETTINGS;
    this.fraudApi = new world.core.HttpFraudApi(
      { protocol: world.core.contractProtocol('https://fraud.simulated/'), timeoutMs, maxAttempts },
      {
        telemetry: this.telemetryOfNow(),
        clock: this.clock,
        random: () => world.random.next(),
        send: (request) => callFraudApi(world, this, this.invocation, request),
      },
    );
  }

  /** Ends with the function's answer, its crash, or Lambda's timeout. */
  async invoke(invocation: Invocation): Promise<Answer> {
    const { time, log } = this.world;
    this.invocation = invocation;
    this.telemetry = new RecordedTelemetry();
    const died = new Promise<'failed'>((resolve) => {
      this.die = (ending) => {
        if (invocation.ending !== undefined) return;
        this.isAlive = false;
        invocation.ending = ending;
        log.event(this.name, ending);
        resolve('failed');
      };
    });
    const stopWaiting = time.after(SETTINGS.functionTimeoutMs, () => {
      this.die('timed out');
    });
    try {
      return await Promise.race([this.handle(invocation), died]);
    } finally {
      stopWaiting();
      this.invocation = undefined;
    }
  }

  override call<T>(call: Call<T>): Promise<T> {
    return super.call({ ...call, crash: this.isAlive ? this.world.troubles.next('function')?.fault : undefined });
  }

  protected override crash(): void {
    this.die('crashed');
  }

  protected override onSlow(): void {
    if (this.invocation !== undefined) this.invocation.isDisturbed = true;
  }

  private async handle(invocation: Invocation): Promise<Answer> {
    const { core, random, time } = this.world;
    const calls = new AbortController();
    setMaxListeners(0, calls.signal); // one for each call of a batch
    const stopCalls = time.after(SETTINGS.functionTimeoutMs - STOP_CALLS_MS, () => {
      invocation.isOverdue = true;
      calls.abort(ENDED);
    });
    const { signal } = calls;
    const services = {
      telemetry: this.telemetryOfNow(),
      clock: this.clock,
      random: () => random.next(),
      accountHash: hashOf,
      fraudApi: this.fraudApi.during(signal),
      ...tableFor(this, this.world, invocation, signal),
      deadLetters: deadLettersFor(this, this.world, invocation, signal),
      outcomes: outcomesFor(this, this.world, invocation, signal),
    };
    const { maxPaymentAgeHours } = this.world;
    const settings = { ...SETTINGS, onFailedPayment: invocation.onFailedPayment, maxPaymentAgeHours };
    const deadline = this.clock.now() + SETTINGS.functionTimeoutMs;
    const run = { requestId: invocation.requestId, releaseId: 'simulated', deadline };
    const { returned: failed, retryDelays } = await core.processBatch(
      invocation.messages.map((message) =>
        this.readable(asMessage(message, this.world.movedByHand.has(message.messageId))),
      ),
      services,
      settings,
      run,
    );
    stopCalls();
    await this.hide(retryDelays, invocation);
    calls.abort(ENDED);
    if (invocation.ending !== undefined) return NEVER;
    invocation.ending = 'answered';
    invocation.counts = this.telemetry.counts;
    invocation.latencies = this.telemetry.latencies.length;
    return { returned: new Set(failed.map(({ messageId }) => messageId)) };
  }

  private async hide(retryDelays: readonly RetryDelay[], invocation: Invocation): Promise<void> {
    if (retryDelays.length === 0) return;
    await this.call({
      what: `hides ${retryDelays.map(({ message, seconds }) => `${message.messageId} for ${seconds} s`).join(', ')}`,
      signal: new AbortController().signal,
      takesEffect: () => {
        this.world.hide(retryDelays, invocation);
      },
      givenUp: () => new Error('never'),
    });
  }

  /** The fraud API's adapter lives longer than an invocation; what it counts belongs to the one that runs. */
  private telemetryOfNow(): Telemetry {
    return {
      count: (metric, times) => {
        this.telemetry.count(metric, times);
      },
      fraudCheckLatency: (milliseconds) => {
        this.telemetry.fraudCheckLatency(milliseconds);
      },
      info: (event, fields) => {
        this.world.invariants.onProcessorLogged(event, fields);
      },
      warn: (event, fields) => {
        this.world.invariants.onProcessorLogged(event, fields);
        this.world.log.event(this.name, `${event} ${fields.error_code ?? ''}`);
      },
      error: (event, { error_code = '' }) => {
        this.world.log.event(this.name, `${event} ${error_code}`);
      },
      trace: (_segment, work) => work(),
    };
  }
}

function asMessage(
  { messageId, receiptHandle, body, groupId, receives, sequenceNumber, sentAt }: Queued,
  isDeadLetterCopy: boolean,
): QueueMessage {
  return {
    messageId,
    receiptHandle: receiptHandle!,
    body,
    groupId,
    receiveCount: receives,
    sequenceNumber,
    senderId: senderOf({ messageId }),
    sentAt,
    ...(isDeadLetterCopy && { isDeadLetterCopy: true }),
  };
}
