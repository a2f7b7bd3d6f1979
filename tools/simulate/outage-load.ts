import { setMaxListeners } from 'node:events';
import type { HttpFraudApi } from '../../src/processor/adapters/http-fraud-api';
import type { QueueMessage } from '../../src/processor/core/ports';
import { MemoryStore } from '../kit/cores/memory-store';
import { MemoryDeadLetters, memoryHolds } from '../kit/cores/processor';
import { hashOf, RecordedTelemetry } from '../kit/cores/telemetry';
import { seededRandom } from '../kit/random';
import { VirtualTime } from '../kit/virtual-time';
import { aPayment } from '../kit/payments/payments';
import { type Core, patch } from './core';
import { InFlightQueue } from './in-flight-queue';
import { SETTINGS } from './settings';

/** Milliseconds in which the fraud API answers, or fails. */
const LATENCY_MS = 50;

/** Execution environments at the default `maxConcurrency`. They are alike: one of them runs, with its share of payments and limits. */
export const ENVIRONMENTS = 50;
const PAYMENTS_PER_SECOND = 1_000 / ENVIRONMENTS;
/** AWS's own: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-fifo.html */
export const IN_FLIGHT_LIMIT = 120_000;

/** Returns a batch at once while the circuit is open, as before the wait was built. */
export const WITHOUT_WAIT = patch('core/batch.ts', 'await this.waitForCircuit();', 'await Promise.resolve();');

/** What an outage costs one environment; times in seconds from the end of the outage, which is also the end of the sending. */
export interface OutageCost {
  readonly mostInFlight: number;
  /** Receives until the outage ended. */
  readonly receives: number;
  /** Calls of the fraud API until the outage ended. */
  readonly calls: number;
  readonly deadLetters: number;
  readonly firstDecidedAfter: number;
  readonly lastDecidedAfter: number;
}

/**
 * Runs one environment of the payment processor, with its real circuit, through an outage of the fraud API, until the queue is empty.
 * 1,000 payments a second of distinct accounts come to the pipeline.
 */
export async function runOutage(core: Core, outageSeconds: number): Promise<OutageCost> {
  const run = new OutageRun(core, outageSeconds * 1_000);
  await run.run();
  return run.cost;
}

class OutageRun {
  private readonly time = new VirtualTime();
  private readonly random = seededRandom(19);
  private readonly store = new MemoryStore();
  private readonly deadLetters = new MemoryDeadLetters();
  private readonly queue: InFlightQueue;
  private readonly fraudApi: HttpFraudApi;
  private sent = 0;
  private receives = 0;
  private calls = 0;
  private firstDecidedAt = Infinity;
  private lastDecidedAt = 0;

  constructor(
    private readonly core: Core,
    private readonly outageMs: number,
  ) {
    core.enter({ time: this.time });
    this.queue = new InFlightQueue(this.time, IN_FLIGHT_LIMIT / ENVIRONMENTS);
    const { fraudTimeoutMs: timeoutMs, fraudAttempts: maxAttempts } = SETTINGS;
    this.fraudApi = new core.HttpFraudApi(
      { protocol: core.contractProtocol('https://fraud.simulated/'), timeoutMs, maxAttempts },
      {
        telemetry: new RecordedTelemetry(),
        clock: this.time,
        random: () => this.random.next(),
        send: async () => {
          const isOut = this.isOut;
          if (isOut) this.calls++;
          await this.time.sleep(LATENCY_MS);
          return isOut ? { status: 503, headers: {}, body: Buffer.from('') } : APPROVED;
        },
      },
    );
  }

  async run(): Promise<void> {
    let isOver = false;
    void this.work().then(() => (isOver = true));
    await this.time.runUntil(() => isOver);
  }

  get cost(): OutageCost {
    const after = (at: number) => (at - this.outageMs) / 1_000;
    return {
      mostInFlight: this.queue.mostInFlight,
      receives: this.receives,
      calls: this.calls,
      deadLetters: this.deadLetters.sent.length,
      firstDecidedAfter: after(this.firstDecidedAt),
      lastDecidedAfter: after(this.lastDecidedAt),
    };
  }

  private get isOut(): boolean {
    return this.time.elapsed < this.outageMs;
  }

  private async work(): Promise<void> {
    for (;;) {
      this.sendDue();
      const batch = this.queue.receive(SETTINGS.batchSize);
      if (batch.length > 0) await this.invoke(batch);
      else if (!this.isOut && this.queue.isEmpty) return;
      else await this.time.sleep(this.untilNext());
    }
  }

  private untilNext(): number {
    const nextSent = this.isOut ? 1_000 / PAYMENTS_PER_SECOND : Infinity;
    return Math.max(1, Math.min(nextSent, this.queue.nextReturn - this.time.now()));
  }

  private sendDue(): void {
    const due = Math.floor((Math.min(this.time.elapsed, this.outageMs) / 1_000) * PAYMENTS_PER_SECOND);
    while (this.sent < due) this.queue.send(`tx-${this.sent++}`);
  }

  private async invoke(batch: readonly QueueMessage[]): Promise<void> {
    if (this.isOut) this.receives += batch.length;
    const invocation = { requestId: 'r', releaseId: 'r', deadline: this.time.now() + SETTINGS.functionTimeoutMs };
    const { returned, retryDelays } = await this.core.processBatch(
      batch.map((message) => ({ ...message, body: bodyOf(message.messageId) })),
      this.services(),
      { ...SETTINGS, onFailedPayment: 'continue' },
      invocation,
    );
    for (const { message, seconds } of retryDelays) this.queue.hide(message.messageId, seconds);
    const ids = new Set(returned.map(({ messageId }) => messageId));
    for (const { messageId } of batch) if (!ids.has(messageId)) this.end(messageId);
  }

  private services() {
    const { store, deadLetters, time, random } = this;
    const { signal } = new AbortController();
    setMaxListeners(0, signal); // one for each call of a batch
    return {
      store,
      deadLetters,
      holds: memoryHolds(),
      clock: time,
      telemetry: new RecordedTelemetry(),
      random: () => random.next(),
      accountHash: hashOf,
      fraudApi: this.fraudApi.during(signal),
    };
  }

  private end(messageId: string): void {
    this.queue.delete(messageId);
    const isDecided = this.store.record(messageId).payment_status === 'APPROVED';
    this.store.records.delete(messageId); // its memory is needed for others
    if (!isDecided) return;
    const { elapsed } = this.time;
    this.firstDecidedAt = Math.min(this.firstDecidedAt, elapsed);
    this.lastDecidedAt = elapsed;
  }
}

const APPROVED = {
  status: 200,
  headers: {},
  body: Buffer.from('{"decision":"approve","score":0.5,"reasons":[]}'),
};

function bodyOf(id: string): string {
  return JSON.stringify(aPayment({ transaction_id: id, account_id: id }));
}
