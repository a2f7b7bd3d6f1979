import type { PaymentMessage } from '../../../src/contract';
import type { FraudCheck, FraudCheckLimits, QueueMessage } from '../../../src/processor/core/ports';
import { ServiceError } from '../../../src/runtime/ports';
import { FifoQueue } from '../fifo-queue';
import { seededRandom } from '../random';
import { RecordAudit } from './record-audit';
import { MemoryStore } from './memory-store';
import { decided, Processor, REFUSED, ScriptedFraudApi, unavailable, NOT_CALLED } from './processor';
import { ManualClock } from './telemetry';

const FUNCTION_TIMEOUT_MS = 60_000;
const QUEUE = { visibilityTimeoutMs: 360_000, batchSize: 10 };

export interface Outage {
  readonly of: 'fraud API' | 'table';
  /** Seconds from the first receive. */
  readonly from: number;
  readonly seconds: number;
  /** Whether the circuit is open while the API is down: only payments in their last receive are checked then. */
  readonly circuitOpens?: boolean;
}

export interface OutageSettings {
  readonly maxReceiveCount: number;
  readonly retryDelays?: readonly [number, number];
  /** Duration of one check. */
  readonly checkTakesMs?: number;
  readonly random?: () => number;
  /** Transaction ids that the API refuses permanently, when it answers. */
  readonly refused?: readonly string[];
}

/**
 * Lets a queue run empty through an outage, in a manual clock's time.
 * @param messages in the order of their sending; each has been received once less than it says
 */
export async function runThroughOutage(messages: readonly QueueMessage[], outage: Outage, settings: OutageSettings) {
  const clock = new ManualClock();
  const began = clock.now() + outage.from * 1_000;
  const isDown = (what: Outage['of']) =>
    outage.of === what && clock.now() >= began && clock.now() < began + outage.seconds * 1_000;

  const store = new FailingStore(() => isDown('table'));
  const fraudApi = new FailingFraudApi(() => isDown('fraud API'), clock, outage.circuitOpens ?? false, settings);
  const { maxReceiveCount, retryDelays = [20, 1_860], random = () => 0 } = settings;
  const processor = new Processor({ maxReceiveCount, retryDelays: retryDelays }, store, 'request', { clock, fraudApi });
  processor.random = random;
  const trail = new RecordAudit(store);
  const redriven: string[] = [];
  const queue = new FifoQueue(clock, seededRandom(1), { ...QUEUE, maxReceiveCount }, ({ messageId }) =>
    redriven.push(messageId),
  );
  for (const { groupId, body, messageId, receiveCount } of messages) {
    queue.add(groupId, body, messageId);
    queue.messages.at(-1)!.receives = receiveCount - 1;
  }
  const received: { readonly messageId: string; readonly at: number }[] = [];

  for (let receives = 0; queue.messages.length > 0; receives++) {
    if (receives > 5_000) throw new Error('The queue does not run empty.');
    if (queue.freeGroups().length === 0) clock.advance(queue.nextReturn! - clock.now());
    const batch = queue.receive();
    if (batch.length === 0) continue;
    received.push(...batch.map(({ messageId }) => ({ messageId, at: clock.now() })));
    const delivered = batch.map(({ messageId, receives: receiveCount }) => ({
      ...messages.find((message) => message.messageId === messageId)!,
      receiveCount,
    }));
    const { returned, retryDelays } = await processor.deliverWith({ timeLeftMs: FUNCTION_TIMEOUT_MS }, ...delivered);
    for (const message of batch) {
      const seconds = retryDelays[message.messageId];
      if (!returned.includes(message.messageId)) queue.delete(message);
      else if (seconds !== undefined) queue.changeVisibility(message, seconds);
    }
  }
  return {
    /** Message ids that SQS itself moved to the dead-letter queue. */
    redriven,
    /** Receives that a message had left when the outage began. */
    receivesLeft: ({ messageId, receiveCount }: QueueMessage) =>
      maxReceiveCount -
      (receiveCount - 1) -
      received.filter((one) => one.messageId === messageId && one.at <= began).length,
    store,
    trail,
    deadLetters: processor.deadLetters,
    ended: (clock.now() - began) / 1_000,
    called: fraudApi.called,
  };
}

const TIMEOUT = new ServiceError('payment table', 'answer', 'TimeoutError');

class FailingStore extends MemoryStore {
  constructor(private readonly isDown: () => boolean) {
    super();
  }

  override insert(...args: Parameters<MemoryStore['insert']>): Promise<boolean> {
    return this.isDown() ? Promise.reject(TIMEOUT) : super.insert(...args);
  }

  override transition(...args: Parameters<MemoryStore['transition']>): Promise<boolean> {
    return this.isDown() ? Promise.reject(TIMEOUT) : super.transition(...args);
  }
}

class FailingFraudApi extends ScriptedFraudApi {
  constructor(
    private readonly isDown: () => boolean,
    private readonly time: ManualClock,
    private readonly circuitOpens: boolean,
    private readonly settings: OutageSettings,
  ) {
    super();
  }

  override isCircuitOpen(): boolean {
    return this.circuitOpens && this.isDown();
  }

  override async check(payment: PaymentMessage, limits: FraudCheckLimits): Promise<FraudCheck> {
    if (this.isCircuitOpen() && !limits.lastReceive) return NOT_CALLED;
    if (this.time.now() >= limits.deadline) return NOT_CALLED;
    await super.check(payment, limits);
    this.time.advance(Math.min(this.settings.checkTakesMs ?? 0, limits.deadline - this.time.now()));
    if (this.isDown()) return unavailable(this.time.now());
    return this.settings.refused?.includes(payment.transaction_id) ? REFUSED : decided('approve');
  }
}
