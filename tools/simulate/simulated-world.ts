import type { OnFailedPayment } from '../../src/contract';
import { type SeededRandom, seededRandom } from '../kit/random';
import type { RetryDelay } from '../../src/processor/core/batch';
import { type ClientMessage, messagesOf } from './client-messages';
import type { Core } from './core';
import { DeadLetterQueue } from './dead-letter-queue';
import { poll } from './event-source';
import { FifoQueue, type Queued } from '../kit/fifo-queue';
import { FraudService } from './fraud-service';
import { Invariants } from './invariants';
import type { Invocation } from './invocation';
import { DlqProcess } from './dlq-process';
import { eventOf, type Operation } from './operations';
import { applyByHand } from './by-hand';
import { PaymentTable } from './payment-table';
import type { Outage, Scenario } from './scenario';
import { recover } from './recovery';
import { SETTINGS } from './settings';
import { Troubles } from './troubles';
import { VirtualTime } from '../kit/virtual-time';
import type { World } from './world';
import { RunLog } from './run-log';

/** How often an operator looks whether the payment queue is empty. */
const QUIET_MS = 10_000;

/** Everything that exists in one run. */
export class SimulatedWorld implements World {
  readonly time = new VirtualTime();
  readonly random: SeededRandom;
  readonly log: RunLog;
  readonly troubles: Troubles;
  readonly queue: FifoQueue;
  readonly deadLetters: DeadLetterQueue;
  readonly table: PaymentTable;
  readonly fraud: FraudService;
  readonly invariants: Invariants;
  readonly suppressedUntil = new Map<string, number>();
  running = 0;
  onFailedPayment: OnFailedPayment;
  readonly publishesOutcomes: boolean;
  readonly maxPaymentAgeHours: number | undefined;
  reader: World['reader'];
  private readonly costs: ReadonlyMap<string, number>;
  readonly movedByHand = new Set<string>();
  private readonly messages: readonly ClientMessage[];
  private requests = 0;
  private toSend: number;
  private nextSending = 0;
  private late = 0;
  /** Operations that are to come, or in progress. */
  private operating: number;
  /** Operators at work. */
  private operators = 0;
  private isRecovering = false;

  constructor(
    private readonly scenario: Scenario,
    readonly core: Core,
    keepsEvents: boolean,
  ) {
    this.onFailedPayment = scenario.onFailedPayment;
    this.publishesOutcomes = scenario.outcomes;
    this.maxPaymentAgeHours = scenario.maxPaymentAgeHours;
    this.random = seededRandom(scenario.chance);
    this.log = new RunLog(this.time, keepsEvents);
    this.troubles = new Troubles(scenario);
    this.messages = messagesOf(scenario);
    this.toSend = this.messages.length;
    this.invariants = new Invariants(this, scenario);
    this.table = new PaymentTable(this.invariants);
    this.deadLetters = new DeadLetterQueue(this.time, this.random, scenario, (letter, how) => {
      this.log.event('dead letters', `${letter.messageId} (${letter.sourceMessageId}) ${how}`);
      this.invariants.onLost(letter, how);
    });
    const { groupWindow } = scenario;
    this.queue = new FifoQueue(
      this.time,
      this.random,
      { ...SETTINGS, retentionMs: Infinity, ...(groupWindow !== undefined && { groupWindow }) },
      (message) => {
        this.giveUp(message);
      },
    );
    this.costs = new Map(
      this.messages.flatMap(({ body, costMs }) => (costMs === undefined ? [] : [[body, costMs] as const])),
    );
    this.operating = scenario.operations.length + scenario.byHand.length + scenario.switchesAtMs.length;
    this.fraud = new FraudService(this.messages, this.time, this.random, this.troubles);
  }

  /** Runs until every message has ended. */
  async run(): Promise<RunLog> {
    this.core.enter(this);
    this.sendFrom(0);
    const { operations, byHand, switchesAtMs } = this.scenario;
    for (const operation of operations) this.time.after(operation.atMs, () => void this.operate(operation));
    for (const one of byHand)
      this.time.after(one.atMs, () => {
        applyByHand(this, one);
        this.operating--;
      });
    for (const atMs of switchesAtMs)
      this.time.after(atMs, () => {
        this.switchMode();
      });
    this.scenario.clocksAheadMs.forEach((ahead, environment) => void poll(this, environment, ahead));
    await this.time.runUntil(() => this.log.violations.length > 0 || this.isOver);
    this.invariants.judge((transactionId) => this.table.unsent.includes(transactionId));
    if (this.log.violations.length === 0) await this.recover();
    return this.log;
  }

