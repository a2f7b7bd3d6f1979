import type { StoppedBy } from './dead-letter-scanner';
import type { Depth } from './ports';

/** The result for a payment, or for a message. */
export type Result =
  | 'redriven'
  | 'discarded'
  /** The payment was decided, so that its dead letter is deleted. */
  | 'settled'
  /** Redrive leaves it: the fraud API refused it permanently, and would again; or it failed again since this run redrove it. */
  | 'wouldFailAgain'
  /** Redrive leaves it: its account is held by a payment that stays, so it would be parked again. */
  | 'waiting'
  /** Redrive leaves it: an operator discarded it before. */
  | 'discardedBefore'
  /** Redrive leaves it: its transaction id belongs to another payment. */
  | 'conflicting'
  /** Redrive leaves it: it is invalid. */
  | 'unreadable'
  /** Redrive leaves it: its dead letter has gone, and its record is of a version that did not store the whole message. */
  | 'incomplete'
  | 'notSelected';

type Left = Exclude<Result, 'redriven' | 'discarded' | 'settled'>;

/** What a redrive or a discard did. Payments are counted once each, however many copies the queue holds. */
export interface BulkAnswer {
  readonly action: 'redrive' | 'discard';
  /** ARN of the operator, as the event gave it. */
  readonly actor?: string;
  /** Nothing was changed: the counts say what would be done. */
  readonly dryRun: boolean;
  /** Messages that were received. */
  readonly seen: number;
  readonly redriven: number;
  readonly discarded: number;
  readonly settled: number;
  /** How many stay in the queue, and why. */
  readonly left: Readonly<Record<Left, number>>;
  /** Transaction ids, or message ids for conflicting and unreadable messages. At most 100 for each reason. */
  readonly leftIds: Readonly<Partial<Record<Left, readonly string[]>>>;
  /** Transaction ids of the payments that stay and that the `waiting` ones wait for: redrive or discard those first. At most 100. */
  readonly waitsFor: readonly string[];
  /** Transaction ids without a record, and maybe behind other dead letters of their account, which SQS does not show past. */
  readonly unreachable: readonly string[];
  /** Transaction ids for which there is nothing to do: no dead letter was seen, and the payment is not known, on its way, or at its end. */
  readonly notFound: readonly string[];
  /** Errors by service and code. The accounts concerned were left unchanged. */
  readonly errors: Readonly<Record<string, number>>;
  /**
   * The queue after the run. Messages in flight are those that others hold, and those that this run did not see. Null when no answer
   * came, or no time was left.
   */
  readonly deadLetters: Depth | null;
  /** Whether the same event has more to do. */
  readonly more: boolean;
  readonly stoppedBy?: StoppedBy;
  readonly note?: string;
}

const MOST_IDS = 100;
const NOTHING_LEFT: Readonly<Record<Left, number>> = {
  wouldFailAgain: 0,
  waiting: 0,
  discardedBefore: 0,
  conflicting: 0,
  unreadable: 0,
  incomplete: 0,
  notSelected: 0,
};

/** Counts the results of payments and messages. A payment counts once for each result. */
export class BulkResults {
  private readonly results = new Map<Result, Set<string>>();
  private readonly awaited = new Set<string>();

  add(result: Result, id: string): void {
    this.results.set(result, this.idsOf(result).add(id));
  }

  has(result: Result, id: string): boolean {
    return this.idsOf(result).has(id);
  }

  /** Records that a payment waits for this one. */
  addAwaited(transactionId: string): void {
    this.awaited.add(transactionId);
  }

  /** Whether what was left as waiting waits for a payment that has been redriven or discarded since. */
  get haveOpenedTheWay(): boolean {
    const ended = (['redriven', 'discarded', 'settled'] as const).flatMap((result) => [...this.idsOf(result)]);
    return ended.some((id) => this.awaited.has(id));
  }

  get counts(): Pick<BulkAnswer, 'redriven' | 'discarded' | 'settled' | 'left' | 'leftIds' | 'waitsFor'> {
    const left = Object.keys(NOTHING_LEFT) as Left[];
    const named = left.filter((result) => result !== 'notSelected' && this.results.has(result));
    return {
      redriven: this.idsOf('redriven').size,
      discarded: this.idsOf('discarded').size,
      settled: this.idsOf('settled').size,
      left: { ...NOTHING_LEFT, ...Object.fromEntries(left.map((result) => [result, this.idsOf(result).size])) },
      leftIds: Object.fromEntries(named.map((result) => [result, [...this.idsOf(result)].slice(0, MOST_IDS)])),
      waitsFor: [...this.awaited].slice(0, MOST_IDS),
    };
  }

  private idsOf(result: Result): Set<string> {
    return this.results.get(result) ?? new Set();
  }
}
