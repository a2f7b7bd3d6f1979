import { type FailureCode, isDecision, mayBeHeld, type OnFailedPayment } from '../../src/contract';
import { FifoQueue, type Queued } from '../kit/fifo-queue';
import { ConditionalRecords } from '../kit/cores/conditional-records';
import { HeldAccounts } from '../kit/cores/held-accounts';
import { GroupChoice } from './group-choice';
import type { ProcessState } from './process';
import { type ExploredPayment, isReduced, type Operation, type Scenario } from './scenario';

const PAYMENT_QUEUE_HIDES_MS = 360_000;
const DEAD_LETTERS_HIDE_MS = 180_000;

/** The request id in the reduced history of a decided payment. */
const FORGOTTEN = 'forgotten';

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
  readonly state: ProcessState<World>;
  /** Messages of a processor's batch. */
  readonly messages: readonly Queued[];
  readonly onFailedPayment: OnFailedPayment;
  /** The operator's operation. */
  readonly operation?: Extract<Operation, { kind: 'invoke' }>;
}

const CHOICE = new GroupChoice();

/** The state of services and processes. Each step forks it. Only its own methods change it in place. */
export class World {
  now: number;
  records: ConditionalRecords;
  held: HeldAccounts;
  queue: FifoQueue;
  deadLetters: FifoQueue;
  letters: ReadonlyMap<string, LetterFacts>;
  running: readonly Running[];
  onFailedPayment: OnFailedPayment;
  faultsLeft: number;
  redeliveriesLeft: number;
  /** The remaining operations of each operator; undefined before it has chosen one of its lists. */
  operations: readonly (readonly Operation[] | undefined)[];
  /** Operators' runs so far. */
  runs: number;
  private sendings: number;
  /** Invocations of the payment processor since an operator's run began. */
  duringRun: number;
  /** Payments that SQS accepted, in its order; each once. */
  accepted: readonly ExploredPayment[];
  /** Payments that are still to be sent. */
  unsent: readonly ExploredPayment[];
  isPurged: boolean;
  /** The fraud API approves every payment. */
  isRepaired: boolean;
  /** Fingerprints of payments that an operator was told to be discarded. */
  discarded: ReadonlySet<string>;
  /**
   * Fingerprints of payments without a place in their account's order: SQS itself moved them to the dead-letter queue while nothing held
   * their account for them, or they were discarded.
   */
  displaced: ReadonlySet<string>;

  /** Field by field: a fork is made at each step, and `Object.assign` takes a fifth of the whole time. */
  private constructor(
    readonly scenario: Scenario,
    from?: World,
  ) {
    const time = { now: () => this.now };
    const onRedrive = (message: Queued) => {
      this.move(message);
    };
    this.now = from?.now ?? 0;
    this.records = from?.records.copy() ?? new ConditionalRecords();
    this.held = from?.held.copy() ?? new HeldAccounts();
    this.queue =
      from?.queue.copy(time, onRedrive) ??
      new FifoQueue(
        time,
        CHOICE,
        { maxReceiveCount: scenario.maxReceiveCount, batchSize: 10, visibilityTimeoutMs: PAYMENT_QUEUE_HIDES_MS },
        onRedrive,
      );
    this.deadLetters =
      from?.deadLetters.copy(time, () => undefined) ??
      new FifoQueue(
        time,
        CHOICE,
        { maxReceiveCount: Infinity, batchSize: 10, visibilityTimeoutMs: DEAD_LETTERS_HIDE_MS },
        () => undefined,
      );
    this.letters = from?.letters ?? new Map();
    this.running = from?.running ?? [];
    this.onFailedPayment = from?.onFailedPayment ?? scenario.onFailedPayment;
    this.faultsLeft = from?.faultsLeft ?? scenario.faults;
    this.redeliveriesLeft = from?.redeliveriesLeft ?? scenario.redeliveries;
    this.operations = from?.operations ?? scenario.operators.map(() => undefined);
    this.runs = from?.runs ?? 0;
    this.sendings = from?.sendings ?? 0;
    this.duringRun = from?.duringRun ?? 0;
    this.accepted = from?.accepted ?? [];
    this.unsent = from?.unsent ?? scenario.payments;
    this.isPurged = from?.isPurged ?? false;
    this.isRepaired = from?.isRepaired ?? false;
    this.discarded = from?.discarded ?? new Set();
    this.displaced = from?.displaced ?? new Set();
  }

