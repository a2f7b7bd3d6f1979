import type { FailureCode, FraudAnswer, MetricName, PaymentMessage, PaymentOutcome } from '../../../src/contract';
import { type BatchResult, processBatch } from '../../../src/processor/core/batch';
import {
  type DeadLetters,
  type FraudApi,
  type FraudCheck,
  type FraudCheckLimits,
  type QueueMessage,
  type Settings,
} from '../../../src/processor/core/ports';
import { type Holds, type OutcomeTopic, ServiceError } from '../../../src/runtime/ports';
import { HeldAccounts } from './held-accounts';
import { MemoryStore } from './memory-store';
import { hashOf, ManualClock, RecordedTelemetry } from './telemetry';

/** Time for fraud checks in one invocation: what Lambda leaves, less the reserve. */
export const TIME_FOR_CHECKS_MS = 300_000;
const RESERVE_MS = 5_000;

/** The processor's core over ports in memory. */
export class Processor {
  readonly clock: ManualClock;
  readonly fraudApi: ScriptedFraudApi;
  readonly deadLetters: MemoryDeadLetters;
  readonly held: HeldAccounts;
  readonly outcomes: MemoryOutcomeTopic | undefined;
  telemetry = new RecordedTelemetry();
  random = () => 0.5;
  private invocations = 0;

  constructor(
    private readonly settings: Partial<Settings> = {},
    readonly store = new MemoryStore(),
    /** Prefix of the invocations' request ids. */
    private readonly name = 'request',
    /** Services that it shares with another processor. */
    {
      clock = new ManualClock(),
      deadLetters = new MemoryDeadLetters(),
      fraudApi = new ScriptedFraudApi(),
      held = new HeldAccounts(),
      outcomes = undefined as MemoryOutcomeTopic | undefined,
    } = {},
  ) {
    this.outcomes = outcomes;
    this.clock = clock;
    this.fraudApi = fraudApi;
    this.deadLetters = deadLetters;
    this.held = held;
  }

  /** One invocation with one batch; the telemetry is that of the last one. */
  async deliver(...messages: readonly QueueMessage[]): Promise<Delivery> {
    return this.deliverWith({}, ...messages);
  }

  async deliverWith(limits: { timeLeftMs?: number }, ...messages: readonly QueueMessage[]): Promise<Delivery> {
    this.telemetry = new RecordedTelemetry();
    const { clock, store, fraudApi, deadLetters, outcomes, telemetry } = this;
    const settings = {
      maxReceiveCount: 3,
      groupConcurrency: 10,
      retryDelays: [20, 1_860] as const,
      onFailedPayment: 'continue' as const,
      ...this.settings,
    };
    const invocation = {
      requestId: `${this.name}-${++this.invocations}`,
      releaseId: 'release-7',
      deadline: clock.now() + (limits.timeLeftMs ?? TIME_FOR_CHECKS_MS + RESERVE_MS),
    };
    const services = {
      clock,
      store,
      holds: memoryHolds(this.held),
      fraudApi,
      deadLetters,
      outcomes,
      telemetry,
      random: () => this.random(),
      accountHash: hashOf,
    };
    return new Delivery(await processBatch(messages, services, settings, invocation));
  }

  count(metric: MetricName): number {
    return this.telemetry.counts[metric] ?? 0;
  }
}

/** The answer of one invocation. */
export class Delivery {
  constructor(private readonly result: BatchResult) {}

  get returned(): string[] {
    return this.result.returned.map(({ messageId }) => messageId);
  }

  /** Seconds by message id; a message whose visibility is left alone has none. */
  get retryDelays(): Record<string, number> {
    return Object.fromEntries(this.result.retryDelays.map(({ message, seconds }) => [message.messageId, seconds]));
  }
}

type Script = FraudCheck | ((payment: PaymentMessage, limits: FraudCheckLimits) => FraudCheck | Promise<FraudCheck>);

