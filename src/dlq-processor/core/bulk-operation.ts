import type { PaymentIdentity, PaymentRecord } from '../../contract';
import { AccountHolds } from './account-holds';
import { parseDeadLetter, type ParsedDeadLetter, type RecordState, recordStateOf } from './dead-letter';
import type { BulkRequest } from './event';
import { type Invocation, type Services, timeIsLeft } from './invocation';
import { type DeadLetter, type Depth, ServiceError } from './ports';
import { SeenPayments, type RecordScanResult, RecordScanner } from './record-scanner';
import { codeOf, DeadLetterScanner, type StoppedBy, type ScanAction, type ScanResult } from './dead-letter-scanner';

/** What became of a letter. */
export type Result =
  | 'redriven'
  | 'discarded'
  /** The payment was decided, so that its letter is deleted. */
  | 'settled'
  /** Redrive leaves it: the fraud API refused it permanently, and would again. */
  | 'wouldFailAgain'
  /** Redrive leaves it: its account waits for a payment that stays, so it would be parked again. */
  | 'waiting'
  /** Redrive leaves it: an operator gave it up before. */
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
  /** Transaction ids of the payments that stay and that the `waiting` ones wait for: redrive or discard those first. At most 100. */
  readonly waitsFor: readonly string[];
  /** Transaction ids without a record, and maybe behind other dead letters of their account, which SQS does not show past. */
  readonly unreachable: readonly string[];
  /** Transaction ids for which there is nothing to do: no dead letter was seen, and the payment is not known, on its way, or at its end. */
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
/** A record that changes under our hands as often is left to a later run. */
const LOOKS = 3;
const NOTHING_LEFT = {
  wouldFailAgain: 0,
  waiting: 0,
  discardedBefore: 0,
  conflicting: 0,
  unreadable: 0,
  incomplete: 0,
  notSelected: 0,
};
const DRY_RUN_NOTE =
  'A dry run changes nothing, so it sees at most the first ten messages of each account; it hid them while it looked, and they are visible again.';

/** The two ways to end what the event selects. */
interface Action {
  visitLetter(letter: DeadLetter, parsed: ParsedDeadLetter): Promise<ScanAction>;
  /** Of a payment whose dead letter was not seen. */
  visitRecord(record: PaymentRecord): Promise<ScanAction | 'nothing to do'>;
}

/** One redrive or discard: which letters it is about, how many it may take, and what became of each. */
export class BulkOperation {
  readonly holds: AccountHolds;
  private readonly results = new Map<Result, Set<string>>();
  private readonly met = new SeenPayments();
  private readonly taken = new Set<string>();
  private readonly awaited = new Set<string>();

  constructor(
    private readonly request: BulkRequest,
    private readonly services: Services,
    private readonly invocation: Invocation,
  ) {
    this.holds = new AccountHolds(services, invocation);
  }

  /** Walks through the queue, and then through the records of what was not met there. */
  async run(action: Action): Promise<BulkAnswer> {
    const { request, met, holds, services, invocation } = this;
    const letters = await new DeadLetterScanner(services, invocation, (letter) => {
      const parsed = parseDeadLetter(letter);
      return this.isSelected(letter, parsed)
        ? action.visitLetter(letter, parsed)
        : Promise.resolve(this.leave('notSelected', letter.messageId));
    }).scan();
    const records = await new RecordScanner(request, met, letters, holds, services, invocation, (record) =>
      action.visitRecord(record),
    ).scan();
    return this.answer(letters, records);
  }

  /**
   * Acts on a payment as its record stands, and looks again when the record has changed meanwhile.
   * @param letter undefined when the payment is known by its record alone
   * @throws ServiceError when the record keeps changing
   */
  async actOn(
    identity: PaymentIdentity,
    letter: DeadLetter | undefined,
    act: (state: RecordState) => Promise<ScanAction | 'changed'>,
  ): Promise<ScanAction> {
    for (let look = 1; look <= LOOKS; look++) {
      const record = await this.services.payments.read(identity.transaction_id, this.invocation.signal);
      const visit = await act(recordStateOf(identity, letter, record));
      if (visit !== 'changed') return visit;
      this.holds.forget(identity.account_id);
    }
    throw new ServiceError('payment table', 'keep a record as it was read', 'RecordKeepsChanging');
  }

