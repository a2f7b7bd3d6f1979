import type { WorkRequest } from './event';
import { type Invocation, type Services, timeIsLeft } from './invocation';
import { read, type Reading } from './dead-letter';
import { type DeadLetter, type Depth, ServiceError } from './ports';
import { DeadLetterWalk, type StoppedBy, type Visit, type Walked } from './walk';

/** What became of a letter. */
export type Verdict =
  | 'redriven'
  | 'discarded'
  /** The payment was decided, so that its letter is deleted. */
  | 'settled'
  /** Redrive leaves it: the fraud API refused it for good, and would again. */
  | 'wouldFailAgain'
  /** Redrive leaves it: it only waits for a payment that stays, and would be parked again. */
  | 'waiting'
  /** Redrive leaves it: an operator gave it up before. */
  | 'discardedBefore'
  /** Redrive leaves it: its transaction id belongs to another payment. */
  | 'conflicting'
  /** Redrive leaves it: it is no payment. */
  | 'unreadable'
  | 'notSelected';

type Left = Exclude<Verdict, 'redriven' | 'discarded' | 'settled'>;

/** What a redrive or a discard did. Payments are counted once each, however many copies the queue holds. */
export interface WorkAnswer {
  readonly action: 'redrive' | 'discard';
  /** Nothing was changed: the counts say what would be done. */
  readonly dryRun: boolean;
  /** Messages that were looked at. */
  readonly seen: number;
  readonly redriven: number;
  readonly discarded: number;
  readonly settled: number;
  /** How many stay in the queue, and why. */
  readonly left: Readonly<Record<Left, number>>;
  /** Which ones: transaction ids; of conflicting and unreadable messages, message ids. At most 100 each. */
  readonly leftIds: Readonly<Partial<Record<Left, readonly string[]>>>;
  /** Targets that stand behind others of their account, which SQS does not show past. */
  readonly unreachable: readonly string[];
  /** Targets without a message in the queue. */
  readonly notFound: readonly string[];
  /** What went wrong, by service and code; the accounts concerned were left as they are. */
  readonly errors: Readonly<Record<string, number>>;
  /** After the run; in flight is what others hold, and what this run did not see. Null when no answer came, or no time was left. */
  readonly deadLetters: Depth | null;
  /** Whether the same event has more to do. */
  readonly more: boolean;
  readonly stoppedBy?: StoppedBy;
  readonly note?: string;
}

const MOST_IDS = 100;
const NOTHING_LEFT = { wouldFailAgain: 0, waiting: 0, discardedBefore: 0, conflicting: 0, unreadable: 0, notSelected: 0 };
const DRY_RUN_NOTE =
  'A dry run changes nothing, so it sees at most the first ten messages of each account; it hid them while it looked, and they are visible again.';

/** One redrive or discard: which letters it is about, how many it may take, and what became of each. */
export class Worklist {
  private readonly verdicts = new Map<Verdict, Set<string>>();
  private readonly met = new Set<string>();
  private taken = 0;

  constructor(
    private readonly request: WorkRequest,
    private readonly services: Services,
    private readonly invocation: Invocation,
  ) {}

  /** Walks through the queue, and treats what the event selects. */
  async work(treat: (letter: DeadLetter, reading: Reading) => Promise<Visit>): Promise<WorkAnswer> {
    const walked = await new DeadLetterWalk(this.services, this.invocation, (letter) => {
      const reading = read(letter);
      return this.isSelected(letter, reading) ? treat(letter, reading) : Promise.resolve(this.keep('notSelected', letter.messageId));
    }).go();
    return this.answer(walked);
  }

  /** Whether the event names this very payment, or message. */
  isAskedForById(...ids: readonly string[]): boolean {
    return ids.some((id) => this.request.transactionIds?.has(id));
  }

  /** Whether the limit leaves room for one more. */
  takeOne(): boolean {
    if (this.taken >= this.request.limit) return false;
    this.taken++;
    return true;
  }

