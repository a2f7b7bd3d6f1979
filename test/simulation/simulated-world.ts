import type { OnFailedPayment } from '../../src/contract';
import { type SeededRandom, seededRandom } from '../../src/local/random';
import type { Wait } from '../../src/processor/core/batch';
import { type Letter, lettersOf } from './clients';
import type { Core } from './core';
import { type DeadLetter, DeadLetterQueue } from './dead-letter-queue';
import { poll } from './event-source';
import { FifoQueue, type Queued } from './fifo-queue';
import { FraudService } from './fraud-service';
import { Invariants } from './invariants';
import type { Invocation } from './invocation';
import { redriveAll } from './operator';
import { PaymentTable } from './payment-table';
import type { Outage, Scenario } from './scenario';
import { SETTINGS } from './settings';
import { Troubles } from './troubles';
import { VirtualTime } from './virtual-time';
import type { World } from './virtual-globals';
import { Watch } from './watch';

/** Everything that exists in one run. */
export class SimulatedWorld implements World {
  readonly time = new VirtualTime();
  readonly random: SeededRandom;
  readonly watch: Watch;
  readonly troubles: Troubles;
  readonly queue: FifoQueue;
  readonly deadLetters: DeadLetterQueue;
  readonly table: PaymentTable;
  readonly fraud: FraudService;
  readonly invariants: Invariants;
  /** Invocations at this moment. */
  running = 0;
  readonly onFailedPayment: OnFailedPayment;
  private readonly letters: readonly Letter[];
  private requests = 0;
  private toSend: number;
  private nextSending = 0;
  private late = 0;
  private redriving = 0;

  constructor(
    private readonly scenario: Scenario,
    readonly core: Core,
    isTelling: boolean,
  ) {
    this.onFailedPayment = scenario.onFailedPayment;
    this.random = seededRandom(scenario.chance);
    this.watch = new Watch(this.time, isTelling);
    this.troubles = new Troubles(scenario);
    this.letters = lettersOf(scenario);
    this.toSend = this.letters.length;
    this.invariants = new Invariants(this, scenario);
    this.table = new PaymentTable(this.invariants);
    this.deadLetters = new DeadLetterQueue(this.time);
    this.queue = new FifoQueue(this.time, this.random, SETTINGS, (message) => { this.giveUp(message); });
    this.fraud = new FraudService(this.letters, this.time, this.random, this.troubles);
  }

  /** Until every message has come to its end. */
  async run(): Promise<Watch> {
    this.core.enter(this);
    this.sendFrom(0);
    for (const atMs of this.scenario.redrivesAtMs) this.later(atMs, () => void this.redriveAll());
    this.scenario.clocksAheadMs.forEach((ahead, environment) => void poll(this, environment, ahead));
    await this.time.runUntil(() => this.watch.violations.length > 0 || this.isOver);
    this.invariants.judge();
    return this.watch;
  }

  newRequestId(): string {
    return `request-${++this.requests}`;
  }

  isOut(of: Outage['of']): boolean {
    return this.troubles.isOut(of, this.time.elapsed);
  }

  /** Something that happens by itself, whoever lives then. */
  later(milliseconds: number, happens: () => void): void {
    this.late++;
    this.time.after(milliseconds, () => {
      this.late--;
      happens();
    });
  }

  /** Sends a dead letter to the payment queue again, as a message of its own. */
  redrive({ groupId, body, sourceMessageId, messageId: letterId }: DeadLetter): void {
    const { messageId, isNew } = this.queue.send(groupId, body, `redrive of ${letterId}`);
    this.watch.tell('operator', `redrives ${sourceMessageId} as ${messageId}`);
    if (isNew) this.invariants.onAccepted(messageId, this.invariants.accepted.get(sourceMessageId)!.letter);
  }

  hide(waits: readonly Wait[], by: Invocation): void {
    this.invariants.onHide(waits, by);
    if (this.troubles.next('visibility') !== undefined) return;
    for (const { message, seconds } of waits) this.queue.changeVisibility(message, seconds);
  }

  /** Until the next message is sent, comes back, or may be redriven. */
  nextChangeInMs(): number {
    const redrives = this.scenario.redrivesAtMs.map((at) => at - this.time.elapsed).filter((inMs) => inMs > 0);
    const changes = [this.queue.nextReturn, this.toSend > 0 ? this.nextSending : undefined].filter((at) => at !== undefined);
    const inMs = [...redrives, ...changes.map((at) => at - this.time.now())];
    return inMs.length === 0 || this.redriving > 0 ? 0 : Math.min(...inMs);
  }

  private get isOver(): boolean {
    if (this.time.elapsed > SETTINGS.retentionMs) {
      this.watch.violated('comes to an end', `${this.queue.messages.length} messages are still in the queue when it would drop them`);
    }
    return this.toSend === 0 && this.queue.messages.length === 0 && this.running === 0 && this.late === 0 && this.redriving === 0;
  }

  private async redriveAll(): Promise<void> {
    this.redriving++;
    await redriveAll(this);
    this.redriving--;
  }

  private sendFrom(index: number): void {
    const letter = this.letters[index];
    if (letter === undefined) return;
    this.nextSending = this.time.now() + letter.afterMs;
    this.time.after(letter.afterMs, () => {
      this.toSend--;
      this.send(letter);
      this.sendFrom(index + 1);
    });
  }

  private send(letter: Letter): void {
    const { messageId, isNew } = this.queue.send(letter.groupId, letter.body, letter.deduplicationId);
    const what = letter.payment?.message.transaction_id ?? 'no payment';
    this.watch.tell('client', `sends ${what} of ${letter.groupId} as ${messageId}${isNew ? '' : ', which the queue takes for a repetition'}`);
    if (isNew) this.invariants.onAccepted(messageId, letter);
  }

  private giveUp(message: Queued): void {
    const { messageId: sourceMessageId, groupId, body } = message;
    this.watch.tell('queue', `moves ${sourceMessageId} to the dead-letter queue after ${message.receives} receives`);
    this.deadLetters.redrive({ sourceMessageId, groupId, body });
    this.invariants.onRedriven(message);
  }
}