  async untilQuiet(): Promise<void> {
    while (!this.isOver && this.log.violations.length === 0) await this.time.sleep(QUIET_MS);
  }

  spendTimeOn(body: string): void {
    const cost = this.costs.get(body);
    if (cost !== undefined) this.reader?.spendTime(cost);
  }

  newRequestId(): string {
    return `request-${++this.requests}`;
  }

  isOut(of: Outage['of']): boolean {
    return this.troubles.isOut(of, this.time.elapsed);
  }

  later(milliseconds: number, happens: () => void): void {
    this.late++;
    this.time.after(milliseconds, () => {
      this.late--;
      happens();
    });
  }

  hide(retryDelays: readonly RetryDelay[], by: Invocation): void {
    this.invariants.onHide(retryDelays, by);
    if (this.troubles.next('visibility') !== undefined) return;
    for (const { message, seconds } of retryDelays) this.queue.changeVisibility(message, seconds);
  }

  nextChangeInMs(): number {
    if (this.isRecovering) return QUIET_MS;
    if (this.operators > 0) return 0; // who may send messages at any time
    const { operations, byHand } = this.scenario;
    const planned = [...operations, ...byHand].map(({ atMs }) => atMs - this.time.elapsed).filter((inMs) => inMs > 0);
    const changes = [this.queue.nextReturn, this.toSend > 0 ? this.nextSending : undefined].filter(
      (at) => at !== undefined,
    );
    const inMs = [...planned, ...changes.map((at) => at - this.time.now())];
    return inMs.length === 0 ? QUIET_MS : Math.min(...inMs);
  }

  send(message: ClientMessage): void {
    this.fraud.learn(message);
    const { messageId, isNew } = this.queue.send(message.groupId, message.body, message.deduplicationId);
    const what = message.payment?.message.transaction_id ?? 'an invalid message';
    this.log.event(
      'client',
      `sends ${what} of ${message.groupId} as ${messageId}${isNew ? '' : ', which the queue takes for a repetition'}`,
    );
    if (isNew) this.invariants.onAccepted(messageId, message);
  }

  private get isOver(): boolean {
    if (this.time.elapsed > SETTINGS.retentionMs) {
      this.log.violated(
        'comes to an end',
        `${this.queue.messages.length} messages are still in the queue when it would drop them`,
      );
    }
    return (
      this.toSend === 0 &&
      this.queue.messages.length === 0 &&
      this.running === 0 &&
      this.late === 0 &&
      this.operating === 0
    );
  }

  private async operate(operation: Operation): Promise<void> {
    const sent = this.messages.flatMap(({ payment }) =>
      payment === undefined ? [] : [payment.message.transaction_id],
    );
    const event = eventOf(
      operation,
      sent.length === 0 ? ['none'] : sent,
      this.deadLetters.letters.map(({ messageId }) => messageId),
    );
    this.operators++;
    await new DlqProcess(this, `operator ${operation.operator}`, event).run();
    this.operators--;
    this.operating--;
  }

  private switchMode(): void {
    this.onFailedPayment = this.onFailedPayment === 'hold' ? 'continue' : 'hold';
    this.operating--;
    this.log.event(
      'deployment',
      `a failed payment lets its account ${this.onFailedPayment === 'hold' ? 'wait' : 'continue'}`,
    );
    this.invariants.onSwitch();
  }

  /** An operator whom nothing disturbs. */
  private async recover(): Promise<void> {
    this.troubles.end();
    this.isRecovering = true;
    let isDone = false;
    void recover(this, this.scenario.recovery).then(() => {
      isDone = true;
    });
    await this.time.runUntil(() => isDone || this.log.violations.length > 0);
    if (this.log.violations.length === 0) this.invariants.judge(() => false);
  }

  private sendFrom(index: number): void {
    const message = this.messages[index];
    if (message === undefined) return;
    this.nextSending = this.time.now() + message.afterMs;
    this.time.after(message.afterMs, () => {
      this.toSend--;
      this.send(message);
      this.sendFrom(index + 1);
    });
  }

  private giveUp(message: Queued): void {
    this.log.event('queue', `moves ${message.messageId} to the dead-letter queue after ${message.receives} receives`);
    this.deadLetters.redrive(message);
    this.invariants.onRedriven(message);
  }
}
