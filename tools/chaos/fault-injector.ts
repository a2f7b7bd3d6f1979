import { randomUUID } from 'node:crypto';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { PaymentRecord } from '../../src/contract';
import { type ExecutionEnvironment, succeeded } from '../kit/embedded/event-source';
import { FunctionError, type FunctionProcess } from '../kit/embedded/function-process';
import { type SeededRandom, seededRandom } from '../kit/random';

/** A kill waits up to this long for its moment; an invocation takes about twice as long. */
const LONGEST_AIM_MS = 50;
/** Part of the payments acknowledged before the first blow falls, and before the last: crashed ones must still come back. */
const INJECTION_WINDOW = { from: 0.02, to: 0.7 };
const KILLS_PER_DROP = 2;

/** A function's process that was killed at work, and its invocation with it. */
export interface Kill {
  /** Payments acknowledged in the run before it. */
  readonly acknowledged_before: number;
  /** Milliseconds since the start of the invocation, including the start of a new process. */
  readonly after_ms: number;
  /** Payments in its batch. */
  readonly payments: number;
}

export interface FaultInjectorOptions {
  readonly seed: number;
  readonly payments: number;
  readonly kills: number;
  readonly maxReceiveCount: number;
  /** Cuts the table's connections. @returns how many there were */
  readonly dropConnections: () => Promise<number>;
  /** Ends the visibility timeout of a crashed invocation's messages early. */
  readonly returnRecords: (records: readonly SQSRecord[]) => Promise<void>;
}

/** The parts of the function's environment that the injector uses. */
export type Target = Pick<FunctionProcess, 'invoke' | 'kill'>;

interface Running {
  readonly process: Target;
  readonly records: readonly SQSRecord[];
  readonly began: number;
  killedAfterMs?: number;
}

/**
 * Stands between the event source and the function's processes, kills some of them at work, and cuts the table's
 * connections. A batch with a payment in its last receive is spared: one more crash, and the queue's own redrive
 * would take the payment to the dead-letter queue, healthy as it is.
 */
export class FaultInjector {
  /** Kills that hit: the invocation failed. */
  readonly kills: Kill[] = [];
  /** Kills that found their invocation over, or its process still starting; each was repeated. */
  missed = 0;
  private readonly killPoints: readonly number[];
  private readonly dropPoints: readonly number[];
  private readonly drops: Promise<number>[] = [];
  private readonly random: SeededRandom;
  private readonly running = new Set<Running>();
  private readonly unacknowledged = new Set<string>();
  private readonly hits = new Map<string, number>();
  private acknowledged = 0;
  private aiming = false;

  constructor(private readonly options: FaultInjectorOptions) {
    this.random = seededRandom(options.seed);
    this.killPoints = this.drawPoints(options.kills);
    this.dropPoints = this.drawPoints(Math.ceil(options.kills / KILLS_PER_DROP));
  }

  before(process: Target): ExecutionEnvironment {
    return { invoke: (event) => this.invoke(process, event) };
  }

  /** Connections cut each time. */
  connectionsDropped(): Promise<number[]> {
    return Promise.all(this.drops);
  }

  /** Payments by the number of kills that hit them: the first is of those hit once. */
  paymentsHit(): number[] {
    return Array.from(
      { length: this.options.maxReceiveCount - 1 },
      (_, index) => [...this.hits.values()].filter((hits) => hits === index + 1).length,
    );
  }

  /** Whether the invocation that settled the record never acknowledged it: it was killed, or took the payment for unsettled. */
  mayBeUncounted({ transaction_id, history }: PaymentRecord): boolean {
    return this.unacknowledged.has(handled(history.at(-1)?.request_id ?? '', transaction_id));
  }

  private async invoke(process: Target, { Records: records }: SQSEvent): Promise<unknown> {
    const requestId = randomUUID();
    const invocation: Running = { process, records, began: performance.now() };
    this.running.add(invocation);
    this.injectIfDue();
    const left = new Set(records.map(({ messageId }) => messageId));
    try {
      const response = await process.invoke({ Records: records }, { requestId });
      for (const { MessageId } of succeeded(
        records.map(({ messageId }) => ({ MessageId: messageId })),
        response,
      ))
        left.delete(MessageId!);
      this.acknowledged += records.length - left.size;
      if (invocation.killedAfterMs !== undefined) this.missed++; // it had answered
      return response;
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      if (invocation.killedAfterMs !== undefined) this.hit(invocation, invocation.killedAfterMs);
      await this.options.returnRecords(records);
      throw error;
    } finally {
      this.running.delete(invocation);
      for (const { messageId, body } of records)
        if (left.has(messageId)) this.unacknowledged.add(handled(requestId, transactionId(body)));
      if (invocation.killedAfterMs !== undefined) this.aiming = false;
      this.injectIfDue();
    }
  }

  /** Called when an invocation begins or ends, so a kill hits the others at any point. */
  private injectIfDue(): void {
    while (this.acknowledged >= (this.dropPoints[this.drops.length] ?? Infinity))
      this.drops.push(this.options.dropConnections());
    if (this.aiming || this.acknowledged < (this.killPoints[this.kills.length] ?? Infinity)) return;
    const targets = [...this.running].filter(({ records }) => !this.inLastReceive(records));
    if (targets.length === 0) return;
    const target = targets[this.random.between(0, targets.length - 1)]!;
    this.aiming = true;
    setTimeout(
      () => {
        this.kill(target);
      },
      this.random.between(0, LONGEST_AIM_MS),
    );
  }

  /** Kills the process. The invocation's end shows the result, because its answer may already be on the way. */
  private kill(target: Running): void {
    if (this.running.has(target) && target.process.kill()) {
      target.killedAfterMs = Math.round(performance.now() - target.began);
    } else {
      this.missed++;
      this.aiming = false;
    }
  }

  private hit({ records }: Running, after_ms: number): void {
    this.kills.push({ acknowledged_before: this.acknowledged, after_ms, payments: records.length });
    for (const { messageId } of records) this.hits.set(messageId, (this.hits.get(messageId) ?? 0) + 1);
  }

  private inLastReceive(records: readonly SQSRecord[]): boolean {
    return records.some(({ attributes }) => Number(attributes.ApproximateReceiveCount) >= this.options.maxReceiveCount);
  }

  /** Counts of acknowledged payments, ascending. */
  private drawPoints(count: number): number[] {
    const { from, to } = INJECTION_WINDOW;
    const points = Array.from({ length: count }, () =>
      Math.floor(this.options.payments * (from + (to - from) * this.random.next())),
    );
    return points.sort((a, b) => a - b);
  }
}

function handled(requestId: string, transactionId: string): string {
  return `${requestId} ${transactionId}`;
}

/** The run sends payments only. */
function transactionId(body: string): string {
  return (JSON.parse(body) as { transaction_id: string }).transaction_id;
}
