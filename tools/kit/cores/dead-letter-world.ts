import {
  deduplicationId,
  type FailureCode,
  type MetricName,
  heldPayment,
  identityOf,
  type PaymentMessage,
  type PaymentOutcome,
  type PaymentRecord,
} from '../../../src/contract';
import type { Analysis } from '../../../src/dlq-processor/core/analysis';
import { readEvent } from '../../../src/dlq-processor/core/event';
import {
  type Alert,
  ANSWER_MS,
  type DeadLetter,
  type FailedPayment,
  type Services,
} from '../../../src/dlq-processor/core/ports';
import { type Answer, operate } from '../../../src/dlq-processor/core/operate';
import type { ResolveAnswer } from '../../../src/dlq-processor/core/resolve';
import type { BulkAnswer } from '../../../src/dlq-processor/core/bulk-answer';
import type { Invocation, LogFields, OutcomeTopic } from '../../../src/runtime/ports';
import { seededRandom } from '../random';
import { FifoQueue, type Queued } from '../fifo-queue';
import { ConditionalRecords } from './conditional-records';
import { FaultyPorts } from './faulty-ports';
import { HeldAccounts } from './held-accounts';
import { hashOf } from './telemetry';

/** The operator of the tests. */
export const ACTOR = 'arn:aws:sts::123456789012:assumed-role/payments-operator/alice';

const QUEUE = { maxReceiveCount: Infinity, batchSize: 10 };

/** The DLQ processor's core over ports in memory, with queues that behave as SQS says. */
export class DeadLetterWorld extends FaultyPorts {
  readonly records = new ConditionalRecords();
  readonly held = new HeldAccounts();
  readonly deadLetters: FifoQueue;
  readonly paymentQueue: FifoQueue;
  readonly alerts: Alert[] = [];
  readonly outcomes: PaymentOutcome[] = [];
  readonly logs: (LogFields & { readonly event: string })[] = [];
  /** Values of metrics, in their order. */
  readonly metrics: (readonly [metric: MetricName, value: number])[] = [];
  /** The index's own order: what was put last failed last. */
  readonly index: FailedPayment[] = [];
  approvals: string[] = [];
  private readonly codes = new Map<string, FailureCode>();
  private readonly parked = new Map<string, string>();
  private readonly suppressedUntil = new Map<string, number>();
  private lastCallsEndAt = Infinity;
  private serial = 0;

  /** @param outcomes whether the pipeline publishes them */
  constructor(seed = 1, outcomes: 'none' | 'topic' = 'none') {
    super();
    const random = seededRandom(seed);
    this.deadLetters = new FifoQueue(this.clock, random, { ...QUEUE, visibilityTimeoutMs: 180_000 }, () => undefined);
    if (outcomes === 'topic') this.services = { ...this.services, outcomes: this.outcomeTopic };
    this.paymentQueue = new FifoQueue(this.clock, random, { ...QUEUE, visibilityTimeoutMs: 360_000 }, () => undefined);
  }

  /** Puts a message into the dead-letter queue. @returns its id */
  bury(payment: PaymentMessage | { readonly body: string; readonly group: string }, code?: FailureCode): string {
    const [body, group] =
      'body' in payment ? [payment.body, payment.group] : [JSON.stringify(payment), payment.account_id];
    const { messageId } = this.deadLetters.send(group, body, `buried ${++this.serial}`);
    if (code !== undefined) this.codes.set(messageId, code);
    return messageId;
  }

  /** Puts a payment there that waits for another, and into the account's hold. @returns the message's id */
  park(payment: PaymentMessage, behind: string): string {
    const messageId = this.bury(payment);
    this.parked.set(messageId, behind);
    this.held.hold(payment.account_id, heldPayment(identityOf(payment), String(this.serial)), this.now());
    return messageId;
  }

  /** One invocation. */
  async run(event: unknown, timeLeftMs = 120_000): Promise<Answer> {
    this.dead = false;
    const request = readEvent(event);
    const deadline = this.clock.now() + timeLeftMs;
    const invocation: Invocation = {
      requestId: `run-${++this.serial}`,
      releaseId: 'release-of-the-dlq-processor',
      deadline,
    };
    this.lastCallsEndAt = deadline - ANSWER_MS;
    return operate(request, this.services, invocation);
  }

  async redrive(event: Readonly<Record<string, unknown>> = {}, timeLeftMs?: number): Promise<BulkAnswer> {
    return (await this.run({ action: 'redrive', ...event }, timeLeftMs)) as BulkAnswer;
  }

  async discard(event: Readonly<Record<string, unknown>> = {}): Promise<BulkAnswer> {
    return (await this.run({ action: 'discard', reason: 'given up', ...event })) as BulkAnswer;
  }

  async resolve(event: Readonly<Record<string, unknown>>, timeLeftMs?: number): Promise<ResolveAnswer> {
    const asked = { action: 'resolve', reason: 'looked at', actor: ACTOR, ...event };
    return (await this.run(asked, timeLeftMs)) as ResolveAnswer;
  }

  async analyze(event: Readonly<Record<string, unknown>> = {}, timeLeftMs?: number): Promise<Analysis> {
    return (await this.run(event, timeLeftMs)) as Analysis;
  }

  /** Transaction ids in the payment queue, in its order. */
  get sent(): string[] {
    return this.paymentQueue.messages.map(({ body }) => (JSON.parse(body) as PaymentMessage).transaction_id);
  }

  /** Ids of the messages in flight. */
  get hidden(): string[] {
    return this.deadLetters.messages
      .filter(({ hiddenUntil }) => hiddenUntil > this.clock.now())
      .map(({ messageId }) => messageId);
  }