  static begin(scenario: Scenario): World {
    const world = new World(scenario);
    for (const one of scenario.payments) if (!one.isLate) world.send(one);
    return world;
  }

  fork(): World {
    return new World(this.scenario, this);
  }

  send(payment: ExploredPayment): void {
    this.unsent = this.unsent.filter((one) => one !== payment);
    if (!this.accepted.some((one) => one.fingerprint === payment.fingerprint))
      this.accepted = [...this.accepted, payment];
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

  /** An operator has redriven a discarded payment by its id: it may be decided. */
  forgetDiscarded(fingerprint: string): void {
    if (this.discarded.has(fingerprint))
      this.discarded = new Set([...this.discarded].filter((one) => one !== fingerprint));
  }

  displace(fingerprint: string): void {
    this.displaced = new Set(this.displaced).add(fingerprint);
  }

  purge(): void {
    this.isPurged = true;
    this.deadLetters.messages.length = 0;
  }

  paymentOf({ body }: Pick<Queued, 'body'>): ExploredPayment {
    return this.accepted.find((one) => one.body === body)!;
  }

  /** Whether a letter of this payment is in the dead-letter queue. */
  hasLetter({ body }: ExploredPayment): boolean {
    return this.deadLetters.messages.some((letter) => letter.body === body);
  }

  isQueued({ body }: ExploredPayment): boolean {
    return this.queue.messages.some((message) => message.body === body);
  }

  isHeldFor({ message: { account_id }, fingerprint }: ExploredPayment): boolean {
    return this.held.read(account_id).some(({ content }) => fingerprint.startsWith(content));
  }

  /**
   * Worlds are equal in which a payment was decided after other attempts: nothing changes it any more, and of its history the cores, and the
   * invariants, ask only whether it failed, was parked or redriven, and that it has one decision. A review keeps its history: a resolution
   * continues the hashes, and an operator's answer is compared with it.
   */
  forgetHowDecided(): void {
    if (!isReduced(this.scenario, 'how decided')) return;
    for (const record of this.records.records.values()) {
      const isOver = isDecision(record.payment_status) && record.fraud?.decision !== 'review';
      if (!isOver || record.history[0]!.request_id === FORGOTTEN) continue;
      const end = record.history.at(-1)!;
      const start = {
        ...end,
        status: mayBeHeld(record) ? ('FAILED' as const) : ('PROCESSING' as const),
        attempt: 1,
        request_id: FORGOTTEN,
      };
      this.records.put({ ...record, attempts: 1, history: [start, { ...end, attempt: 1, request_id: FORGOTTEN }] });
    }
  }

  /** Equal for worlds in which the same can happen. */
  key(intern: (value: object | string) => number): string {
    const records = [...this.records.records.values()].map(intern).sort((a, b) => a - b);
    const accepted = this.accepted.map(({ message }) => `${message.account_id} ${message.transaction_id}`);
    const rest = [
      this.held.state,
      [...this.letters],
      this.onFailedPayment,
      this.operations,
      this.unsent.length,
      accepted,
      this.isPurged,
      this.isRepaired,
      [...this.discarded].sort(),
      [...this.displaced].sort(),
    ];
    const running = this.running.map(
      ({ name, state, messages }) =>
        `${name} ${state.key} ${messages.map(({ receiptHandle }) => receiptHandle).join(' ')}`,
    );
    const parts = [
      records.join(' '),
      intern(this.queue.state),
      intern(this.deadLetters.state),
      intern(JSON.stringify(rest)),
      this.runs,
      this.duringRun,
      this.faultsLeft,
      this.redeliveriesLeft,
      ...running.map(intern),
    ];
    return parts.join('|');
  }

  private move(message: Queued): void {
    const payment = this.paymentOf(message);
    if (!this.isHeldFor(payment)) this.displace(payment.fingerprint);
    this.addLetter(message.groupId, message.body, `moved ${message.messageId}`, { isMoved: true });
  }
}
