import type { FailureCode, OnFailedPayment } from '../../src/contract';
import type { SeededRandom } from '../kit/random';
import { FifoQueue, type Queued } from '../kit/fifo-queue';
import { ConditionalRecords } from '../kit/cores/conditional-records';
import { HeldAccounts } from '../kit/cores/held-accounts';
import type { ProcessState } from './process';
import type { ExploredPayment, Operation, Scenario } from './scenario';

const PAYMENT_QUEUE_HIDES_MS = 360_000;
const DEAD_LETTERS_HIDE_MS = 180_000;

/** Why a message is in the dead-letter queue. */
export interface LetterFacts {
  readonly failureCode?: FailureCode;
  readonly parkedBehind?: string;
  /** SQS itself moved it here. */
  readonly isMoved?: true;
}

/** An invocation of one of the functions. */
export interface Running {
  readonly name: string;
  readonly kind: 'processor' | 'operator';
  readonly state: ProcessState;
  /** Of a processor's batch. */
  readonly messages: readonly Queued[];
  readonly onFailedPayment: OnFailedPayment;
  /** Of an operator's. */
  readonly operation?: Extract<Operation, { kind: 'invoke' }>;
}

/** The groups that the next receive brings: SQS chooses, and here it is told. */
export class GroupChoice implements SeededRandom {
  private wanted: readonly boolean[] = [];
  private asked = 0;
  private count = 0;

  choose(free: readonly string[], groups: readonly string[]): void {
    this.wanted = free.map((group) => groups.includes(group));
    this.asked = 0;
    this.count = groups.length;
  }

  next(): number {
    return this.wanted[this.asked++] === true ? 0 : 0.5;
  }

  between(): number {
    return this.count;
  }
}

const CHOICE = new GroupChoice();

/** All that there is outside the processes, and the processes with it. Forked at each step; what it holds is never changed in place but by its own methods. */
export class World {
  now = 0;
  records = new ConditionalRecords();
  held = new HeldAccounts();
  queue: FifoQueue;
  deadLetters: FifoQueue;
  letters: ReadonlyMap<string, LetterFacts> = new Map();
  running: readonly Running[] = [];
  onFailedPayment: OnFailedPayment;
  faultsLeft: number;
  redeliveriesLeft: number;
  /** For each operator, what is still to be done of each of its lists; undefined before it has chosen one. */
  operations: readonly (readonly Operation[] | undefined)[];
  /** Of operators, so far. */
  runs = 0;
  private sendings = 0;
  /** Invocations of the payment processor since an operator's run began. */
  duringRun = 0;
  /** Payments that SQS accepted, in its order; each once. */
  accepted: readonly ExploredPayment[] = [];
  /** Those that are still to be sent. */
  unsent: readonly ExploredPayment[];
  isPurged = false;
  /** The fraud API approves whatever it is asked. */
  isRepaired = false;
  /** Fingerprints of payments that an operator was told to be discarded. */
  discarded: ReadonlySet<string> = new Set();
  /** Fingerprints of payments that SQS itself moved to the dead-letter queue while nothing held their account for them. */
  displaced: ReadonlySet<string> = new Set();

  constructor(readonly scenario: Scenario) {
    this.onFailedPayment = scenario.onFailedPayment;
    this.faultsLeft = scenario.faults;
    this.redeliveriesLeft = scenario.redeliveries;
    this.operations = scenario.operators.map(() => undefined);
    this.unsent = scenario.payments;
    const time = { now: () => this.now };
    this.queue = new FifoQueue(time, CHOICE, { maxReceiveCount: scenario.maxReceiveCount, batchSize: 10, visibilityTimeoutMs: PAYMENT_QUEUE_HIDES_MS }, (message) => { this.move(message); });
    this.deadLetters = new FifoQueue(time, CHOICE, { maxReceiveCount: Infinity, batchSize: 10, visibilityTimeoutMs: DEAD_LETTERS_HIDE_MS }, () => undefined);
    for (const one of scenario.payments) if (!one.isLate) this.send(one);
  }

  fork(): World {
    const fork = Object.assign(Object.create(World.prototype) as World, this);
    const time = { now: () => fork.now };
    fork.records = this.records.copy();
    fork.held = this.held.copy();
    fork.queue = this.queue.copy(time, (message) => { fork.move(message); });
    fork.deadLetters = this.deadLetters.copy(time, () => undefined);
    return fork;
  }

  send(payment: ExploredPayment): void {
    this.unsent = this.unsent.filter((one) => one !== payment);
    if (!this.accepted.some((one) => one.fingerprint === payment.fingerprint)) this.accepted = [...this.accepted, payment];
    this.queue.send(payment.message.account_id, payment.body, `sent ${++this.sendings}`);
  }

  receive(groups: readonly string[]): Queued[] {
    CHOICE.choose(this.queue.freeGroups(), groups);
    return this.queue.receive();
  }

  /** An operator sees every account's letters. */
  receiveDeadLetters(): Queued[] {
    const free = this.deadLetters.freeGroups();
    CHOICE.choose(free, free);
    return this.deadLetters.receive();
  }

  addLetter(groupId: string, body: string, deduplicationId: string, facts: LetterFacts): void {
    const { messageId, isNew } = this.deadLetters.send(groupId, body, deduplicationId);
    if (isNew) this.letters = new Map(this.letters).set(messageId, facts);
  }

  purge(): void {
    this.isPurged = true;
    this.deadLetters.messages.length = 0;
  }

  paymentOf({ body }: Pick<Queued, 'body'>): ExploredPayment {
    return this.accepted.find((one) => one.body === body)!;
  }

  /** Whether a letter of this very payment is in the dead-letter queue. */
  hasLetter({ body }: ExploredPayment): boolean {
    return this.deadLetters.messages.some((letter) => letter.body === body);
  }

  isQueued({ body }: ExploredPayment): boolean {
    return this.queue.messages.some((message) => message.body === body);
  }

  isHeldFor({ message: { account_id }, fingerprint }: ExploredPayment): boolean {
    return this.held.read(account_id).some(({ content }) => fingerprint.startsWith(content));
  }

  /** Equal for worlds in which the same can happen. */
  key(intern: (value: object | string) => number): string {
    const records = [...this.records.records.values()].map(intern).sort((a, b) => a - b);
    const held = this.held.accounts.sort().map((account) => [account, this.held.read(account)]);
    const rest = [held, [...this.letters], this.onFailedPayment, this.operations, this.unsent.length, this.accepted.map(({ fingerprint }) => fingerprint),
      this.isPurged, this.isRepaired, [...this.discarded].sort(), [...this.displaced].sort()];
    const running = this.running.map(({ name, state, messages }) => `${name} ${state.key} ${messages.map(({ receiptHandle }) => receiptHandle).join(' ')}`);
    const parts = [records.join(' '), intern(this.queue.state), intern(this.deadLetters.state), intern(JSON.stringify(rest)), this.runs, this.duringRun, this.faultsLeft, this.redeliveriesLeft, ...running.map(intern)];
    return parts.join('|');
  }

  private move(message: Queued): void {
    const payment = this.paymentOf(message);
    if (!this.isHeldFor(payment)) this.displaced = new Set(this.displaced).add(payment.fingerprint);
    this.addLetter(message.groupId, message.body, `moved ${message.messageId}`, { isMoved: true });
  }
}