/** Approves, unless the payment's script says something else; the last line of a script is repeated. */
export class ScriptedFraudApi implements FraudApi {
  circuitOpen = false;
  /** What a wait for the circuit waits for. */
  circuitMayBeTested = Promise.resolve();
  readonly waits: number[] = [];
  readonly calls: { readonly payment: PaymentMessage; readonly limits: FraudCheckLimits }[] = [];
  private readonly scripts = new Map<string, Script[]>();

  answer(transactionId: string, ...script: Script[]): void {
    this.scripts.set(transactionId, script);
  }

  get called(): string[] {
    return this.calls.map(({ payment }) => payment.transaction_id);
  }

  isCircuitOpen(): boolean {
    return this.circuitOpen;
  }

  /** @param latest the limit of the wait, which is kept in `waits` */
  async waitForCircuit(latest: number): Promise<void> {
    this.waits.push(latest);
    await this.circuitMayBeTested;
  }

  async check(payment: PaymentMessage, limits: FraudCheckLimits): Promise<FraudCheck> {
    this.calls.push({ payment, limits });
    const script = this.scripts.get(payment.transaction_id) ?? [decided('approve')];
    const line = script.length > 1 ? script.shift() : script[0];
    return typeof line === 'function' ? line(payment, limits) : Promise.resolve(line ?? decided('approve'));
  }
}

export function decided(decision: FraudAnswer['decision'], score = 0.1): FraudCheck {
  return { kind: 'decided', answer: { decision, score, reasons: [`because ${decision}`] } };
}

export const REFUSED: FraudCheck = { kind: 'refused', httpStatus: 422 };

/** A check whose last call failed at this time. */
export function unavailable(failedAt: number, retryAfterSeconds?: number): FraudCheck {
  return {
    kind: 'unavailable',
    cause: 'HTTP 503',
    failedAt,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

/** A check that made no call. */
export const NOT_CALLED: FraudCheck = { kind: 'unavailable', cause: 'circuit open' };

export function memoryHolds(held = new HeldAccounts()): Holds {
  return {
    read: (accountId) => Promise.resolve(held.read(accountId)),
    hold: (accountId, payment, at) =>
      Promise.resolve().then(() => {
        held.hold(accountId, payment, at);
      }),
    park: (accountId, payment, at) => Promise.resolve(held.park(accountId, payment, at)),
    lift: (accountId, payment) =>
      Promise.resolve().then(() => {
        held.lift(accountId, payment);
      }),
  };
}

const notSent = (code: string) => new ServiceError('dead-letter queue', 'take a message', code);

export class MemoryDeadLetters implements DeadLetters {
  readonly sent: { readonly messageId: string; readonly groupId: string; readonly failure: FailureCode }[] = [];
  /** The attempt of each message in `sent`. */
  readonly attempts: number[] = [];
  /** Parked messages, and the payments that they wait for. */
  readonly parked: { readonly messageId: string; readonly behind: string }[] = [];
  private readonly faults: ('refused' | 'sent but no answer')[] = [];

  failNext(fault: 'refused' | 'sent but no answer' = 'refused'): void {
    this.faults.push(fault);
  }

  async send({ messageId, groupId }: QueueMessage, failure: FailureCode, attempt: number): Promise<void> {
    await Promise.resolve();
    const fault = this.faults.shift();
    if (fault === 'refused') throw notSent('Throttled');
    this.sent.push({ messageId, groupId, failure });
    this.attempts.push(attempt);
    if (fault !== undefined) throw notSent('TimeoutError');
  }

  async park({ messageId }: QueueMessage, behind: string): Promise<void> {
    await Promise.resolve();
    this.parked.push({ messageId, behind });
  }
}

/** Takes outcomes, and refuses as many as a test asks for. */
export class MemoryOutcomeTopic implements OutcomeTopic {
  readonly published: PaymentOutcome[] = [];
  refuses = 0;

  async publish(outcome: PaymentOutcome): Promise<void> {
    await Promise.resolve();
    if (this.refuses-- > 0) throw new ServiceError('outcome topic', 'publish an outcome', 'Throttled');
    this.published.push(outcome);
  }
}