  record(transactionId: string): PaymentRecord {
    return this.records.read(transactionId)!;
  }

  private get oldestReview(): string | undefined {
    const inReview = [...this.records.records.values()].filter(({ payment_status }) => payment_status === 'REVIEW');
    return inReview.map(({ timestamp }) => timestamp).sort()[0];
  }

  private now(): string {
    return new Date(this.clock.now()).toISOString();
  }

  private log(event: string, fields: LogFields): void {
    if (event === '') throw new Error('A log entry without a message.');
    if (!this.dead) this.logs.push({ event, ...fields });
  }

  private readonly outcomeTopic: OutcomeTopic = {
    publish: (outcome) =>
      this.call('outcome topic', 'publish an outcome', outcome.transaction_id, () => void this.outcomes.push(outcome)),
  };

  private readonly services: Services = {
    clock: { now: () => this.clock.now() },
    accountHash: hashOf,
    telemetry: {
      info: (event, fields) => {
        this.log(event, fields);
      },
      warn: (event, fields) => {
        this.log(event, fields);
      },
      count: (metric) => void this.metrics.push([metric, 1]),
      record: (metric, value) => void this.metrics.push([metric, value]),
    },
    index: {
      failed: (size, from) =>
        this.call('payment table', 'failed', undefined, () => {
          const begin = Number(from?.begin ?? 0);
          const latestFirst = this.index.toReversed();
          const next = begin + size <= latestFirst.length ? { begin: begin + size } : undefined;
          return { payments: latestFirst.slice(begin, begin + size), next };
        }),
      oldestReview: () => this.call('payment table', 'oldestReview', undefined, () => this.oldestReview),
      heldAccounts: (size, from) =>
        this.call('payment table', 'heldAccounts', undefined, () => {
          const begin = Number(from?.begin ?? 0);
          const next = begin + size < this.held.since.length ? { begin: begin + size } : undefined;
          return { accounts: this.held.since.slice(begin, begin + size), next };
        }),
      latestApprovals: (size) =>
        this.call('payment table', 'latestApprovals', undefined, () => this.approvals.slice(0, size)),
    },
    payments: {
      read: (id) => this.call('payment table', 'read', id, () => this.records.read(id)),
      insert: (record) =>
        this.call('payment table', 'insert', record.transaction_id, () => this.records.insert(record)),
      reopen: (change) =>
        this.call('payment table', 'reopen', change.record.transaction_id, () => this.records.reopen(change)),
      giveUp: (change) =>
        this.call('payment table', 'giveUp', change.record.transaction_id, () => this.records.giveUp(change)),
      resolve: (change) =>
        this.call('payment table', 'resolve', change.record.transaction_id, () => this.records.resolve(change)),
    },
    holds: {
      read: (accountId) => this.call('payment table', 'read a hold', accountId, () => this.held.read(accountId)),
      lift: (accountId, payment) =>
        this.call('payment table', 'lift a hold', payment.transactionId, () => {
          this.held.lift(accountId, payment);
        }),
    },
    deadLetters: {
      depth: () =>
        this.call('dead-letter queue', 'depth', undefined, () => ({
          visible: this.deadLetters.messages.length - this.hidden.length,
          inFlight: this.hidden.length,
        })),
      receive: () =>
        this.call('dead-letter queue', 'receive', undefined, () =>
          this.deadLetters.receive().map((one) => this.letter(one)),
        ),
      delete: (letter) =>
        this.call('dead-letter queue', 'delete', letter.messageId, () => void this.deadLetters.delete(letter)),
      release: (letters) =>
        this.call('dead-letter queue', 'release', undefined, () => {
          if (this.clock.now() >= this.lastCallsEndAt) return letters.length;
          const refused = letters.filter((letter) => !this.isHeldBy(letter)).length;
          for (const letter of letters) this.deadLetters.changeVisibility(letter, 0);
          return refused;
        }),
    },
    paymentQueue: {
      resend: ({ groupId, body, source, attempt }) =>
        this.call(
          'payment queue',
          'resend',
          source,
          () => void this.paymentQueue.send(groupId, body, deduplicationId.redrive(source, attempt)),
        ),
    },
    topic: { publish: (alert) => this.call('alert topic', 'publish', undefined, () => void this.alerts.push(alert)) },
    alertThrottle: {
      claim: (key, now, until) =>
        this.call('payment table', 'claim', key, () => {
          if ((this.suppressedUntil.get(key) ?? 0) > now) return false;
          this.suppressedUntil.set(key, until);
          return true;
        }),
      extend: (key, until) =>
        this.call('payment table', 'extend', key, () => void this.suppressedUntil.set(key, until)),
    },
  };

  /** Whether the receipt is of the letter's latest receive, and that has not timed out. */
  private isHeldBy({ messageId, receiptHandle }: Pick<DeadLetter, 'messageId' | 'receiptHandle'>): boolean {
    return (
      this.hidden.includes(messageId) &&
      this.deadLetters.messages.some((one) => one.messageId === messageId && one.receiptHandle === receiptHandle)
    );
  }

  private letter({ messageId, receiptHandle = '', body, groupId, sequenceNumber }: Queued): DeadLetter {
    const failureCode = this.codes.get(messageId);
    const parkedBehind = this.parked.get(messageId);
    return {
      messageId,
      receiptHandle,
      body,
      groupId,
      sequenceNumber,
      ...(failureCode && { failureCode }),
      ...(parkedBehind && { parkedBehind }),
    };
  }
}