  keep(verdict: Verdict, id: string): Visit {
    this.count(verdict, id);
    return 'kept';
  }

  count(verdict: Verdict, id: string): void {
    this.verdicts.set(verdict, (this.verdicts.get(verdict) ?? new Set()).add(id));
  }

  private isSelected({ messageId, groupId }: DeadLetter, reading: Reading): boolean {
    const { transactionIds, accountIds } = this.request;
    const ids = reading.kind === 'payment' ? [reading.payment.transaction_id, messageId] : [messageId];
    const isTarget = this.isAskedForById(...ids);
    if (isTarget) for (const id of ids) this.met.add(id);
    return (transactionIds === undefined || isTarget) && (accountIds === undefined || accountIds.has(groupId));
  }

  private async answer(walked: Walked): Promise<WorkAnswer> {
    const { action, dryRun } = this.request;
    const { seen, errors } = walked;
    const { stoppedBy = walked.stoppedBy, ...targets } = await this.missingTargets(walked);
    return {
      action,
      dryRun,
      seen,
      redriven: this.countOf('redriven'),
      discarded: this.countOf('discarded'),
      settled: this.countOf('settled'),
      left: mapValues(NOTHING_LEFT, (_, verdict) => this.countOf(verdict)),
      leftIds: this.leftIds(),
      ...targets,
      errors,
      deadLetters: await this.depth(),
      more: stoppedBy !== undefined || Object.keys(errors).length > 0,
      ...(stoppedBy && { stoppedBy }),
      ...(dryRun && { note: DRY_RUN_NOTE }),
    };
  }

  /** A target that was not met is behind letters that stay, if its account has such; else it is not there. */
  private async missingTargets({ blockedAccounts, stoppedBy }: Walked): Promise<Pick<WorkAnswer, 'unreachable' | 'notFound' | 'stoppedBy'>> {
    const unreachable: string[] = [];
    const notFound: string[] = [];
    for (const id of this.request.transactionIds ?? []) {
      if (this.met.has(id) || stoppedBy !== undefined) continue; // a walk that was stopped may have missed anything
      if (!timeIsLeft(this.services, this.invocation)) return { unreachable, notFound, stoppedBy: 'deadline' };
      const record = await this.asked(this.services.payments.read(id, this.invocation.signal));
      if (record === 'no answer') return { unreachable, notFound, stoppedBy: 'error' };
      const maybeBehind = record === undefined ? blockedAccounts.size > 0 : blockedAccounts.has(record.account_id);
      (maybeBehind ? unreachable : notFound).push(id);
    }
    return { unreachable, notFound };
  }

  private async depth(): Promise<Depth | null> {
    if (!timeIsLeft(this.services, this.invocation)) return null;
    const depth = await this.asked(this.services.deadLetters.depth(this.invocation.signal));
    return depth === 'no answer' ? null : depth;
  }

  /** What was done must be told, whether or not a service answers once more. */
  private async asked<T>(answer: Promise<T>): Promise<T | 'no answer'> {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.services.telemetry.warn('Answer incomplete', { error_code: `${error.service}: ${error.code}` });
      return 'no answer';
    }
  }

  private leftIds(): WorkAnswer['leftIds'] {
    const named = [...this.verdicts].filter(([verdict]) => verdict in NOTHING_LEFT && verdict !== 'notSelected');
    return Object.fromEntries(named.map(([verdict, ids]) => [verdict, [...ids].slice(0, MOST_IDS)]));
  }

  private countOf(verdict: Verdict): number {
    return this.verdicts.get(verdict)?.size ?? 0;
  }
}

function mapValues<K extends string, V, W>(object: Readonly<Record<K, V>>, map: (value: V, key: K) => W): Record<K, W> {
  return Object.fromEntries(Object.entries<V>(object).map(([key, value]) => [key, map(value, key as K)])) as Record<K, W>;
}
