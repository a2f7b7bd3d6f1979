import { setMaxListeners } from 'node:events';
import type { HttpFraudApi } from '../../src/processor/adapters/http-fraud-api';
import type { QueueMessage } from '../../src/processor/core/ports';
import { MemoryStore } from '../kit/cores/memory-store';
import { MemoryDeadLetters, memoryHolds } from '../kit/cores/processor';
import { hashOf, RecordedTelemetry } from '../kit/cores/telemetry';
import { aPayment } from '../kit/payments/payments';
import { seededRandom } from '../kit/random';
import { VirtualTime } from '../kit/virtual-time';
import type { Core } from './core';
import { InFlightQueue } from './in-flight-queue';
import { SETTINGS } from './settings';

/** The payments of one execution environment. The environments of a pipeline are alike: one of them runs, with its share of payments and limits. */
export interface Load {
  readonly paymentsPerSecond: number;
  /** Seconds for which payments come. */
  readonly seconds: number;
  /** Seconds from the start in which the fraud API fails every call. */
  readonly outageSeconds: number;
  /** Milliseconds in which the fraud API answers, or fails. */
  readonly latencyMs: number;
  /** Milliseconds of the environment's processor that a payment takes. @default 0 */
  readonly cpuMs?: number;
  /** Payments in a batch at most. @default as deployed */
  readonly batchSize?: number;
  /** Messages in flight at most. */
  readonly inFlightLimit: number;
  /** Whether one account has all payments. @default each payment has its own */
  readonly isOneAccount?: boolean;
  /** Ends the run when the payments stop; what waits then is left. @default it ends when the queue is empty */
  readonly leavesBacklog?: boolean;
}

/** What became of a load; times in virtual seconds from its start. */
export interface LoadResult {
  readonly mostInFlight: number;
  /** Receives until the outage ended. */
  readonly receives: number;
  /** Calls of the fraud API until the outage ended. */
  readonly calls: number;
  readonly deadLetters: number;
  readonly decided: number;
  readonly firstDecidedAt: number;
  readonly lastDecidedAt: number;
  /** When fewer payments than those of a second waited for their first receive, after the outage. */
  readonly caughtUpAt: number;
  /** Payments in the queue, at each full half minute. */
  readonly backlog: readonly number[];
}

const BACKLOG_MS = 30_000;

/** Runs one environment of the payment processor, with its real circuit, in virtual time. */
export async function runLoad(core: Core, load: Load): Promise<LoadResult> {
  return await new LoadRun(core, load).run();
}

class LoadRun {
  private readonly time = new VirtualTime();
  private readonly random = seededRandom(19);
  private readonly store = new MemoryStore();
  private readonly deadLetters = new MemoryDeadLetters();
  private readonly queue: InFlightQueue;
  private readonly fraudApi: HttpFraudApi;
  private readonly backlog: number[] = [];
  private sent = 0;
  private receives = 0;
  private calls = 0;
  private decided = 0;
  private firstDecidedAt = Infinity;
  private lastDecidedAt = 0;
  private caughtUpAt = Infinity;
  private processorFreeAt = 0;

  constructor(
    private readonly core: Core,
    private readonly load: Load,
  ) {
    core.enter({ time: this.time });
    this.queue = new InFlightQueue(this.time, load.inFlightLimit);
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
          await this.useProcessor();
          await this.time.sleep(this.load.latencyMs);
          return isOut ? { status: 503, headers: {}, body: Buffer.from('') } : APPROVED;
        },
      },
    );
  }

  async run(): Promise<LoadResult> {
    let isOver = false;
    void this.work().then(() => (isOver = true));
    await this.time.runUntil(() => isOver);
    const { receives, calls, decided, firstDecidedAt, lastDecidedAt, caughtUpAt, backlog } = this;
    return {
      mostInFlight: this.queue.mostInFlight,
      receives,
      calls,
      deadLetters: this.deadLetters.sent.length,
      decided,
      firstDecidedAt,
      lastDecidedAt,
      caughtUpAt,
      backlog,
    };
  }

  private get isOut(): boolean {
    return this.time.elapsed < this.load.outageSeconds * 1_000;
  }

  private get isSending(): boolean {
    return this.time.elapsed < this.load.seconds * 1_000;
  }

  private async work(): Promise<void> {
    for (;;) {
      this.sendDue();
      this.observe();
      if (!this.isSending && this.load.leavesBacklog === true) return;
      const batch = this.queue.receive(this.load.batchSize ?? SETTINGS.batchSize);
      if (batch.length > 0) await this.invoke(batch);
      else if (!this.isSending && this.queue.isEmpty) return;
      else await this.time.sleep(this.untilNext());
    }
  }

  private untilNext(): number {
    const nextSent = this.isSending ? 1_000 / this.load.paymentsPerSecond : Infinity;
    return Math.max(1, Math.min(nextSent, this.queue.nextReturn - this.time.now()));
  }

  private sendDue(): void {
    const seconds = Math.min(this.time.elapsed / 1_000, this.load.seconds);
    const due = Math.floor(seconds * this.load.paymentsPerSecond);
    while (this.sent < due) this.queue.send(`tx-${this.sent++}`);
  }

  private observe(): void {
    while (this.backlog.length * BACKLOG_MS <= this.time.elapsed) this.backlog.push(this.queue.length);
    if (this.isOut) this.caughtUpAt = Infinity;
    else if (this.queue.unreceived < this.load.paymentsPerSecond)
      this.caughtUpAt = Math.min(this.caughtUpAt, this.time.elapsed / 1_000);
  }

  private async invoke(batch: readonly QueueMessage[]): Promise<void> {
    if (this.isOut) this.receives += batch.length;
    const invocation = { requestId: 'r', releaseId: 'r', deadline: this.time.now() + SETTINGS.functionTimeoutMs };
    const { returned, retryDelays } = await this.core.processBatch(
      batch.map((message) => this.payment(message)),
      this.services(),
      { ...SETTINGS, onFailedPayment: 'continue' },
      invocation,
    );
    for (const { message, seconds } of retryDelays) this.queue.hide(message.messageId, seconds);
    const ids = new Set(returned.map(({ messageId }) => messageId));
    for (const { messageId } of batch) if (!ids.has(messageId)) this.end(messageId);
  }

  private payment(message: QueueMessage): QueueMessage {
    const groupId = this.load.isOneAccount === true ? 'account' : message.messageId;
    const body = JSON.stringify(aPayment({ transaction_id: message.messageId, account_id: groupId }));
    return { ...message, groupId, body };
  }

  /** Waits until the environment's processor has done its work for a payment, one after the other. */
  private async useProcessor(): Promise<void> {
    const { cpuMs = 0 } = this.load;
    if (cpuMs === 0) return;
    this.processorFreeAt = Math.max(this.processorFreeAt, this.time.now()) + cpuMs;
    await this.time.sleep(this.processorFreeAt - this.time.now());
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
    this.decided++;
    this.lastDecidedAt = this.time.elapsed / 1_000;
    this.firstDecidedAt = Math.min(this.firstDecidedAt, this.lastDecidedAt);
  }
}

const APPROVED = {
  status: 200,
  headers: {},
  body: Buffer.from('{"decision":"approve","score":0.5,"reasons":[]}'),
};