  /** Whether the event names this very payment, or message. */
  isAskedForById(...ids: readonly (string | undefined)[]): boolean {
    return ids.some((id) => id !== undefined && this.request.transactionIds?.has(id));
  }

  /** Whether the limit leaves room for this payment, or message; one counts once. */
  takeOne(id: string): boolean {
    if (!this.taken.has(id) && this.taken.size >= this.request.limit) return false;
    this.taken.add(id);
    return true;
  }

  /** Notes that a payment waits for this one. */
  waitsFor(transactionId: string): void {
    this.awaited.add(transactionId);
  }

  /** The transaction id of a letter belongs to another payment. */
  conflicts(identity: PaymentIdentity): void {
    this.met.conflicts(identity);
  }

  leave(verdict: Result, id: string): ScanAction {
    this.count(verdict, id);
    return 'kept';
  }

  count(verdict: Result, id: string): void {
    this.results.set(verdict, (this.results.get(verdict) ?? new Set()).add(id));
  }

  private isSelected({ messageId, groupId }: DeadLetter, parsed: ParsedDeadLetter): boolean {
    const { transactionIds, accountIds } = this.request;
    const ids = parsed.kind === 'payment' ? [parsed.payment.transaction_id, messageId] : [messageId];
    const isTarget = this.isAskedForById(...ids);
    this.met.add(messageId, parsed.kind === 'payment' ? parsed.identity : undefined);
    return (transactionIds === undefined || isTarget) && (accountIds === undefined || accountIds.has(groupId));
  }

  private async answer(
    { seen, errors }: ScanResult,
    { unreachable, notFound, error, stoppedBy }: RecordScanResult,
  ): Promise<BulkAnswer> {
    const { action, dryRun } = this.request;
    const allErrors = error === undefined ? errors : { ...errors, [error]: (errors[error] ?? 0) + 1 };
    return {
      action,
      dryRun,
      seen,
      redriven: this.countOf('redriven'),
      discarded: this.countOf('discarded'),
      settled: this.countOf('settled'),
      left: mapValues(NOTHING_LEFT, (_, verdict) => this.countOf(verdict)),
      leftIds: this.leftIds(),
      waitsFor: [...this.awaited].slice(0, MOST_IDS),
      unreachable,
      notFound,
      errors: allErrors,
      deadLetters: await this.depth(),
      more: stoppedBy !== undefined || Object.keys(allErrors).length > 0 || this.hasOpenedTheWay(),
      ...(stoppedBy && { stoppedBy }),
      ...(dryRun && { note: DRY_RUN_NOTE }),
    };
  }

  /** Whether what was left as waiting waits for a payment that has been redriven or discarded since. */
  private hasOpenedTheWay(): boolean {
    const ended = (['redriven', 'discarded', 'settled'] as const).flatMap((verdict) => [
      ...(this.results.get(verdict) ?? []),
    ]);
    return ended.some((id) => this.awaited.has(id));
  }

  /** What was done must be told, whether or not a service answers once more. */
  private async depth(): Promise<Depth | null> {
    if (!timeIsLeft(this.services, this.invocation)) return null;
    try {
      return await this.services.deadLetters.depth(this.invocation.signal);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.services.telemetry.warn('Answer incomplete', { error_code: codeOf(error) });
      return null;
    }
  }

  private leftIds(): BulkAnswer['leftIds'] {
    const named = [...this.results].filter(([verdict]) => verdict in NOTHING_LEFT && verdict !== 'notSelected');
    return Object.fromEntries(named.map(([verdict, ids]) => [verdict, [...ids].slice(0, MOST_IDS)]));
  }

  private countOf(verdict: Result): number {
    return this.results.get(verdict)?.size ?? 0;
  }
}

function mapValues<K extends string, V, W>(object: Readonly<Record<K, V>>, map: (value: V, key: K) => W): Record<K, W> {
  return Object.fromEntries(Object.entries<V>(object).map(([key, value]) => [key, map(value, key as K)])) as Record<
    K,
    W
  >;
}
